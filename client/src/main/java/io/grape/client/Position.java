package io.grape.client;

/**
 * A place in a group's log: what "as new as" is measured in.
 *
 * @param groupId group that committed the entry
 * @param index   index of the entry in the group's log
 */
public record Position(int groupId, long index) {}
