/**
 * Aeron: one endpoint a node, streams for clients, replies, Raft and bulk data, and what can go wrong with each offer.
 *
 * <p>Adapters bring messages in and are polled by one agent thread; publishers take messages out and say what became
 * of every offer. The package knows bytes, channels and peers; it never looks into a message.
 */
@NullMarked
package io.grape.transport;

import org.jspecify.annotations.NullMarked;
