package io.grape.raft.pipeline;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.EntryType;
import io.grape.raft.core.RaftGroup;
import io.grape.raft.core.RaftOutput;
import io.grape.raft.core.ReadResults;
import io.grape.raft.core.Role;
import org.agrona.DirectBuffer;

/**
 * Commands and reads of clients, for all groups of a pipeline: taken, held, answered.
 *
 * <p>Thread: the pipeline. Allocates nothing in steady state.
 */
final class ClientRequests {
    private final GroupTable groups;
    private final RequestSink sink;
    private final PipelineCounters counters;
    private final PendingReads reads;
    private final long readTimeoutNs;
    private final RaftOutput output;

    /** @param output that the groups' effects go to */
    ClientRequests(
            GroupTable groups, RequestSink sink, PipelineConfig config, PipelineCounters counters, RaftOutput output) {
        this.groups = groups;
        this.sink = sink;
        this.counters = counters;
        this.output = output;
        this.readTimeoutNs = config.readTimeoutNs();
        this.reads = new PendingReads(config.maxPendingReads());
    }

    /** A request for a group that is not here: whoever sent it must look at its route again. */
    @HotPath
    void refuseUnknownGroup(InboundSlot event) {
        counters.countUnknownGroup();
        sink.refused(event.sessionId, event.correlationId, RequestSink.NOT_LEADER, RaftGroup.NO_NODE);
    }

    @HotPath
    void refuseForWantOfStorage(InboundSlot event) {
        counters.countRefusedProposal();
        sink.refused(event.sessionId, event.correlationId, RequestSink.STORAGE_FULL, groups.nodeId());
    }

    @HotPath
    void propose(RaftGroup group, InboundSlot event, DirectBuffer body, int offset, long nowNs) {
        long index = group.propose(EntryType.COMMAND.value(), body, offset, event.length, nowNs, output);
        if (index < 0) {
            counters.countRefusedProposal();
            sink.refused(event.sessionId, event.correlationId, reasonOf(index), group.leaderNodeId());
        } else {
            counters.countProposal();
        }
    }

    @HotPath
    private static int reasonOf(long refusal) {
        if (refusal == RaftGroup.NOT_LEADER) {
            return RequestSink.NOT_LEADER;
        }
        return refusal == RaftGroup.TOO_LARGE ? RequestSink.TOO_LARGE : RequestSink.BACK_PRESSURE;
    }

    @HotPath
    void read(GroupSlot group, InboundSlot event, DirectBuffer body, int offset, long nowNs) {
        if (event.freshness == Freshness.LINEARIZABLE) {
            linearizableRead(group, event, body, offset, nowNs);
            return;
        }
        long required = event.freshness == Freshness.LOCAL ? 0 : event.minIndex;
        if (required <= group.appliedIndex() && sink.readReady(group.groupId(), body, offset, event.length)) {
            return;
        }
        if (reads.add(event, group, body, offset, required, nowNs + readTimeoutNs) < 0) {
            refuseRead(group, event, RequestSink.BACK_PRESSURE);
        }
    }

    @HotPath
    private void linearizableRead(GroupSlot group, InboundSlot event, DirectBuffer body, int offset, long nowNs) {
        if (group.group.role() != Role.LEADER) {
            refuseRead(group, event, RequestSink.NOT_LEADER);
            return;
        }
        long token = reads.add(event, group, body, offset, -1, nowNs + readTimeoutNs);
        if (token < 0) {
            refuseRead(group, event, RequestSink.BACK_PRESSURE);
        } else if (!group.group.readIndex(token, nowNs, output)) {
            reads.failed(token, sink, RequestSink.BACK_PRESSURE);
        }
    }

    @HotPath
    private void refuseRead(GroupSlot group, InboundSlot event, int reason) {
        counters.countRefusedRead();
        sink.refused(event.sessionId, event.correlationId, reason, group.leaderNodeId());
    }

    /** Takes what the cores found out about reads. */
    @HotPath
    void onResults(ReadResults results) {
        for (int i = 0; i < results.confirmedCount(); i++) {
            reads.confirmed(results.confirmedToken(i), results.confirmedIndex(i));
        }
        for (int i = 0; i < results.failedCount(); i++) {
            reads.failed(results.failedToken(i), sink, RequestSink.NOT_LEADER);
        }
    }

    /** Releases the reads that may be answered now; returns the work done. */
    @HotPath
    int poll(long nowNs) {
        return reads.poll(nowNs, sink);
    }
}
