/**
 * What every part of Grape must agree on byte by byte: the SBE schema and the flyweights generated from it.
 *
 * <p>The schema is {@code src/main/sbe/grape-codecs.xml}; {@code io.grape.codecs.sbe} is generated at build time and
 * never edited. Anyone on any thread may use a flyweight that it owns. This module knows nothing of the other modules.
 */
@NullMarked
package io.grape.codecs;

import org.jspecify.annotations.NullMarked;
