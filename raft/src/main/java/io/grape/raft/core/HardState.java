package io.grape.raft.core;

/**
 * What a group must remember across a restart besides its log.
 *
 * @param term        current term
 * @param votedFor    node voted for in that term, or {@code -1}
 * @param commitIndex highest index known to be committed
 */
public record HardState(long term, int votedFor, long commitIndex) {}
