/**
 * Which nodes hold which shard: exact quotas, and the first filling of the table from the ring's order under them.
 *
 * <p>The same code places S shards on groups (one owner each) and G groups on nodes (RF replicas each); what is placed
 * is called a unit here. Pure functions and immutable values, for whoever plans; not on a request's path, no I/O, no
 * clock.
 */
@NullMarked
package io.grape.shards.table;

import org.jspecify.annotations.NullMarked;
