package io.grape.benchmarks.journal;

import io.grape.codecs.FaultException;
import io.grape.raft.journal.ForceAgent;
import io.grape.raft.journal.Journal;
import io.grape.raft.journal.JournalBackEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BackoffIdleStrategy;

/**
 * The journal as a node drives it: a batch is staged and written while the force agent forces the one before.
 *
 * <p>A call returns when the batch of the call before is on disk, so at most one is on its way.
 */
final class PipelinedLoop implements Contender {
    private final Path own;
    private final JournalLoop loop;
    private final ForceAgent force;
    private final AgentRunner runner;
    private final AtomicReference<Throwable> broken;
    private long writtenBefore;

    private PipelinedLoop(
            Path own, JournalLoop loop, ForceAgent force, AgentRunner runner, AtomicReference<Throwable> broken) {
        this.own = own;
        this.loop = loop;
        this.force = force;
        this.runner = runner;
        this.broken = broken;
    }

    static PipelinedLoop open(Path parent, int segmentBytes, int groupCount, int batchBytes) {
        Path own = parent.resolve("pipelined-" + groupCount);
        JournalLoop loop = JournalLoop.open(own, JournalBackEnd.WRITE, segmentBytes, groupCount, batchBytes);
        Journal journal = loop.journal();
        ForceAgent force = new ForceAgent(journal, System::nanoTime, new ForceAgent.Listener() {
            @Override
            public void onDurable(long position) {}

            @Override
            public void onForceFailed(FaultException fault) {}
        });
        AtomicReference<Throwable> broken = new AtomicReference<>();
        AgentRunner runner = new AgentRunner(new BackoffIdleStrategy(), broken::set, null, force);
        AgentRunner.startOnThread(runner);
        return new PipelinedLoop(own, loop, force, runner, broken);
    }

    @Override
    public String name() {
        return loop.name() + ", forced by a thread of its own";
    }

    @Override
    public void batch() throws IOException {
        loop.stage();
        long written = loop.journal().flush();
        while (force.durablePosition() < writtenBefore) {
            Throwable failure = force.failure() != null ? force.failure() : broken.get();
            if (failure != null) {
                throw new IOException(failure);
            }
            Thread.onSpinWait();
        }
        writtenBefore = written;
    }

    @Override
    public void close() throws IOException {
        runner.close();
        loop.close();
        Files.delete(own);
    }
}
