package io.grape.raft.journal;

import io.grape.codecs.FaultException;
import io.grape.codecs.FaultException.Severity;
import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Remembers that the disk failed once, so that nothing is ever tried on it again.
 *
 * <p>After a failed force the kernel may have dropped the dirty pages and call the next force a success (Rebello et al., "Can
 * Applications Recover from fsync Failures?", USENIX ATC 2020). Any thread.
 */
final class Poison {
    private volatile @Nullable FaultException fault;

    /** Throws if the disk failed before. */
    @HotPath
    void check() {
        FaultException known = fault;
        if (known != null) {
            throw again(known);
        }
    }

    /** Remembers a failure, unless one is known, and returns what is to be thrown. */
    FaultException strike(String message, Throwable cause) {
        FaultException struck = new FaultException(
                Severity.FAIL_NODE, ErrorCode.IO_FAILURE, message + ": " + cause.getMessage(), cause);
        if (fault == null) {
            fault = struck;
        }
        return struck;
    }

    private static FaultException again(FaultException known) {
        return new FaultException(
                Severity.FAIL_NODE, known.code(), "the journal stopped earlier: " + known.getMessage(), known);
    }
}
