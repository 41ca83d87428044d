package io.grape.raft.pipeline;

import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.Sequence;
import io.grape.codecs.FaultException;
import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.EntryType;
import io.grape.raft.core.MessageList;
import io.grape.raft.core.RaftGroup;
import io.grape.raft.core.RaftOutput;
import io.grape.raft.core.ReadResults;
import io.grape.raft.core.Role;
import io.grape.raft.journal.GroupLog;
import io.grape.raft.journal.Journal;
import java.util.function.LongSupplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns a group's consensus state and the writing side of the journal; turns a batch of events into effects in the one
 * order that is safe.
 *
 * <p>One turn: (1) what became durable is counted and releases the messages that waited for it; (2) the ring is drained
 * into the core; (3) what needs no disk leaves; (4) everything staged goes to the journal in one write, and what depends
 * on it is held; (5) the commit, as far as it is written here, is published to the apply agent.
 *
 * <p>Raft (extended version), section 5; side-by-side append and replication: Ongaro's thesis, section 10.2.1.
 * Thread: the pipeline's only. Allocates nothing in steady state.
 */
public final class ConsensusAgent implements Agent {
    private static final Logger LOG = LoggerFactory.getLogger(ConsensusAgent.class);

    /** Events taken in one turn: bounds the batch, and with it the time between two looks at the clock. */
    private static final int BATCH_LIMIT = 512;

    private static final int OUTBOX_BYTES = 1 << 20;
    private static final int FLUSH_MARKS = 4096;

    private final RaftGroup group;
    private final GroupLog log;
    private final Journal journal;
    private final InboundRing inbound;
    private final LongSupplier durablePosition;
    private final PipelinePorts ports;
    private final PipelineConfig config;
    private final NanoClock clock;
    private final GroupStatus status = new GroupStatus();
    private final Sequence published = new Sequence(0);
    private final Sequence applied;
    private final PipelineCounters counters = new PipelineCounters();

    private final RaftOutput output = new RaftOutput();
    private final DurableOutbox outbox = new DurableOutbox(OUTBOX_BYTES);
    private final FlushMarks marks = new FlushMarks(FLUSH_MARKS);
    private final PendingReads reads;
    private final EventPoller.Handler<InboundSlot> onSlot = this::onSlot;

    private final int emptyBatchBytes;
    private final int reservedBatchBytes;

    private long nowNs;
    private boolean storageFull;
    private long nextTickNs;
    private long flushedPosition;
    private long arenaEnd;
    private int taken;

    /**
     * @param group           the core
     * @param journal         whose writing side this agent owns from now on
     * @param inbound         what it consumes
     * @param durablePosition journal position that is durable by the sync policy
     * @param applied         index up to which the apply agent has applied
     * @param ports           where effects go
     * @param config          intervals and limits
     */
    public ConsensusAgent(
            RaftGroup group,
            Journal journal,
            InboundRing inbound,
            LongSupplier durablePosition,
            Sequence applied,
            PipelinePorts ports,
            PipelineConfig config) {
        this.group = group;
        this.journal = journal;
        this.log = journal.group(group.config().groupId());
        this.inbound = inbound;
        this.durablePosition = durablePosition;
        this.applied = applied;
        this.ports = ports;
        this.config = config;
        this.clock = ports.clock();
        this.reads = new PendingReads(config.maxPendingReads());
        this.flushedPosition = journal.writtenPosition();
        this.emptyBatchBytes = journal.remainingBatchBytes();
        // Whatever the next event stages must fit: an append of the longest kind, its record headers, a truncation.
        this.reservedBatchBytes = Math.min(emptyBatchBytes / 2, 512 * 1024);
        published.set(Math.min(group.commitIndex(), log.writtenIndex()));
        publishLeadership();
    }

    /** Returns what other threads may know of the group. */
    public GroupStatus status() {
        return status;
    }

    /** Returns the index up to which entries may be applied. */
    public Sequence published() {
        return published;
    }

