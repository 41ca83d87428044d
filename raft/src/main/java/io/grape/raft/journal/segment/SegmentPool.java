package io.grape.raft.journal.segment;

import io.grape.codecs.FaultException;
import io.grape.codecs.FaultException.Severity;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.raft.journal.segment.SegmentDescriptor.Header;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one free segment ready, so that rolling does not wait for 64 MiB of zeros.
 *
 * <p>Zeros are really written and forced: a full disk is an error here, never a SIGBUS or a slow force later. One background
 * thread prepares; {@link #take} is the pipeline thread's, and waits only when the thread is behind. After a failure every
 * take makes the thread try again, so that free space needs no hand.
 */
public final class SegmentPool implements AutoCloseable {
    private static final int FILL_CHUNK_BYTES = 1 << 20;

    private final Settings settings;
    private final FileOps files;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Segment> ready = new ArrayDeque<>();
    private final ArrayDeque<Segment> used = new ArrayDeque<>();
    private @Nullable GrapeFault failure;
    private boolean closed;
    private int nextFileNumber;
    private @Nullable Thread worker;

    /** A failure together with its cause, kept until it is told. */
    private record GrapeFault(
            ErrorCode code, String message, @Nullable Throwable cause) {}

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
        this.files = files;
        this.nextFileNumber = nextFileNumber;
    }

    /** Starts the background thread. */
    public void start(ThreadFactory threads) {
        Thread thread = threads.newThread(this::prepareUntilClosed);
        worker = thread;
        thread.start();
    }

    /**
     * Adds a free file that an earlier process left. It is filled with zeros again: it may hold batches of a generation that a
     * power cut took back, and that generation's salt is used once more.
     */
    public void addUsed(Segment segment) {
        lock.lock();
        try {
            used.add(segment);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Frees a segment of an earlier process whose batches were cut: its header says so, durably, before this returns. */
    public void addCut(Segment segment) throws IOException {
        markFree(segment);
        addUsed(segment);
    }

    private void markFree(Segment segment) throws IOException {
        segment.assign(SegmentDescriptor.FREE, 0);
        segment.file().write(freeHeader().encode(), 0);
        segment.file().force();
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
            if (failure != null) {
                // It may be long ago: the thread tries again before anyone is refused.
                failure = null;
                changed.signalAll();
            }
            while (ready.isEmpty()) {
                GrapeFault told = failure;
                if (told != null) {
                    Severity severity = told.code() == ErrorCode.STORAGE_FULL ? Severity.RETRY : Severity.FAIL_NODE;
                    throw new FaultException(severity, told.code(), told.message(), told.cause());
                }
                if (closed) {
                    throw new IllegalStateException("the journal is closed");
                }
                changed.awaitUninterruptibly();
            }
            Segment segment = ready.remove();
            changed.signalAll();
            return segment;
        } finally {
            lock.unlock();
        }
    }

    /** Stops the thread and closes the free segments. */
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
        used.clear();
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
            Segment segment = null;
            GrapeFault told = null;
            try {
                segment = prepare();
            } catch (FaultException e) {
                told = new GrapeFault(e.code(), String.valueOf(e.getMessage()), e);
            } catch (IOException e) {
                told = failed(e);
            }
            lock.lock();
            try {
                if (segment != null) {
                    ready.add(segment);
                }
                failure = told;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private GrapeFault failed(IOException e) {
        String message = "a journal segment could not be made in " + settings.directory() + ": " + e.getMessage();
        try {
            if (files.usableBytes(settings.directory()) < settings.segmentBytes()) {
                return new GrapeFault(ErrorCode.STORAGE_FULL, message, e);
            }
        } catch (IOException unknown) {
            e.addSuppressed(unknown);
        }
        return new GrapeFault(ErrorCode.IO_FAILURE, message, e);
    }

    private boolean awaitNeed() {
        lock.lock();
        try {
            while (!closed && (!ready.isEmpty() || failure != null)) {
                changed.awaitUninterruptibly();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private Segment prepare() throws IOException {
        Segment old = nextUsed();
        if (old == null) {
            return make();
        }
        try {
            zeroFill(old.file(), SegmentDescriptor.HEADER_LENGTH);
            return old;
        } catch (IOException e) {
            addUsed(old);
            throw e;
        }
    }

    private @Nullable Segment nextUsed() {
        lock.lock();
        try {
            return used.poll();
        } finally {
            lock.unlock();
        }
    }

    private Segment make() throws IOException {
        long usable = files.usableBytes(settings.directory());
        long needed = settings.segmentBytes() + settings.minFreeBytes();
        if (usable < needed) {
            throw new FaultException(
                    Severity.RETRY,
                    ErrorCode.STORAGE_FULL,
                    "a journal segment in " + settings.directory() + " needs " + settings.segmentBytes()
                            + " bytes and must leave " + settings.minFreeBytes() + " free, " + needed
                            + " in all, but only " + usable + " are usable: free some space",
                    null);
        }
        Path path =
                settings.directory().resolve(String.format("%08d%s", nextFileNumber, SegmentDescriptor.FILE_SUFFIX));
        nextFileNumber++;
        JournalFile file = files.create(path);
        try {
            zeroFill(file, 0);
            // The header goes last: a file without it was never finished and holds nothing.
            file.write(freeHeader().encode(), 0);
            file.force();
            files.forceDirectory(settings.directory());
            return new Segment(path, file, file.map(settings.mapWritable(), settings.segmentBytes()));
        } catch (IOException e) {
            file.close();
            files.delete(path);
            throw e;
        }
    }

    private Header freeHeader() {
        return new Header(
                SegmentDescriptor.FORMAT_VERSION,
                0,
                SegmentDescriptor.FREE,
                settings.segmentBytes(),
                settings.nodeId(),
                settings.pipelineId(),
                0);
    }

    private void zeroFill(JournalFile file, int from) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(Math.min(FILL_CHUNK_BYTES, settings.segmentBytes()));
        int position = from;
        while (position < settings.segmentBytes()) {
            zeros.clear().limit(Math.min(zeros.capacity(), settings.segmentBytes() - position));
            position += zeros.remaining();
            file.write(zeros, position - zeros.remaining());
        }
        file.force();
    }
}
