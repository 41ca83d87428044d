package io.grape.vectors.model;

/** Why the vector module refused or failed; the node maps each to an error code of the wire contract. */
public enum Reason {
    /** Dimension out of range or metric missing. */
    INVALID_SHAPE,
    /** A configuration value is out of range. */
    INVALID_CONFIG,
    /** A vector has a component that is not finite, is too long to be compared, or has no direction under cosine. */
    INVALID_VECTOR,
    /** k is not within 1..{@code Searcher.MAX_K}. */
    INVALID_K,
    /** The beam is not within 0..{@code Searcher.MAX_K}. */
    INVALID_BEAM,
    /** The payload is longer than the limit. */
    PAYLOAD_TOO_LARGE,
    /** The next file would exceed the store's budget; delete points or raise the budget. */
    BUDGET_EXCEEDED,
    /** The file system has not enough room for the next file. */
    DISK_FULL,
    /** A file has the wrong magic, checksum, length or contents. */
    CORRUPT_FILE,
    /** A file was written by another format version. */
    UNSUPPORTED_VERSION,
    /** The files on disk hold another dimension, metric or segment size than the configuration asks for. */
    SHAPE_MISMATCH,
    /** Another process or store has the directory open. */
    STORE_LOCKED,
    /** The store is closed. */
    STORE_CLOSED,
    /** The operating system failed a file operation. */
    IO_FAILED
}
