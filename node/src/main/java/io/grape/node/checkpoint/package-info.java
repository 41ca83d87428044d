/**
 * Checkpoints of a group's state: taken beside the running node, mapped again at the next start, streamed to followers.
 *
 * <p>{@link CheckpointAgent} shares the apply thread and captures a moment there; {@link Checkpointer}, a thread of its own,
 * forces the stores' files and writes the manifest; {@link GroupSnapshots} is what the consensus core sees, on the
 * pipeline's thread. {@link CheckpointRecovery} runs before any of them. Nothing here knows Aeron.
 */
@NullMarked
package io.grape.node.checkpoint;

import org.jspecify.annotations.NullMarked;
