package io.grape.raft.journal.segment;

import io.grape.codecs.FaultException;
import io.grape.codecs.FaultException.Severity;
import io.grape.codecs.sbe.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one free segment ready, so that rolling does not wait for 64 MiB of zeros, and takes back those that no log needs.
 *
 * <p>Zeros are really written and forced: a full disk is an error here, never a SIGBUS or a slow force later. One background
 * thread prepares; {@link #take} is the pipeline thread's, and waits only when the thread is behind. While the disk is full
 * the thread tries again twice a second and at every take, so that free space needs no hand.
 */
public final class SegmentPool implements AutoCloseable {
    private static final int MAX_READY = 4;
    private static final long RETRY_NS = 500_000_000L;

    private final Settings settings;
    private final SegmentMaker maker;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Segment> ready = new ArrayDeque<>();
    private final ArrayDeque<Segment> used = new ArrayDeque<>();
    private final ArrayDeque<Segment> retired = new ArrayDeque<>();
    private @Nullable FaultException failure;
    private boolean closed;
    private boolean threadless;
    private @Nullable Thread worker;
    private volatile Supply supply = Supply.PREPARING;

    /** Whether a roll would find a segment. */
    public enum Supply {
        /** A free segment is ready. */
        READY,
        /** One is being made. */
        PREPARING,
        /** The disk has no room for one; this is tried again and again. */
        DISK_FULL,
        /** The disk failed: there will be no segment any more. */
        FAILED
    }

    /**
     * What the pool must know.
     *
     * @param directory    where segments lie
     * @param segmentBytes bytes of each
     * @param nodeId       owner
     * @param pipelineId   owner within the node
     * @param minFreeBytes bytes that must remain free on the volume after a segment is made
     * @param mapWritable  whether segments are mapped for writing
     */
    public record Settings(
            Path directory, int segmentBytes, int nodeId, int pipelineId, long minFreeBytes, boolean mapWritable) {}

    /**
     * @param settings       where and how large
     * @param files          the file system
     * @param nextFileNumber number for the next new file's name
     */
    public SegmentPool(Settings settings, FileOps files, int nextFileNumber) {
        this.settings = settings;
        this.maker = new SegmentMaker(settings, files, nextFileNumber);
    }

    /** Starts the background thread. */
    public void start(ThreadFactory threads) {
        Thread thread = threads.newThread(this::prepareUntilClosed);
        worker = thread;
        thread.start();
    }

    /** Prepares segments from now on within {@link #take}, on its caller's thread: nothing runs in the background. */
    public void startThreadless() {
        threadless = true;
        prepareWhatIsDue();
    }

    /**
     * Adds a free file that an earlier process left. It is filled with zeros again: it may hold batches of a generation that a
     * power cut took back, and that generation's salt is used once more.
     */
    public void addUsed(Segment segment) {
        add(used, segment);
    }

    /**
     * Frees a segment of an earlier process whose batches were cut: its header says so, durably, before this returns. Only
     * before {@link #start}.
     */
    public void addCut(Segment segment) throws IOException {
        maker.markFree(segment);
        addUsed(segment);
    }

    /**
     * Takes back a segment that no log needs, to use it again. Its header says that it is free, durably, before it is ready;
     * segments are freed in the order in which they came, so that a crash leaves no gap among those that remain.
     */
    public void recycle(Segment segment) {
        add(retired, segment);
    }

    /** Returns whether a roll would find a segment. Any thread; takes no lock. */
    public Supply supply() {
        return supply;
    }

    /** Returns the number of free segments that are ready. */
    public int readyCount() {
        lock.lock();
        try {
            return ready.size();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns a free segment, waiting for the background thread if none is ready.
     *
     * @throws FaultException with severity RETRY when the disk has no room for it, FAIL_NODE when it failed
     */
    public Segment take() {
        lock.lock();
        try {
            if (supply == Supply.DISK_FULL) {
                // That may be long ago: the thread tries again before anyone is refused.
                failure = null;
                changed.signalAll();
            }
            if (threadless) {
                prepareWhatIsDue();
            }
            while (ready.isEmpty() || supply == Supply.FAILED) {
                FaultException told = failure;
                if (told != null) {
                    throw new FaultException(told.severity(), told.code(), String.valueOf(told.getMessage()), told);
                }
                if (closed) {
                    throw new IllegalStateException("the journal is closed");
                }
                changed.awaitUninterruptibly();
            }
            Segment segment = ready.remove();
            supply = ready.isEmpty() ? Supply.PREPARING : Supply.READY;
            changed.signalAll();
            return segment;
        } finally {
            lock.unlock();
        }
    }

    /** Stops the thread and closes the segments that it holds. */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        Thread thread = worker;
        if (thread != null) {
            joinUninterruptibly(thread);
        }
        ready.addAll(used);
        ready.addAll(retired);
        used.clear();
        retired.clear();
        while (!ready.isEmpty()) {
            ready.remove().close();
        }
    }

    private static void joinUninterruptibly(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void prepareUntilClosed() {
        while (awaitNeed()) {
            prepareOneOrTell();
        }
    }

    /** Without a thread that would: tries again what the disk had no room for. */
    public void tryAgainIfThreadless() {
        if (threadless && supply == Supply.DISK_FULL) {
            failure = null;
            prepareWhatIsDue();
        }
    }

    private void prepareWhatIsDue() {
        while (!isIdle() && !closed && supply != Supply.FAILED) {
            prepareOneOrTell();
        }
    }

    private void prepareOneOrTell() {
        FaultException fault = null;
        try {
            prepareOne();
        } catch (FaultException e) {
            fault = e;
        } catch (IOException e) {
            fault = faultOf(e);
        }
        publish(fault);
    }

    private void publish(@Nullable FaultException fault) {
        lock.lock();
        try {
            failure = fault;
            if (fault != null && fault.severity() != Severity.RETRY) {
                supply = Supply.FAILED;
            } else if (!ready.isEmpty()) {
                supply = Supply.READY;
            } else {
                supply = fault != null ? Supply.DISK_FULL : Supply.PREPARING;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Frees the oldest retired segment, or else clears a file that was left, or else makes one. */
    private void prepareOne() throws IOException {
        Segment old = poll(retired);
        if (old != null) {
            maker.markFree(old);
            if (readyCount() < MAX_READY) {
                add(ready, old);
            } else {
                maker.remove(old);
            }
            return;
        }
        old = poll(used);
        if (old == null) {
            add(ready, maker.make());
        } else {
            maker.clear(old.file(), SegmentDescriptor.HEADER_LENGTH);
            add(ready, old);
        }
    }

    private FaultException faultOf(IOException e) {
        boolean full = false;
        try {
            full = maker.isDiskFull();
        } catch (IOException unknown) {
            e.addSuppressed(unknown);
        }
        return new FaultException(
                full ? Severity.RETRY : Severity.FAIL_NODE,
                full ? ErrorCode.STORAGE_FULL : ErrorCode.IO_FAILURE,
                "a journal segment could not be prepared in " + settings.directory() + ": " + e.getMessage(),
                e);
    }

    private void add(ArrayDeque<Segment> queue, Segment segment) {
        lock.lock();
        try {
            queue.add(segment);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Segment poll(ArrayDeque<Segment> queue) {
        lock.lock();
        try {
            return queue.poll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is something to do, or until it is time to try again; false when the pool is over. */
    private boolean awaitNeed() {
        long remainingNs = RETRY_NS;
        lock.lock();
        try {
            while (isIdle() && remainingNs > 0) {
                if (failure == null) {
                    changed.awaitUninterruptibly();
                } else {
                    remainingNs = changed.awaitNanos(remainingNs);
                }
            }
            return !closed && supply != Supply.FAILED;
        } catch (InterruptedException e) {
            // Nobody has a reason to interrupt this thread: closing wakes it.
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean isIdle() {
        return !closed && supply != Supply.FAILED && retired.isEmpty() && (!ready.isEmpty() || failure != null);
    }
}
