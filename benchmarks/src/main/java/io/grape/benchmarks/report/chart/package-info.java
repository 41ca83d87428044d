/**
 * Pictures of figures as SVG files: lines and bars over plain data, readable on light and on dark pages.
 *
 * <p>One thread. Knows nothing of what is measured; the same data gives the same bytes.
 */
@NullMarked
package io.grape.benchmarks.report.chart;

import org.jspecify.annotations.NullMarked;
