/**
 * Answers reads, on a thread of its own, once the pipeline has said that the state is new enough for them.
 *
 * <p>It reads the state machine's catalog snapshot and the stores through readers that never block the writer.
 */
@NullMarked
package io.grape.node.query;

import org.jspecify.annotations.NullMarked;
