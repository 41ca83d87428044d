package io.grape.node;

import io.grape.raft.journal.segment.FileOps;
import io.grape.raft.journal.segment.PlatformFiles;
import io.grape.transport.fault.LinkFaults;

/**
 * Where tests put themselves between a node and the world. Given by the program that embeds the node, never by configuration.
 *
 * @param links what goes wrong between this node and its peers
 * @param files the journal's file system, for a member of a cluster
 */
public record NodeSeams(LinkFaults links, FileOps files) {
    /** The world as it is. */
    public static final NodeSeams NONE = new NodeSeams(LinkFaults.NONE, new PlatformFiles());
}
