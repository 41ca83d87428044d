/**
 * What to move so that nodes hold, lead and work their shares: a pure function from the state of the cluster to a plan.
 *
 * <pre>
 *   Planner.plan(request) --CountBalancer--> replicas by quota, moving the least that can be moved
 *                         --LeaderBalance--> leaders by quota; transfers move no data
 *                         --LoadBalancer --> exchanges between hot and cold nodes, which keep the counts
 *                         --> Plan: moves with their reasons, deviations before and after, the bound, explain()
 * </pre>
 *
 * <p>Equal input gives an equal plan on any thread of any node. The planner moves nothing itself and knows no clock: when
 * a plan is wanted is {@link io.grape.shards.planner.RebalanceTrigger}'s to say, and carrying it out is the caller's.
 */
@NullMarked
package io.grape.shards.planner;

import org.jspecify.annotations.NullMarked;
