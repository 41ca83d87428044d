package io.grape.node.checkpoint;

import com.lmax.disruptor.Sequence;
import io.grape.node.state.StateMachine;
import io.grape.raft.core.RaftGroup;
import io.grape.raft.core.SnapshotStore;
import io.grape.raft.core.membership.Membership;
import io.grape.raft.journal.GroupLog;
import io.grape.raft.journal.Journal;
import io.grape.raft.pipeline.EntryApplier;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoints, compaction and snapshots of one group: the parts of this package, wired.
 *
 * <p>{@link #open} loads the newest checkpoint into the state machine; then the owner builds the group on {@link #snapshots},
 * puts {@link #applier} before the state machine, {@link #applySide} around the apply agent, and {@link #pipelineSide} on the
 * pipeline's thread behind the consensus agent. Close it after those threads and before the stores.
 */
public final class GroupCheckpoints implements AutoCloseable {
    private final Setup setup;
    private final @Nullable Checkpoint recovered;
    private final Checkpointer checkpointer;
    private final SnapshotReceiver receiver;
    private final GroupSnapshots snapshots;
    private final MembershipTracker members;
    private @Nullable Thread verifier;
    private volatile boolean closed;

    /**
     * Where a group's files lie.
     *
     * @param manifests   the group's manifests
     * @param collections the group's stores, a directory each
     */
    public record Directories(Path manifests, Path collections) {}

    /**
     * What checkpoints depend on.
     *
     * @param directories    of the group
     * @param machine        empty; loaded by {@link #open}
     * @param opener         opens stores of a checkpoint
     * @param journal        that holds the group's log
     * @param log            of the group
     * @param firstMembers   members if there is no checkpoint
     * @param settings       policy and limits
     */
    public record Setup(
            Directories directories,
            StateMachine machine,
            StoreOpener opener,
            Journal journal,
            GroupLog log,
            Membership firstMembers,
            Settings settings) {}

    /**
     * Policy, limits and the surroundings.
     *
     * @param policy            when a checkpoint is due
     * @param bytesPerSecond    most bytes a second that are sent to followers
     * @param clock             monotonic, nanoseconds
     * @param onFailure         stops the node
     * @param steps             told of each step
     * @param name              of the threads
     */
    public record Settings(
            CheckpointPolicy policy,
            long bytesPerSecond,
            NanoClock clock,
            Consumer<Throwable> onFailure,
            CheckpointStep.Listener steps,
            String name) {}

    private GroupCheckpoints(Setup setup, CheckpointDirectory directory) {
        this.setup = setup;
        Settings settings = setup.settings();
        CheckpointRecovery recovery = new CheckpointRecovery(directory, setup.opener());
        recovered = recovery.recover(setup.machine(), setup.log());
        checkpointer = new Checkpointer(
                new CheckpointWriter(directory, settings.steps()),
                recovered,
                settings.onFailure(),
                settings.clock(),
                settings.name());
        receiver = new SnapshotReceiver(directory, recovery, checkpointer, settings.steps(), settings.clock());
        snapshots = new GroupSnapshots(
                checkpointer,
                receiver,
                directory.collections(),
                settings.bytesPerSecond(),
                settings.policy().trailingEntries(),
                settings.steps());
        members = new MembershipTracker(
                setup.machine(), recovered == null ? setup.firstMembers() : recovered.membership());
    }

    /**
     * Loads the newest checkpoint.
     *
     * @throws io.grape.codecs.FaultException DATA_CORRUPT, naming file, offset, expected and actual
     */
    public static GroupCheckpoints open(Setup setup) {
        return open(setup, new PlatformManifestFiles());
    }

    static GroupCheckpoints open(Setup setup, ManifestFiles files) {
        CheckpointDirectory directory = new CheckpointDirectory(
                setup.directories().manifests(),
                setup.directories().collections(),
                files,
                setup.settings().steps());
        return new GroupCheckpoints(setup, directory);
    }

    /** Returns the index that the state machine was brought to; 0 without a checkpoint. */
    public long recoveredIndex() {
        return recovered == null ? 0 : recovered.index();
    }

    /** Begins to compare the recovered stores with their checksums, on a thread of its own; a difference stops the node. */
    public void verifyInBackground() {
        Checkpoint checkpoint = recovered;
        if (checkpoint == null) {
            return;
        }
        CheckpointVerifier work = new CheckpointVerifier(
                checkpoint.manifest(), setup.directories().collections(), () -> closed);
        verifier = Thread.ofPlatform()
                .daemon()
                .name(setup.settings().name() + "-verifier")
                .start(() -> {
                    try {
                        work.run();
                    } catch (RuntimeException | Error ex) {
                        if (!closed) {
                            setup.settings().onFailure().accept(ex);
                        }
                    }
                });
    }

    /** Returns what the consensus core is built on. */
    public SnapshotStore snapshots() {
        return snapshots;
    }

    /** Returns what committed entries are applied to. */
    public EntryApplier applier() {
        return members;
    }

    /** Returns the agent that runs the apply agent and captures checkpoints beside it. */
    public Agent applySide(Agent apply, Sequence applied) {
        return new CheckpointAgent(
                apply,
                new CheckpointAgent.State(setup.machine(), members, setup.log(), applied),
                checkpointer,
                new CheckpointAgent.Setting(
                        setup.settings().policy(),
                        setup.journal()::writtenPosition,
                        setup.settings().clock(),
                        setup.settings().steps()));
    }

    /** Returns the agent that compacts the log behind checkpoints; it runs on the pipeline's thread. */
    public Agent pipelineSide(RaftGroup group) {
        return new CompactionAgent(
                group, setup.journal(), setup.log(), snapshots, setup.settings().clock());
    }

    /** Asks for a checkpoint as soon as one can be taken. Any thread. */
    public void request() {
        checkpointer.request();
    }

    /** Returns the counters. Any thread. */
    public CheckpointCounters counters() {
        return checkpointer.counters();
    }

    /** Returns the newest durable checkpoint, or null. Any thread. */
    public @Nullable Checkpoint newest() {
        return checkpointer.newest();
    }

    @Override
    public void close() {
        closed = true;
        checkpointer.close();
        receiver.close();
        snapshots.closeStream();
        Thread running = verifier;
        if (running != null) {
            try {
                running.join(1_000);
            } catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
