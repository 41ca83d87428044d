/**
 * A simulated node: the product's own agents, journal, consensus, state machine and sessions, wired to a virtual world.
 *
 * <p>What is real: {@code InboundAgent} with its request gate and sessions, {@code ConsensusAgent}, {@code ForceAgent},
 * {@code Journal} with its recovery and recycling, {@code ApplyAgent}, {@code StateMachine} and {@code QueryAgent}. What is not:
 * Aeron is a {@link io.grape.simulation.world.VirtualNetwork}, the disk a {@link io.grape.simulation.world.VirtualDisk}, threads
 * are turns drawn from the seed, points lie in memory instead of mapped files, and so do snapshots, which are durable the moment
 * they are taken: the files of checkpoints, their writing and their checks are not simulated. A node has one pipeline with one
 * group, and forces before it answers.
 */
@NullMarked
package io.grape.simulation.node;

import org.jspecify.annotations.NullMarked;
