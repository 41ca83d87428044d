/**
 * How much each shard works: counters on the paths of reads and writes, and their moving averages for the planner.
 *
 * <p>Each thread that serves shards owns a tracker; whoever plans takes samples on that same thread and adds them up.
 */
@NullMarked
package io.grape.shards.load;

import org.jspecify.annotations.NullMarked;
