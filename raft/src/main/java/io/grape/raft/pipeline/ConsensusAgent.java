package io.grape.raft.pipeline;

import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.Sequence;
import io.grape.codecs.HotPath;
import io.grape.raft.core.MessageList;
import io.grape.raft.core.RaftGroup;
import io.grape.raft.core.RaftOutput;
import io.grape.raft.core.liveness.BeatAdapter;
import io.grape.raft.journal.Journal;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;

/**
 * Owns the consensus state of a pipeline's groups and the writing side of the journal; turns a batch of events into
 * effects in the one order that is safe.
 *
 * <p>One turn: (1) what became durable is counted and releases the messages that waited for it; (2) the ring is drained
 * into the cores, and those whose time has come are ticked; (3) what needs no disk leaves; (4) everything that all groups
 * staged goes to the journal in one write, and what depends on it is held; (5) the commits, as far as they are written
 * here, are published to the apply agent. Only groups that something happened to are visited: an idle turn costs the same
 * for one group and for a thousand.
 *
 * <p>Raft (extended version), section 5; side-by-side append and replication: Ongaro's thesis, section 10.2.1.
 * Thread: the pipeline's only. Allocates nothing in steady state.
 */
public final class ConsensusAgent implements Agent {
    /** Events taken in one turn: bounds the batch, and with it the time between two looks at the clock. */
    private static final int BATCH_LIMIT = 512;

    private static final int OUTBOX_BYTES = 1 << 20;

    private final Handover handover = new Handover();
    private final LeaderPlacement placement;
    private final GroupTable groups;
    private final InboundRing inbound;
    private final LongSupplier durablePosition;
    private final PipelinePorts ports;
    private final NanoClock clock;
    private final PipelineCounters counters = new PipelineCounters();

    private final RaftOutput output = new RaftOutput(true);
    private final DurableOutbox outbox = new DurableOutbox(OUTBOX_BYTES);
    private final BatchWriter writer;
    private final FlushMarks marks;
    private final ClientRequests requests;
    private final NodeFrames frames;
    private final TickWheel wheel;
    private final SlotSet due;
    private final SlotSet dirty;
    private final EventPoller.Handler<InboundSlot> onEvent = this::onEvent;

    private long nowNs;
    private long arenaEnd;
    private int taken;

    /**
     * For a pipeline of one group.
     *
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
        this(GroupTable.of(journal, group, applied), journal, inbound, durablePosition, ports, config);
    }

    /**
     * @param groups          the pipeline's groups
     * @param journal         that holds their logs; its writing side is this agent's from now on
     * @param inbound         what it consumes
     * @param durablePosition journal position that is durable by the sync policy
     * @param ports           where effects go
     * @param config          intervals and limits
     */
    public ConsensusAgent(
            GroupTable groups,
            Journal journal,
            InboundRing inbound,
            LongSupplier durablePosition,
            PipelinePorts ports,
            PipelineConfig config) {
        this.groups = groups;
        this.inbound = inbound;
        this.durablePosition = durablePosition;
        this.ports = ports;
        this.clock = ports.clock();
        this.writer = new BatchWriter(journal, groups, durablePosition, config.flushBytes(), counters);
        this.marks = writer.marks();
        this.requests = new ClientRequests(groups, ports.requests(), config, counters, output);
        this.frames = new NodeFrames(groups, ports.peers(), counters);
        this.wheel = new TickWheel(groups.count(), config.tickIntervalNs(), clock.nanoTime());
        this.placement = new LeaderPlacement(groups, clock.nanoTime());
        this.due = new SlotSet(groups.count());
        this.dirty = new SlotSet(groups.count());
        for (int slot = 0; slot < groups.count(); slot++) {
            wheel.schedule(slot, groups.at(slot).group.nextDueNs());
        }
    }

    /** Returns the groups. */
    public GroupTable groups() {
        return groups;
    }

    /** Returns what other threads may know of the first group, which is the only one of many a pipeline. */
    public GroupStatus status() {
        return groups.at(0).status();
    }

    /** Returns the index up to which entries of the first group may be applied. */
    public Sequence published() {
        return groups.at(0).published();
    }

    /** Returns the way to give up all leadership before a clean stop. Any thread. */
    public Handover handover() {
        return handover;
    }

    /** Returns where groups are preferred to be led. Any thread. */
    public LeaderPlacement placement() {
        return placement;
    }

    /** Says that something was done to a group's core from outside, so that its effects leave. Thread: the pipeline's. */
    public void touch(int groupId) {
        int slot = groups.slotOf(groupId);
        if (slot != GroupTable.NO_SLOT) {
            dirty.add(slot);
        }
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
        if (writer.hasRoom()) {
            inbound.poller().poll(onEvent);
        }
        if (taken > 0) {
            inbound.arena().releaseBelow(arenaEnd);
            work += taken;
        }
        tick();
        handover.proceed(groups, dirty, nowNs);
        placement.proceed(dirty, nowNs);
        for (int i = 0; i < dirty.count(); i++) {
            int slot = dirty.get(i);
            groups.at(slot).group.endOfBatch(nowNs, output);
            writer.touch(slot);
        }
        work += emit();
        work += requests.poll(nowNs);
        settle();
        return work;
    }

