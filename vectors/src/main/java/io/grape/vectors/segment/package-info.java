/**
 * Off-heap, file-backed storage of rows and payloads, and what makes sharing it safe: the disk budget, the manifest
 * of a checkpoint, and the pins that keep a file mapped while a reader is inside it.
 *
 * <p>One thread writes; any thread reads what was published. Nothing here knows ids' meaning, queries or indexes.
 */
@NullMarked
package io.grape.vectors.segment;

import org.jspecify.annotations.NullMarked;
