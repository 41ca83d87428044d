package io.grape.node.ingest.format;

import io.grape.codecs.sbe.ErrorCode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One row as it was read; used again for the next one. One thread.
 *
 * <p>Invariant: a row is usable or has a reason why not, never both.
 */
public final class InputRow {
    /** More components than any collection has: reading on would only cost memory. */
    static final int MAX_COMPONENTS = 4096;

    private long number;
    private long line;
    private long idMost;
    private long idLeast;
    private float[] components = new float[256];
    private float[] exact = new float[0];
    private int dimension;
    private byte @Nullable [] payload;
    private ErrorCode code = ErrorCode.OK;
    private String reason = "";

    /** Begins a row whose id is its number until it is told otherwise. */
    void begin(long rowNumber, long rowLine, long firstId) {
        number = rowNumber;
        line = rowLine;
        idMost = 0;
        idLeast = firstId + rowNumber;
        dimension = 0;
        payload = null;
        code = ErrorCode.OK;
        reason = "";
    }

    void id(long most, long least) {
        idMost = most;
        idLeast = least;
    }

    void payload(byte @Nullable [] bytes) {
        payload = bytes;
    }

    /** Forgets the components that were added. */
    void clearVector() {
        dimension = 0;
    }

    /** Adds a component; beyond the most that there may be, it is counted and not kept. */
    void add(float component) {
        if (dimension < MAX_COMPONENTS) {
            if (dimension == components.length) {
                components = Arrays.copyOf(components, Math.min(MAX_COMPONENTS, dimension * 2));
            }
            components[dimension] = component;
        }
        dimension++;
    }

    /**
     * Says why the row cannot be used; the first reason counts.
     *
     * @param why  what a cluster would say of it
     * @param text for people
     */
    public void reject(ErrorCode why, String text) {
        if (code == ErrorCode.OK) {
            code = why;
            reason = text;
        }
    }

    /** Returns the place of the row in the file, from 0. */
    public long number() {
        return number;
    }

    /** Returns the line on which it begins, from 1, or 0 where there are no lines. */
    public long line() {
        return line;
    }

    /** Returns the upper 64 bits of the id; zero for numeric ones. */
    public long idMost() {
        return idMost;
    }

    /** Returns the lower 64 bits of the id, or the numeric id. */
    public long idLeast() {
        return idLeast;
    }

    /** Returns how many components the row has. */
    public int dimension() {
        return dimension;
    }

    /** Returns the components; valid until the next row is read. */
    public float[] vector() {
        int kept = Math.min(dimension, MAX_COMPONENTS);
        if (components.length == kept) {
            return components;
        }
        if (exact.length != kept) {
            exact = new float[kept];
        }
        System.arraycopy(components, 0, exact, 0, kept);
        return exact;
    }

    /** Returns the payload, or null. */
    public byte @Nullable [] payload() {
        return payload;
    }

    /** Returns whether the reader found nothing wrong with it. */
    public boolean isUsable() {
        return code == ErrorCode.OK;
    }

    /** Returns why it cannot be used. */
    public ErrorCode code() {
        return code;
    }

    /** Returns why it cannot be used, for people. */
    public String reason() {
        return reason;
    }
}