    @HotPath
    private int onDurable() {
        long durable = durablePosition.getAsLong();
        int work = 0;
        while (marks.isCovered(durable)) {
            int slot = marks.slot();
            if (slot != FlushMarks.NO_SLOT) {
                groups.at(slot).group.onDurable(marks.term(), marks.index(), nowNs, output);
                dirty.add(slot);
            }
            marks.remove();
            work++;
        }
        return work + outbox.release(marks.removed(), ports.peers());
    }

    @HotPath
    private boolean onEvent(InboundSlot event, long sequence, boolean endOfBatch) {
        DirectBuffer body = inbound.arena().buffer();
        int offset = inbound.arena().offsetOf(event.bodyPosition);
        switch (event.kind) {
            case InboundSlot.RAFT_MESSAGE -> onRaftMessage(body, offset, event.length);
            case InboundSlot.PROPOSAL -> onProposal(event, body, offset);
            case InboundSlot.READ -> onRead(event, body, offset);
            default -> counters.countUnknownEvent();
        }
        arenaEnd = event.arenaEnd;
        taken++;
        return taken < BATCH_LIMIT && writer.hasRoom();
    }

    /** A message from a peer: it names its group itself. */
    @HotPath
    private void onRaftMessage(DirectBuffer message, int offset, int length) {
        if (RaftRoute.namesGroup(length) && BeatAdapter.reads(RaftRoute.templateId(message, offset))) {
            onFrame(message, offset, length);
            return;
        }
        int slot =
                RaftRoute.namesGroup(length) ? groups.slotOf(RaftRoute.groupId(message, offset)) : GroupTable.NO_SLOT;
        if (slot == GroupTable.NO_SLOT) {
            counters.countUnknownGroup();
            return;
        }
        groups.at(slot).group.step(message, offset, length, nowNs, output);
        dirty.add(slot);
    }

    /** The heartbeats of a peer's groups, or its answers to ours. */
    @HotPath
    private void onFrame(DirectBuffer message, int offset, int length) {
        BeatAdapter beat = frames.adapter();
        if (beat.wrap(message, offset, length) == BeatAdapter.MALFORMED) {
            counters.countMalformedFrame();
            return;
        }
        frames.onFrame(beat, dirty, nowNs);
        while (beat.next()) {
            int slot = groups.slotOf(beat.groupId());
            if (slot == GroupTable.NO_SLOT) {
                counters.countUnknownGroup();
            } else {
                groups.at(slot).group.step(beat, nowNs, output);
                dirty.add(slot);
            }
        }
    }

    @HotPath
    private void onProposal(InboundSlot event, DirectBuffer body, int offset) {
        int slot = groups.slotOf(event.groupId);
        if (slot == GroupTable.NO_SLOT) {
            requests.refuseUnknownGroup(event);
        } else if (writer.isStorageFull()) {
            requests.refuseForWantOfStorage(event);
        } else {
            requests.propose(groups.at(slot).group, event, body, offset, nowNs);
            dirty.add(slot);
        }
    }

    @HotPath
    private void onRead(InboundSlot event, DirectBuffer body, int offset) {
        int slot = groups.slotOf(event.groupId);
        if (slot == GroupTable.NO_SLOT) {
            requests.refuseUnknownGroup(event);
        } else {
            requests.read(groups.at(slot), event, body, offset, nowNs);
            dirty.add(slot);
        }
    }

    /** Lets time pass for the groups that have something due. */
    @HotPath
    private void tick() {
        wheel.advance(nowNs, due);
        frames.tick(dirty, nowNs);
        for (int i = 0; i < due.count(); i++) {
            int slot = due.get(i);
            groups.at(slot).group.tick(nowNs, output);
            dirty.add(slot);
        }
        due.clear();
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
        work += frames.emit(output, nowNs);
        work += writer.flush();
        MessageList later = output.sendOnceDurable();
        long coveringMark = writer.coveringMark();
        for (int i = 0; i < later.count(); i++) {
            if (!outbox.hold(
                    coveringMark, later.destinationNodeId(i), later.buffer(), later.offset(i), later.length(i))) {
                counters.countOutboxFull();
            }
            work++;
        }
        outbox.release(marks.removed(), ports.peers());
        requests.onResults(output.reads());
        LifeLog.report(output, groups.at(0).group.config().nodeId());
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

    /** Tells the other threads how far the groups are that something happened to, and when to look at them again. */
    @HotPath
    private void settle() {
        for (int i = 0; i < dirty.count(); i++) {
            int slot = dirty.get(i);
            groups.publish(slot);
            frames.settle(slot);
            wheel.schedule(slot, groups.at(slot).group.nextDueNs());
        }
        if (dirty.count() > 0) {
            counters.countVisits(dirty.count());
            dirty.clear();
        }
    }

    @Override
    public String roleName() {
        return "consensus";
    }
}
