package io.grape.codecs;

import io.grape.codecs.sbe.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * A disk, a file or the driver failed. The severity says how much must stop so that nothing acknowledged is lost.
 */
public final class FaultException extends GrapeException {
    private static final long serialVersionUID = 1L;

    /** How much must stop. */
    public enum Severity {
        /** The operation may be tried again. */
        RETRY,
        /** The group must neither vote nor lead until it is repaired. */
        FAIL_GROUP,
        /** The process must stop: its memory and its disk may disagree. */
        FAIL_NODE
    }

    private final Severity severity;

    /**
     * @param severity how much must stop
     * @param code     why, from the one list of codes
     * @param message  for people: path, offset, what was expected, what was found, what to do
     * @param cause    what the platform said, if it said anything
     */
    public FaultException(Severity severity, ErrorCode code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
        this.severity = severity;
    }

    /** Returns how much must stop. */
    public Severity severity() {
        return severity;
    }
}
