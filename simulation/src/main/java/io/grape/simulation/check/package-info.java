/**
 * What must hold of a simulated cluster after every step: the safety properties of the Raft paper, figure 3, durability on a
 * quorum of disks, equal states, and no acknowledged write lost.
 *
 * <p>Looks at nodes from outside and keeps a memory of all that ever was.
 */
@NullMarked
package io.grape.simulation.check;

import org.jspecify.annotations.NullMarked;
