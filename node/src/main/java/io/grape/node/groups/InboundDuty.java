package io.grape.node.groups;

import io.grape.codecs.HotPath;

/**
 * Something that a node does now and then on its own account, mostly by proposing entries: the inbound agent's thread is the
 * only one that may put anything into the pipeline. Must not block.
 */
@FunctionalInterface
public interface InboundDuty {
    /**
     * Does what is due.
     *
     * @param nowNs monotonic
     * @return work done
     */
    @HotPath
    int doWork(long nowNs);
}
