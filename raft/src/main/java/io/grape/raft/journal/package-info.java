/**
 * The write-ahead journal: one for a pipeline, shared by its Raft groups, so that one write and one force serve them all.
 *
 * <p>Three threads meet here. The pipeline's stages records through {@link io.grape.raft.journal.GroupLog} and flushes them
 * with {@link io.grape.raft.journal.Journal#flush}; the force thread makes them durable through
 * {@link io.grape.raft.journal.ForceAgent}; the apply thread reads committed entries straight from the mapped segments. A
 * background thread prepares segments.
 *
 * <pre>
 *   core --append--&gt; GroupLog --stage--&gt; BatchFrame --flush: one write--&gt; Segment
 *                                                                          | force (ForceAgent)
 *   apply &lt;----------- LogEntry, a view of the mapping -------------------+
 * </pre>
 *
 * <p>It never learns what an entry means, who leads, or that there is a network. {@code docs/spec/journal.md} holds the
 * format.
 */
@NullMarked
package io.grape.raft.journal;

import org.jspecify.annotations.NullMarked;
