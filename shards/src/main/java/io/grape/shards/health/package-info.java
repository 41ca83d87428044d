/**
 * Who seems to be down, and how well shards and the cluster are: hints for routing, planning and people.
 *
 * <p>Nothing here decides anything that safety depends on; that is the consensus core's part. One thread owns a detector
 * and feeds it heartbeats and the time; the summaries are pure functions.
 */
@NullMarked
package io.grape.shards.health;

import org.jspecify.annotations.NullMarked;