    /** Returns the pipeline's counters. */
    public PipelineCounters counters() {
        return counters;
    }

    @Override
    @HotPath
    public int doWork() throws Exception {
        nowNs = clock.nanoTime();
        int work = onDurable();

        taken = 0;
        if (journal.remainingBatchBytes() > reservedBatchBytes) {
            inbound.poller().poll(onSlot);
        }
        if (taken > 0) {
            inbound.arena().releaseBelow(arenaEnd);
            work += taken;
        }
        if (nowNs - nextTickNs >= 0) {
            group.tick(nowNs, output);
            nextTickNs = nowNs + config.tickIntervalNs();
        }
        group.endOfBatch(nowNs, output);
        work += emit();
        work += reads.poll(applied.get(), nowNs, ports.requests());
        publish();
        return work;
    }

    @HotPath
    private int onDurable() {
        long durable = durablePosition.getAsLong();
        int work = 0;
        while (marks.isCovered(durable)) {
            group.onDurable(marks.term(), marks.index(), nowNs, output);
            marks.remove();
            work++;
        }
        return work + outbox.release(marks.removed(), ports.peers());
    }

    @HotPath
    private boolean onSlot(InboundSlot slot, long sequence, boolean endOfBatch) {
        int offset = inbound.arena().offsetOf(slot.bodyPosition);
        switch (slot.kind) {
            case InboundSlot.RAFT_MESSAGE -> group.step(inbound.arena().buffer(), offset, slot.length, nowNs, output);
            case InboundSlot.PROPOSAL -> onProposal(slot, offset);
            case InboundSlot.READ -> onRead(slot, offset);
            default -> counters.countUnknownEvent();
        }
        arenaEnd = slot.arenaEnd;
        taken++;
        return taken < BATCH_LIMIT && journal.remainingBatchBytes() > reservedBatchBytes;
    }

    @HotPath
    private void onProposal(InboundSlot slot, int offset) {
        if (storageFull) {
            counters.countRefusedProposal();
            ports.requests().refused(slot.sessionId, slot.correlationId, RequestSink.STORAGE_FULL, nodeId());
            return;
        }
        long index =
                group.propose(EntryType.COMMAND.value(), inbound.arena().buffer(), offset, slot.length, nowNs, output);
        if (index < 0) {
            counters.countRefusedProposal();
            ports.requests().refused(slot.sessionId, slot.correlationId, reasonOf(index), group.leaderNodeId());
        } else {
            counters.countProposal();
        }
    }

    private int nodeId() {
        return group.config().nodeId();
    }

    @HotPath
    private static int reasonOf(long refusal) {
        if (refusal == RaftGroup.NOT_LEADER) {
            return RequestSink.NOT_LEADER;
        }
        return refusal == RaftGroup.TOO_LARGE ? RequestSink.TOO_LARGE : RequestSink.BACK_PRESSURE;
    }

    @HotPath
    private void onRead(InboundSlot slot, int offset) {
        long appliedIndex = applied.get();
        if (slot.freshness == Freshness.LINEARIZABLE) {
            onLinearizableRead(slot, offset);
            return;
        }
        long required = slot.freshness == Freshness.LOCAL ? 0 : slot.minIndex;
        if (required <= appliedIndex
                && ports.requests().readReady(inbound.arena().buffer(), offset, slot.length)) {
            return;
        }
        if (reads.add(slot, inbound.arena().buffer(), offset, required, nowNs + config.readTimeoutNs()) < 0) {
            refuseRead(slot, RequestSink.BACK_PRESSURE);
        }
    }

    @HotPath
    private void onLinearizableRead(InboundSlot slot, int offset) {
        if (group.role() != Role.LEADER) {
            refuseRead(slot, RequestSink.NOT_LEADER);
            return;
        }
        long token = reads.add(slot, inbound.arena().buffer(), offset, -1, nowNs + config.readTimeoutNs());
        if (token < 0) {
            refuseRead(slot, RequestSink.BACK_PRESSURE);
        } else if (!group.readIndex(token, nowNs, output)) {
            reads.failed(token, ports.requests(), RequestSink.BACK_PRESSURE, group.leaderNodeId());
        }
    }

