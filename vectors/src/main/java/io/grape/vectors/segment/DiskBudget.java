package io.grape.vectors.segment;

import static java.util.Objects.requireNonNull;

import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the bytes of a store's files against its limit, and refuses a file before it is made.
 *
 * <p>Every file is mapped, so the same number bounds disk and mapped memory. Any thread may read; files are reserved
 * by the writer and by the id map's maker.
 */
public final class DiskBudget {
    private final long limitBytes;
    private final DiskSpace space;
    private final AtomicLong reservedBytes = new AtomicLong();

    public DiskBudget(long limitBytes, DiskSpace space) {
        this.limitBytes = limitBytes;
        this.space = space;
    }

    /**
     * Reserves room for a file of {@code bytes} bytes.
     *
     * @throws VectorsException BUDGET_EXCEEDED or DISK_FULL; nothing is reserved then
     */
    public void reserve(Path file, long bytes) {
        long after = reservedBytes.addAndGet(bytes);
        if (after > limitBytes) {
            reservedBytes.addAndGet(-bytes);
            throw new VectorsException(
                    Reason.BUDGET_EXCEEDED,
                    "file " + file + " needs " + bytes + " bytes; " + (after - bytes) + " of the budget of "
                            + limitBytes + " are in use: delete points or raise the budget");
        }
        try {
            long usable = space.usableBytes(requireNonNull(file.toAbsolutePath().getParent()));
            if (usable < bytes) {
                throw new VectorsException(
                        Reason.DISK_FULL,
                        "file " + file + " needs " + bytes + " bytes; the file system has " + usable + " left");
            }
        } catch (IOException e) {
            reservedBytes.addAndGet(-bytes);
            throw new VectorsException(Reason.IO_FAILED, "cannot read the free space for " + file, e);
        } catch (VectorsException e) {
            reservedBytes.addAndGet(-bytes);
            throw e;
        }
    }

    /** Counts a file that exists already, without a check. */
    public void adopt(long bytes) {
        reservedBytes.addAndGet(bytes);
    }

    /** Gives back what a deleted file held. */
    public void release(long bytes) {
        reservedBytes.addAndGet(-bytes);
    }

    /** Whether a further {@code bytes} would fit. */
    public boolean fits(long bytes) {
        return reservedBytes.get() + bytes <= limitBytes;
    }

    /** Bytes reserved now. */
    public long reservedBytes() {
        return reservedBytes.get();
    }

    /** The limit. */
    public long limitBytes() {
        return limitBytes;
    }
}
