/**
 * A simulated node: the product's own agents, journal, consensus, state machine and sessions, wired to a virtual world.
 *
 * <p>What is real: {@code InboundAgent} with its request gate and sessions, {@code ConsensusAgent}, {@code ForceAgent},
 * {@code Journal}, {@code ApplyAgent}, {@code StateMachine} and {@code QueryAgent}. What is not: Aeron is a
 * {@link io.grape.simulation.world.VirtualNetwork}, the disk a {@link io.grape.simulation.world.VirtualDisk}, threads are turns
 * drawn from the seed, and points lie in a {@link io.grape.simulation.node.MemoryStore} instead of mapped files.
 */
@NullMarked
package io.grape.simulation.node;

import org.jspecify.annotations.NullMarked;