    @HotPath
    private void refuseRead(InboundSlot slot, int reason) {
        counters.countRefusedRead();
        ports.requests().refused(slot.sessionId, slot.correlationId, reason, group.leaderNodeId());
    }

    /** Lets the effects of this turn leave, each when its durability rule allows it. */
    @HotPath
    private int emit() {
        int work = 0;
        MessageList now = output.sendNow();
        for (int i = 0; i < now.count(); i++) {
            send(now, i);
            work++;
        }
        work += flush();
        MessageList later = output.sendOnceDurable();
        long coveringFlush = journal.hasStaged() ? marks.added() + 1 : marks.added();
        for (int i = 0; i < later.count(); i++) {
            if (!outbox.hold(
                    coveringFlush, later.destinationNodeId(i), later.buffer(), later.offset(i), later.length(i))) {
                counters.countOutboxFull();
            }
            work++;
        }
        outbox.release(marks.removed(), ports.peers());
        ReadResults results = output.reads();
        for (int i = 0; i < results.confirmedCount(); i++) {
            reads.confirmed(results.confirmedToken(i), results.confirmedIndex(i));
        }
        for (int i = 0; i < results.failedCount(); i++) {
            reads.failed(results.failedToken(i), ports.requests(), RequestSink.NOT_LEADER, group.leaderNodeId());
        }
        if (output.leaderChanged() || output.roleChanged()) {
            publishLeadership();
        }
        LifeLog.report(output, nodeId());
        output.clear();
        return work;
    }

    @HotPath
    private void send(MessageList messages, int i) {
        if (!ports.peers()
                .send(messages.destinationNodeId(i), messages.buffer(), messages.offset(i), messages.length(i))) {
            counters.countUnsent();
        }
    }

    /**
     * Writes what is staged, unless a force is running: then it waits for it and the batch grows. A large batch is
     * written all the same, so that memory stays bounded.
     */
    @HotPath
    private int flush() {
        if (!journal.hasStaged() || !marks.hasRoomFor(1)) {
            return 0;
        }
        boolean forceRunning = durablePosition.getAsLong() < flushedPosition;
        if (forceRunning && emptyBatchBytes - journal.remainingBatchBytes() < config.flushBytes()) {
            return 0;
        }
        if (!write()) {
            return 0;
        }
        long index = log.lastIndex();
        marks.add(flushedPosition, log.termAt(index), index);
        counters.countFlush();
        return 1;
    }

    /** Writes the batch; a disk without room keeps it staged, refuses new commands, and is asked again in the next turn. */
    @HotPath
    private boolean write() {
        try {
            flushedPosition = journal.flush();
            storageFull = false;
            return true;
        } catch (FaultException ex) {
            onWriteRefused(ex);
            return false;
        }
    }

    private void onWriteRefused(FaultException fault) {
        if (fault.severity() != FaultException.Severity.RETRY) {
            throw fault;
        }
        if (!storageFull) {
            LOG.error("node={} refuses writes code={} text={}", nodeId(), fault.code(), fault.getMessage());
        }
        storageFull = true;
    }

    /** Tells the apply agent and the other threads how far the group is. */
    @HotPath
    private void publish() {
        long appliable = Math.min(group.commitIndex(), log.writtenIndex());
        if (appliable > published.get()) {
            published.set(appliable);
        }
        status.progress(log.lastIndex(), group.durableIndex(), group.commitIndex());
    }

    private void publishLeadership() {
        boolean leads = group.role() == Role.LEADER;
        // The first entry of a leader's term is its no-op: once that is applied, so is all that was committed before.
        long readyIndex = leads ? group.termStartIndex() : Long.MAX_VALUE;
        status.leadership(group.leaderNodeId(), group.term(), leads, readyIndex);
    }

    @Override
    public String roleName() {
        return "consensus";
    }
}
