/**
 * Whether a history is linearizable: whether one order of its operations explains every answer, with each operation
 * taking effect at one moment between its call and its answer.
 *
 * <p>The search is that of Wing and Gong ("Testing and verifying concurrent objects", 1993) with what Lowe added to it
 * ("Testing for linearizability", 2017): histories are partitioned by key, configurations (operations linearized, state)
 * that were left without success are not entered again, operations are linearized when an answer demands it, and the
 * calls and answers lie in a linked list from which a linearized operation is lifted and to which it is returned.
 *
 * <h2>What is checked of one point</h2>
 *
 * The point is absent or holds a value and a version; the version of a point is the log index that stored it, and the
 * log indices of the writes on a point rise strictly with their order. {@link io.grape.simulation.linearizability.PointModel}
 * says which call may end how in which state. An operation of unknown outcome may be given any place after its call, once,
 * or none; if it has one, it may have any version that fits.
 *
 * <p>A linearizable read keeps to real time on both sides. <b>A read at a position</b> ({@code ReadAt}: a search or get that
 * may be stale) names the position p that it saw, and p is not below the one asked for. It must show the point as it was at p:
 * as the last of the writes with index at most p left it. It may be as old as it likes, but it cannot show a write that was
 * called after it was answered. So it is an operation that was called before everything else, and its place is
 * given by p. With {@link io.grape.simulation.linearizability.history.History.Positions#AT_LEAST} p is a lower bound only:
 * all writes with index at most p show, later ones may. The positions that linearizable operations name never go back:
 * whoever saw position p has every later write at an index above p.
 *
 * <h2>What is not checked</h2>
 *
 * Points are checked one by one. A set of points is linearizable if each of them is (Herlihy and Wing, 1990, theorem 1), but
 * a batch or a search over several points is one operation in the store and several here: that its parts share one moment
 * is checked only as far as answers name versions and positions, which must agree with one order of the log for each
 * point. Scores and the order of hits are not looked at.
 *
 * <p>Entry point: {@link io.grape.simulation.linearizability.LinearizabilityChecker}. Single-threaded, deterministic, no I/O.
 */
@NullMarked
package io.grape.simulation.linearizability;

import org.jspecify.annotations.NullMarked;
