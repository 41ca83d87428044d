/**
 * The replicated state machine: collections, their points, and what each client has already had applied.
 *
 * <p>The apply agent is the only writer; queries read the catalog's snapshot and the stores on their own threads. It is
 * deterministic: no clock, no randomness, no hash order that shows. It knows no Raft and no Aeron.
 */
@NullMarked
package io.grape.node.state;

import org.jspecify.annotations.NullMarked;
