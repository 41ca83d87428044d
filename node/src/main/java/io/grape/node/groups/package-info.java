/**
 * The Raft groups that a node holds: what each one replicates beside points, and what keeps them in step with group 0.
 *
 * <pre>
 *  group 0   names of collections, shard table      (ClusterState)   its log is the only arbiter
 *     |  applied on every node
 *     v
 *  CatalogSpreader: whoever leads a data group proposes what group 0 says into it
 *     v
 *  group 1..G   points, clients, shards it owns     (OwnedShards)    judged by its own log alone
 * </pre>
 *
 * <p>A data group never looks at group 0 when it applies an entry: replicas would differ by how far each has applied group 0.
 */
@NullMarked
package io.grape.node.groups;

import org.jspecify.annotations.NullMarked;
