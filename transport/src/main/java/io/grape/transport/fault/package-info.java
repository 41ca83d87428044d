/**
 * What goes wrong between nodes on purpose: loss, duplication, delay and one-way cuts, from a seed.
 *
 * <p>Off by default. Called by the thread that sends to peers; the controls may be turned from any thread. It knows
 * peers by number and messages as bytes.
 */
@NullMarked
package io.grape.transport.fault;

import org.jspecify.annotations.NullMarked;
