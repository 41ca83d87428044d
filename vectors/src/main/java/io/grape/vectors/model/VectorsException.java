package io.grape.vectors.model;

import org.jspecify.annotations.Nullable;

/**
 * A refusal or a fault of the vector module. The reason tells them apart; the text names the file, the expected and
 * the actual value where there are any.
 */
public final class VectorsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** A refusal, or a fault found by our own check. */
    public VectorsException(Reason reason, String text) {
        this(reason, text, null);
    }

    /** A fault with its cause. */
    public VectorsException(Reason reason, String text, @Nullable Throwable cause) {
        super(text, cause);
        this.reason = reason;
    }

    /** What kind of refusal or fault this is. */
    public Reason reason() {
        return reason;
    }
}
