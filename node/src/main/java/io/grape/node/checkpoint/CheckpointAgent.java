package io.grape.node.checkpoint;

import com.lmax.disruptor.Sequence;
import io.grape.node.state.NoStore;
import io.grape.node.state.StateMachine;
import io.grape.raft.journal.GroupLog;
import io.grape.raft.journal.LogEntry;
import java.util.function.LongSupplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;

/**
 * Runs the apply agent, and between its turns captures the state when a checkpoint is due, or swaps it for a snapshot.
 *
 * <p>Thread: the apply agent's, since both need the state to stand still.
 */
final class CheckpointAgent implements Agent {
    /** What there is to do with the state; several parts use the same. */
    record State(StateMachine machine, MembershipTracker members, GroupLog log, Sequence applied) {}

    private final Agent apply;
    private final State state;
    private final Checkpointer checkpointer;
    private final ApplyHold hold;
    private final CheckpointPolicy policy;
    private final LongSupplier journalPosition;
    private final NanoClock clock;
    private final CheckpointStep.Listener steps;
    private final LogEntry entry = new LogEntry();
    private long lastIndex;
    private long lastPosition;
    private long lastNs;
    private boolean applying;

    CheckpointAgent(Agent apply, State state, Checkpointer checkpointer, Setting setting) {
        this.apply = apply;
        this.state = state;
        this.checkpointer = checkpointer;
        this.hold = checkpointer.hold();
        this.policy = setting.policy();
        this.journalPosition = setting.journalPosition();
        this.clock = setting.clock();
        this.steps = setting.steps();
        this.lastIndex = state.applied().get();
        this.lastPosition = journalPosition.getAsLong();
        this.lastNs = clock.nanoTime();
    }

    /** When checkpoints are due, and by which clocks. */
    record Setting(
            CheckpointPolicy policy, LongSupplier journalPosition, NanoClock clock, CheckpointStep.Listener steps) {}

    @Override
    public int doWork() throws Exception {
        if (hold.mustHold()) {
            return 0;
        }
        PreparedState arrived = hold.take();
        if (arrived != null) {
            swap(arrived);
        }
        // What throws half way through an entry leaves a state of no index.
        applying = true;
        int work = apply.doWork();
        applying = false;
        return work + captureIfDue();
    }

    private int captureIfDue() {
        long index = state.applied().get();
        long nowNs = clock.nanoTime();
        boolean due = policy.isDue(index - lastIndex, journalPosition.getAsLong() - lastPosition, nowNs - lastNs)
                || (checkpointer.isRequested() && index > checkpointer.newestIndex());
        if (!due || !checkpointer.isIdle()) {
            return 0;
        }
        capture(index, nowNs);
        return 1;
    }

    private void capture(long index, long nowNs) {
        state.log().read(index, entry);
        StateCapture capture = StateCapture.of(
                state.machine(),
                state.log().groupId(),
                index,
                entry.term(),
                state.members().membership());
        lastIndex = index;
        lastPosition = journalPosition.getAsLong();
        lastNs = nowNs;
        checkpointer.counters().captured(clock.nanoTime() - nowNs);
        checkpointer.submit(capture);
    }

    private void swap(PreparedState arrived) {
        CheckpointManifest manifest = arrived.manifest();
        state.machine()
                .load(manifest.index(), manifest.state(), id -> arrived.stores().getOrDefault(id, NoStore.INSTANCE));
        state.members().reset(manifest.membership());
        lastIndex = manifest.index();
        lastNs = clock.nanoTime();
        // Last: from here on others may believe that entries up to the snapshot are applied.
        state.applied().set(manifest.index());
        steps.reached(CheckpointStep.SWAPPED);
    }

    /** Captures what was applied since the last checkpoint, whether it is due or not: the last act of a clean stop. */
    @Override
    public void onClose() {
        long index = state.applied().get();
        if (index > lastIndex && !applying && !hold.mustHold()) {
            capture(index, clock.nanoTime());
        }
    }

    @Override
    public String roleName() {
        return apply.roleName();
    }
}
