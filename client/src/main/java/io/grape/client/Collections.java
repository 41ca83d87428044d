package io.grape.client;

import io.grape.client.session.ClientCore;
import io.grape.client.session.RequestSlot;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.CollectionsReplyDecoder;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.Metric;
import io.grape.codecs.sbe.StatusReplyDecoder;
import io.grape.codecs.sbe.WriteReplyDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes, removes and lists collections: group 0 knows their names, the data groups hold their points and learn of a new one a
 * moment later.
 */
final class Collections {
    private static final int METADATA = 0;
    private static final long LOOK_AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(2);

    private final ClientCore core;
    private final RequestEncoder[] encoders;
    private final GroupCalls calls;
    private final long timeoutNs;

    Collections(ClientCore core, RequestEncoder[] encoders, GroupCalls calls, long timeoutNs) {
        this.core = core;
        this.encoders = encoders;
        this.calls = calls;
        this.timeoutNs = timeoutNs;
    }

    /** Makes a collection and waits until every data group has it, so that the next write finds it wherever it goes. */
    int create(String name, int dimension, Metric metric) {
        long deadlineNs = System.nanoTime() + timeoutNs;
        RequestSlot slot = core.acquire(timeoutNs);
        int length = encoders[slot.index()].create(slot.buffer(), name, dimension, metric);
        int id = GrapeClient.await(submitWrite(slot, length)).changed();
        for (int group : calls.dataGroups()) {
            awaitIn(group, id, name, deadlineNs);
        }
        return id;
    }

    private void awaitIn(int group, int id, String name, long deadlineNs) {
        while (GrapeClient.await(listOf(group, RequestSlot.LEADER, Consistency.LINEARIZABLE)).stream()
                .noneMatch(each -> each.id() == id)) {
            if (System.nanoTime() - deadlineNs >= 0) {
                throw new GrapeException(
                        ErrorCode.TIMED_OUT,
                        "The collection '" + name + "' was made, and group " + group
                                + " has not heard of it within the deadline; create it again to wait longer.");
            }
            LockSupport.parkNanos(LOOK_AGAIN_NS);
        }
    }

    void drop(int collectionId) {
        RequestSlot slot = core.acquire(timeoutNs);
        int length = encoders[slot.index()].drop(slot.buffer(), collectionId);
        GrapeClient.await(submitWrite(slot, length));
    }

    /** Lets a node join, or leave if the endpoint is empty. */
    void changeNode(int nodeId, String endpoint) {
        RequestSlot slot = core.acquire(timeoutNs);
        int length = encoders[slot.index()].changeNode(slot.buffer(), nodeId, endpoint);
        GrapeClient.await(submitWrite(slot, length));
    }

    private CompletableFuture<WriteResult> submitWrite(RequestSlot slot, int length) {
        FutureReply<WriteResult> reply = new FutureReply<>(WriteReplyDecoder.TEMPLATE_ID, ReplyDecoder::write);
        core.submit(slot, length, true, RequestSlot.LEADER, METADATA, reply, timeoutNs);
        return reply;
    }

    /** Returns the collections of group 0, with the points that the data groups hold. */
    CompletableFuture<List<CollectionInfo>> list(int target, Consistency consistency) {
        List<CompletableFuture<List<CollectionInfo>>> held = new ArrayList<>();
        CompletableFuture<List<CollectionInfo>> named = listOf(METADATA, target, consistency);
        for (int group : calls.dataGroups()) {
            held.add(listOf(group, target, consistency));
        }
        return CompletableFuture.allOf(held.toArray(CompletableFuture<?>[]::new))
                .thenCombine(
                        named,
                        (done, all) ->
                                all.stream().map(each -> withPoints(each, held)).toList());
    }

    private static CollectionInfo withPoints(CollectionInfo named, List<CompletableFuture<List<CollectionInfo>>> held) {
        long points = held.stream()
                .flatMap(group -> group.join().stream())
                .filter(each -> each.id() == named.id())
                .mapToLong(CollectionInfo::points)
                .sum();
        return new CollectionInfo(
                named.id(), named.name(), named.dimension(), named.metric(), named.elementType(), points);
    }

    private CompletableFuture<List<CollectionInfo>> listOf(int group, int target, Consistency consistency) {
        RequestSlot slot = core.acquire(timeoutNs);
        int length = encoders[slot.index()].list(slot.buffer(), consistency, group);
        FutureReply<List<CollectionInfo>> reply =
                new FutureReply<>(CollectionsReplyDecoder.TEMPLATE_ID, ReplyDecoder::collections);
        core.submit(slot, length, false, target, group, reply, timeoutNs);
        return reply;
    }

    /** Asks the leader of group 0 to begin to hand a shard over. */
    CompletableFuture<WriteResult> moveShard(int shard, int destination) {
        RequestSlot slot = core.acquire(timeoutNs);
        int length = encoders[slot.index()].moveShard(slot.buffer(), shard, destination);
        FutureReply<WriteResult> reply = new FutureReply<>(WriteReplyDecoder.TEMPLATE_ID, ReplyDecoder::write);
        core.submit(slot, length, false, RequestSlot.LEADER, METADATA, reply, timeoutNs);
        return reply;
    }

    /** Asks a node about one of its groups. */
    CompletableFuture<NodeStatus> status(int group, int target) {
        RequestSlot slot = core.acquire(timeoutNs);
        int length = encoders[slot.index()].status(slot.buffer());
        FutureReply<NodeStatus> reply = new FutureReply<>(StatusReplyDecoder.TEMPLATE_ID, ReplyDecoder::status);
        core.submit(slot, length, false, target, group, reply, timeoutNs);
        return reply;
    }
}
