/**
 * What clients do to a simulated cluster: the client's real session and retry core on the virtual network, random requests, and
 * a record of what was asked and answered.
 */
@NullMarked
package io.grape.simulation.workload;

import org.jspecify.annotations.NullMarked;
