/**
 * What clients did to points and what they were told: a history, recorded, written down and read back.
 *
 * <p>An operation concerns one point. A batch is recorded as one operation for each of its points, with the same times and
 * the same version; a search as one read for each point about which it says something: the points among its hits, and,
 * when it compared every point and k is at least their number, the points that are not among them.
 *
 * <p>Times are numbers of one clock that all recording threads share and that never goes back: nanoseconds, or the
 * simulator's step. Operations with equal times count as concurrent. Every kind of call has one of three ends: the
 * outcome is known; the call certainly did nothing ({@link io.grape.simulation.linearizability.history.Outcome.Failed});
 * or nobody knows, so that it may take effect at any later time, once, or never
 * ({@link io.grape.simulation.linearizability.history.Outcome.Unknown}, which is also where every call starts).
 */
@NullMarked
package io.grape.simulation.linearizability.history;

import org.jspecify.annotations.NullMarked;
