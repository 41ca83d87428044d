/**
 * Replication beside peers: an entry of opaque bytes is offered by one client process to three member processes and counts when
 * its commit is acknowledged. Contenders take turns on the same machine, at the same durability and with the same idle strategy.
 *
 * <p>{@code ReplicationBenchmark} starts members and clients; {@code ClientMain} is the client process; {@code LoadLoop} is what
 * all contenders have in common.
 */
@NullMarked
package io.grape.benchmarks.replication;

import org.jspecify.annotations.NullMarked;
