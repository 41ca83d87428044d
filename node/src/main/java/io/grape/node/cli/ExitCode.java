package io.grape.node.cli;

import io.grape.codecs.sbe.ErrorCode;

/**
 * How {@code grape} ends. The numbers above 63 are those of {@code sysexits.h}; they never change.
 */
public final class ExitCode {
    /** Done. */
    public static final int OK = 0;
    /** It ran, and what it was to prove does not hold: a write is lost, or neighbours differ. */
    public static final int CHECK_FAILED = 1;
    /** The command line is wrong. */
    public static final int USAGE = 2;
    /** The cluster refused the request; the message begins with the code. */
    public static final int REFUSED = 3;
    /** No node answered in time, no leader could be elected, or no JDK 25 was found. */
    public static final int UNAVAILABLE = 69;
    /** A defect in Grape. */
    public static final int DEFECT = 70;
    /** A disk, file, port or driver failed. */
    public static final int FAULT = 74;
    /** The configuration, or the data directory that it names, is not acceptable. */
    public static final int CONFIGURATION = 78;

    private ExitCode() {}

    /** Returns how a command ends that failed with this code. */
    public static int of(ErrorCode code) {
        return switch (code) {
            case OK -> OK;
            case NOT_LEADER, BACK_PRESSURE, NODE_STOPPING, POSITION_NOT_REACHED, LEADERSHIP_LOST, TIMED_OUT ->
                UNAVAILABLE;
            case PORT_IN_USE, DATA_LOCKED, DISK_SPACE, STORAGE_FULL, DATA_CORRUPT, IO_FAILURE -> FAULT;
            case DATA_OWNED_BY_OTHER_NODE, DATA_FORMAT_UNSUPPORTED, INVALID_CONFIGURATION -> CONFIGURATION;
            case INTERNAL, CLIENT_CLOSED, NULL_VAL -> DEFECT;
            default -> REFUSED;
        };
    }
}
