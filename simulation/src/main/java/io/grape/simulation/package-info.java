/**
 * The whole cluster under one seed: nodes on a virtual network, virtual disks and a virtual clock.
 *
 * <p>Everything runs on the caller's thread; nothing here reads the machine's clock, its files or its network. The same
 * seed gives the same history, byte for byte.
 */
@NullMarked
package io.grape.simulation;

import org.jspecify.annotations.NullMarked;
