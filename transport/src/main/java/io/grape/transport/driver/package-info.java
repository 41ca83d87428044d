/**
 * The media driver: one inside this process or one that runs already, where its files lie, and how its threads wait.
 *
 * <p>Called at start and stop, from any thread. It knows directories, sockets' limits and Aeron's own settings; it knows
 * no stream and no peer.
 */
@NullMarked
package io.grape.transport.driver;

import org.jspecify.annotations.NullMarked;
