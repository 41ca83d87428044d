/**
 * Who votes, who learns. Called by the core on the pipeline's thread; knows nothing of messages, logs or roles.
 */
@NullMarked
package io.grape.raft.core.membership;

import org.jspecify.annotations.NullMarked;
