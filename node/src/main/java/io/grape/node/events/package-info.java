/**
 * What Java Flight Recorder is told: rare events that explain a latency, each with what it is about.
 *
 * <p>They cost next to nothing while nobody records. Written by the thread on which they happen; none is on the way of every
 * write or search.
 */
@NullMarked
package io.grape.node.events;

import org.jspecify.annotations.NullMarked;
