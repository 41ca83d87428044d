package io.grape.simulation.workload;

/** Hears what clients were told. */
@FunctionalInterface
public interface WorkloadListener {
    /** A client was told that its write is done. */
    void onAcknowledged(int groupId, long clientId, long sequence, long index);
}
