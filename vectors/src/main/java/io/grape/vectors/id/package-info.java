/**
 * The off-heap, persisted map from a point's id to its row: Chronicle Map, grown by rebuild.
 *
 * <p>Derived state: it can always be rebuilt from the segments, and is, when it does not match them. The store's writer
 * changes it; any pinned reader looks ids up. Nothing here knows vectors or files other than the map's own.
 */
@NullMarked
package io.grape.vectors.id;

import org.jspecify.annotations.NullMarked;
