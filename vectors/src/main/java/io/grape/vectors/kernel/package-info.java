/**
 * Distances between one query and many rows, in SIMD and in plain Java.
 *
 * <p>A kernel is stateless: any thread. It reads memory it is given and knows no files, ids or tombstones. Rows and
 * queries are padded with zeros to {@link io.grape.vectors.kernel.DistanceKernel#ROW_ALIGNMENT_BYTES}, so there is no
 * tail loop; a masked tail was measured three times slower.
 */
@NullMarked
package io.grape.vectors.kernel;

import org.jspecify.annotations.NullMarked;
