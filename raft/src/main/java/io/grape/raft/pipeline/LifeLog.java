package io.grape.raft.pipeline;

import io.grape.raft.core.LifeNotice;
import io.grape.raft.core.RaftOutput;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the operator what the core noticed about the lives of nodes, and what to do. Thread: the pipeline's. */
final class LifeLog {
    private static final Logger LOG = LoggerFactory.getLogger(LifeLog.class);

    private LifeLog() {}

    /** Logs the notice of a batch, if there is one. */
    static void report(RaftOutput output, int nodeId) {
        LifeNotice notice = output.lifeNotice();
        if (notice == LifeNotice.NONE) {
            return;
        }
        String text = textOf(notice);
        int group = output.lifeNoticeGroupId();
        int about = output.lifeNoticeNodeId();
        switch (notice) {
            case FORMED -> LOG.info("node={} group={} {}", nodeId, group, text);
            case WAITS_FOR_MEMBER -> LOG.warn("node={} group={} member={} {}", nodeId, group, about, text);
            default -> LOG.error("node={} group={} member={} notice={} {}", nodeId, group, about, notice, text);
        }
    }

    static String textOf(LifeNotice notice) {
        return switch (notice) {
            case NONE -> "";
            case FORMED -> "may vote: every first member has been heard";
            case WAITS_FOR_MEMBER ->
                "its data directory is new and it must hear this member once before it may vote; start that member, or read"
                        + " about --form-without-absent";
            case PEER_HAS_OTHER_DISK ->
                "runs on another data directory than the one that is this member, so it was wiped or replaced: it is refused"
                        + " as a voter until it is removed from the group, added as a learner, and promoted";
            case PEER_HAS_OLD_COPY ->
                "runs on an old copy of its data directory and is refused: empty the directory, remove the member, add it as"
                        + " a learner, and promote it";
            case PEER_LOST_ACKNOWLEDGED ->
                "holds less than it acknowledged and is refused: check its disk, empty its data directory, remove the"
                        + " member, add it as a learner, and promote it";
            case SELF_HAS_OTHER_DISK ->
                "knows this node by another data directory, so this one does not vote: put the other one back, or remove"
                        + " this node from the group and add it again as a learner";
            case SELF_IS_EXCLUDED ->
                "knows a later life of this data directory, or that it lost what it acknowledged, so it will never vote:"
                        + " empty it, remove this node from the group, and add it again as a learner";
        };
    }
}
