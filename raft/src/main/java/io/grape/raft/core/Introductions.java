package io.grape.raft.core;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.AppendOutcome;
import io.grape.codecs.sbe.AppendReplyDecoder;
import io.grape.codecs.sbe.IntroductionDecoder;
import io.grape.codecs.sbe.LifeVerdict;
import io.grape.raft.core.membership.Membership;
import io.grape.raft.core.progress.Progress;
import io.grape.raft.core.quorum.Quorum;
import java.util.EnumMap;
import java.util.Map;
import org.agrona.collections.IntHashSet;
import org.agrona.collections.Long2LongHashMap;

/**
 * Tells the other members which life of which disk this is, and learns from them whether it may take part.
 *
 * <p>A replica introduces itself at each start, and again less and less often until it is answered. On a new disk the
 * answers form it (see {@link Formation}): each first member has to say that it knows this node as this disk only. Any other
 * answer withholds this replica's vote; the answer that this is an old copy does so for good. Thread: the group's pipeline.
 */
final class Introductions {
    private static final int LOSS_KNOWN = 1;
    private static final long NULL_DISK = -1;
    private static final int MAX_BACK_OFF = 4;
    private static final int ATTEMPTS_OF_A_FORMED_REPLICA = 5;

    private final RaftState state;
    private final RaftPublisher publisher;
    private final IntHashSet answered = new IntHashSet();
    private final Long2LongHashMap confirmedBy = new Long2LongHashMap(NULL_DISK);
    private final Map<LifeNotice, IntHashSet> noticed = new EnumMap<>(LifeNotice.class);
    private final long startNs;
    private boolean denied;
    private boolean done;
    private int attempts;
    private long nextNs;

    Introductions(RaftState state, RaftPublisher publisher, long nowNs) {
        this.state = state;
        this.publisher = publisher;
        this.startNs = nowNs;
        this.nextNs = nowNs;
        this.done = !state.lives.isTracked();
    }

    /** Introduces this replica when it is time to, and forms it when it may. */
    void tick(long nowNs, RaftOutput out) {
        if (done) {
            return;
        }
        if (state.lives.isVouchedFor()) {
            state.lives.form();
        }
        formIfAllAreHeard(nowNs, out);
        if (nowNs >= nextNs) {
            introduce(nowNs, out);
        }
    }

    /** Returns when {@link #tick} has something to do. */
    long nextDueNs() {
        return done ? Long.MAX_VALUE : nextNs;
    }

    private void formIfAllAreHeard(long nowNs, RaftOutput out) {
        if (mustForm() && !denied && hasFormed(nowNs)) {
            state.lives.form();
            notice(LifeNotice.FORMED, state.config.nodeId(), out);
        }
    }

    private void introduce(long nowNs, RaftOutput out) {
        boolean allAnswered = true;
        Membership membership = state.membership();
        for (int i = 0; i < membership.memberCount(); i++) {
            int nodeId = membership.member(i);
            if (nodeId != state.config.nodeId() && !answered.contains(nodeId)) {
                allAnswered = false;
                ask(nodeId, out);
                if (mustForm() && nowNs - startNs > state.config.timing().electionTimeoutNs()) {
                    notice(LifeNotice.WAITS_FOR_MEMBER, nodeId, out);
                }
            }
        }
        attempts++;
        done = !mustForm() && (allAnswered || attempts >= ATTEMPTS_OF_A_FORMED_REPLICA);
        // While it must form it also looks whether the absent have had their time, so the pause stays below a timeout
        // or two.
        nextNs = nowNs + (state.config.timing().heartbeatIntervalNs() << Math.min(attempts - 1, MAX_BACK_OFF));
    }

    private void ask(int nodeId, RaftOutput out) {
        publisher.introduction(out.sendNow(), nodeId, LifeVerdict.ASKED, 0, 0);
    }

    /** Whether this replica is a first member on a disk that does not belong to the group yet. */
    private boolean mustForm() {
        return !state.lives.isJoined()
                && !state.lives.isExcluded()
                && state.membership().diskId(state.config.nodeId()) == 0
                && state.config.members().contains(state.config.nodeId());
    }

    private boolean hasFormed(long nowNs) {
        int others = state.config.members().size() - 1;
        int confirmed = 0;
        for (int nodeId : state.config.members()) {
            boolean isOther = nodeId != state.config.nodeId();
            confirmed += isOther && confirmedBy.get(nodeId) == state.lives.diskOf(nodeId) ? 1 : 0;
        }
        boolean waited = nowNs - startNs >= state.config.timing().electionTimeoutNs();
        boolean mayLeaveOut = state.config.life().formation() == Formation.WITHOUT_ABSENT && waited;
        return mayLeaveOut ? confirmed + 1 >= Quorum.majority(others + 1) : state.rules.hasFormed(confirmed, others);
    }

