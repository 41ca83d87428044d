/**
 * Moving a group's replica from one node to another: learner, snapshot, caught up, joint change, leave, remove.
 *
 * <pre>
 *   to:    nobody -- learner ---- catches up ---- voter --------------------
 *   from:  voter, perhaps leader -- follower ---- no member -- its files are deleted
 * </pre>
 *
 * <p>Pure functions over what a group's leader says of its members; there is one actor a group, and it keeps nothing, so another one
 * can go on at any step. Raft itself is asked by whoever calls this, with the index of the configuration that was looked at: a
 * change made in between turns the request away.
 */
@NullMarked
package io.grape.shards.replicas;

import org.jspecify.annotations.NullMarked;
