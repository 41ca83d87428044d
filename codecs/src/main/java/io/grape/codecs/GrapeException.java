package io.grape.codecs;

import io.grape.codecs.sbe.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Something was refused: the caller asked for what cannot be done, or cannot be done now.
 *
 * <p>The code is the one that travels on the wire; the message says what was wrong and what to do about it.
 */
public class GrapeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    /**
     * @param code    why, from the one list of codes
     * @param message for people: what was wrong and what to do
     */
    public GrapeException(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    /**
     * @param code    why, from the one list of codes
     * @param message for people: what was wrong and what to do
     * @param cause   what the platform said
     */
    public GrapeException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** Returns why, from the one list of codes. */
    public ErrorCode code() {
        return code;
    }
}
