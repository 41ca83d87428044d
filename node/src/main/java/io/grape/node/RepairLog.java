package io.grape.node;

import io.grape.codecs.FaultException;
import io.grape.raft.journal.Journal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the operator what was found damaged, and that the group's other members repair it. Thread: the one that starts. */
final class RepairLog {
    private static final Logger LOG = LoggerFactory.getLogger(RepairLog.class);

    private RepairLog() {}

    /** One line for each damage: it names segment, offset and group. */
    static void report(Journal journal, int nodeId) {
        for (FaultException damage : journal.damages()) {
            LOG.error(
                    "node={} repairs damage: its replica neither votes nor leads until the other members have sent what"
                            + " was lost; check this disk. code={} text={}",
                    nodeId,
                    damage.code(),
                    damage.getMessage());
        }
    }
}
