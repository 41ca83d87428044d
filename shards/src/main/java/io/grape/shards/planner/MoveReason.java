package io.grape.shards.planner;

/** Why a replica moves, in the order in which moves are made. */
public enum MoveReason {
    /** The node that held it is gone or drained, or the unit has fewer replicas than it should. */
    REPAIR,
    /** Its zone holds more replicas of the unit than it must. */
    ZONE,
    /** Its node holds more than its quota. */
    COUNT,
    /** Its node works more than its share. */
    LOAD
}
