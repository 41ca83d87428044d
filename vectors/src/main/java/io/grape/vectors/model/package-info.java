/**
 * The words every part of the vector module shares: metric, shape, input checks, refusals.
 *
 * <p>Values only; any thread may use them. Nothing here knows files, memory or search.
 */
@NullMarked
package io.grape.vectors.model;

import org.jspecify.annotations.NullMarked;
