package io.grape.vectors.id;

/** A reusable 128-bit id; identity does not matter to the map, which reads its bytes. One thread at a time. */
public final class PointKey {
    private long idMost;
    private long idLeast;

    /** Sets the id and returns this. */
    public PointKey set(long most, long least) {
        idMost = most;
        idLeast = least;
        return this;
    }

    long idMost() {
        return idMost;
    }

    long idLeast() {
        return idLeast;
    }
}
