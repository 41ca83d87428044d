/**
 * Chaos on real processes: nodes are killed, paused, cut off, slowed, wiped and starved of disk on a seeded schedule while clients
 * write and read; what the clients were told is then held against what is there.
 *
 * <p>{@code ChaosRun} conducts on one thread; each client has its own; {@code ChaosNode} is the main class of the node processes, where
 * {@code NodeFaults} is read. {@code BrokenBuild} makes nodes with a known defect, to see that a run notices.
 */
@NullMarked
package io.grape.benchmarks.chaos;

import org.jspecify.annotations.NullMarked;
