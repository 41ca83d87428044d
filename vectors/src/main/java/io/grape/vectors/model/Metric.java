package io.grape.vectors.model;

/**
 * How two vectors are compared, and what the score of a search result means.
 *
 * <p>The code is part of the file format: codes are never reused or renumbered.
 */
public enum Metric {
    /** Inner product; a larger score is nearer. */
    DOT(1, true),
    /** Cosine similarity in [-1, 1] up to rounding; a larger score is nearer. Vectors without a direction are refused. */
    COSINE(2, true),
    /** Euclidean distance, not squared; a smaller score is nearer. */
    EUCLIDEAN(3, false);

    private final int code;
    private final boolean largerIsNearer;

    Metric(int code, boolean largerIsNearer) {
        this.code = code;
        this.largerIsNearer = largerIsNearer;
    }

    /** The number that stands for this metric in files. */
    public int code() {
        return code;
    }

    /** Whether a larger score means a nearer point. */
    public boolean largerIsNearer() {
        return largerIsNearer;
    }
}
