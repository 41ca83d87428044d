/**
 * How a search is to be done: how wide, how late, and which points it may find.
 *
 * <p>Values that a caller fills and a searcher reads; reusable, owned by one thread at a time. Nothing here knows a store.
 */
@NullMarked
package io.grape.vectors.query;

import org.jspecify.annotations.NullMarked;