    /**
     * Takes an introduction or the answer to one.
     *
     * @return whether this replica has just learnt that it may never vote again
     */
    boolean onIntroduction(IntroductionDecoder message, long nowNs, RaftOutput out) {
        int source = message.sourceNodeId();
        if (!state.rules.isOurGroup(message.groupId(), state.config.groupId())
                || source < 0
                || source == state.config.nodeId()) {
            state.counters.foreign++;
            return false;
        }
        if (message.verdict() == LifeVerdict.ASKED) {
            answer(source, message.diskId(), message.incarnation(), out);
            return false;
        }
        boolean aboutThisLife = message.subjectDiskId() == state.config.diskId()
                && message.subjectIncarnation() == state.config.incarnation();
        if (!aboutThisLife) {
            return false;
        }
        boolean excluded = learn(message.verdict(), source, message.diskId(), message.incarnation(), out);
        formIfAllAreHeard(nowNs, out);
        return excluded;
    }

    private void answer(int source, long diskId, long incarnation, RaftOutput out) {
        LifeVerdict verdict = state.lives.judge(source, diskId, incarnation);
        if (verdict == LifeVerdict.KNOWN && !state.membership().isMember(source)) {
            verdict = LifeVerdict.NOT_A_MEMBER;
        }
        if (verdict == LifeVerdict.KNOWN) {
            state.lives.remember(source, diskId, incarnation);
            if (!done && !confirmedBy.containsKey(source)) {
                ask(source, out);
            }
        } else if (verdict != LifeVerdict.NOT_A_MEMBER) {
            notice(noticeOf(verdict), source, out);
        }
        publisher.introduction(out.sendOnceDurable(), source, verdict, diskId, incarnation);
    }

    private boolean learn(LifeVerdict verdict, int source, long diskId, long incarnation, RaftOutput out) {
        switch (verdict) {
            case KNOWN -> {
                if (state.lives.judge(source, diskId, incarnation) == LifeVerdict.KNOWN) {
                    state.lives.remember(source, diskId, incarnation);
                    answered.add(source);
                    confirm(source, diskId);
                }
            }
            case OTHER_DISK -> {
                denied = true;
                if (!state.lives.isJoined()) {
                    notice(LifeNotice.SELF_HAS_OTHER_DISK, source, out);
                }
            }
            case LATER_LIFE, LOST_ACKNOWLEDGED -> {
                boolean first = !state.lives.isExcluded();
                if (first) {
                    state.lives.excludeSelf();
                }
                notice(LifeNotice.SELF_IS_EXCLUDED, source, out);
                return first;
            }
            default -> {
                // NOT_A_MEMBER: a change of members takes this node in, or nothing does.
            }
        }
        return false;
    }

    /** A confirmation is of one disk: if that first member is wiped before we have formed, the new one must confirm too. */
    private void confirm(int source, long diskId) {
        confirmedBy.put(source, diskId);
    }

    /**
     * Returns whether the peer lacks what its earlier life acknowledged in this term, and does not say that it knows. It is
     * told, and heard no more.
     */
    @HotPath
    boolean noticesLoss(AppendReplyDecoder reply, Progress peer, RaftOutput out) {
        if (peer.ackedBefore() == 0) {
            return false;
        }
        if (reply.lossKnown() == LOSS_KNOWN) {
            peer.forgive();
            return false;
        }
        boolean conflict = reply.outcomeRaw() == AppendOutcome.CONFLICT.value();
        if (!state.rules.hasLostAcknowledged(conflict && peer.conflictStands(reply.requestId()))) {
            return false;
        }
        accuse(peer.nodeId(), out);
        return true;
    }

    private void accuse(int nodeId, RaftOutput out) {
        long diskId = state.lives.diskOf(nodeId);
        long incarnation = state.lives.incarnationOf(nodeId);
        publisher.introduction(out.sendOnceDurable(), nodeId, LifeVerdict.LOST_ACKNOWLEDGED, diskId, incarnation);
        notice(LifeNotice.PEER_LOST_ACKNOWLEDGED, nodeId, out);
        state.lives.exclude(nodeId);
    }

    /** Once a kind, a node and a life of this process. */
    private void notice(LifeNotice kind, int nodeId, RaftOutput out) {
        IntHashSet nodes = noticed.computeIfAbsent(kind, key -> new IntHashSet());
        if (!nodes.contains(nodeId) && out.notice(kind, state.config.groupId(), nodeId)) {
            nodes.add(nodeId);
        }
    }

    private static LifeNotice noticeOf(LifeVerdict verdict) {
        return switch (verdict) {
            case OTHER_DISK -> LifeNotice.PEER_HAS_OTHER_DISK;
            case LATER_LIFE -> LifeNotice.PEER_HAS_OLD_COPY;
            default -> LifeNotice.PEER_LOST_ACKNOWLEDGED;
        };
    }
}
