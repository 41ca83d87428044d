package io.grape.raft.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.codecs.FrameCheck;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.raft.core.RaftTiming;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** Nodes with many groups each, on virtual time and a network that delivers at once. One step is one millisecond. */
final class GroupCluster implements AutoCloseable {
    static final long MS = 1_000_000;

    private final List<@Nullable GroupNode> nodes = new ArrayList<>();
    private final List<Integer> members;
    private final int groupCount;
    private final RaftTiming timing;
    private final Path directory;
    private final boolean[] cut;
    private final int[] lives;
    private final UnsafeBuffer body = new UnsafeBuffer(new byte[512]);
    private long frames;
    private long nowNs;

    GroupCluster(int size, int groupCount, RaftTiming timing, Path directory) {
        this.groupCount = groupCount;
        this.timing = timing;
        this.directory = directory;
        this.members = IntStream.range(0, size).boxed().toList();
        this.cut = new boolean[size * size];
        this.lives = new int[size];
        for (int id : members) {
            nodes.add(null);
            start(id);
        }
    }

    /** Starts a node over what its directory holds. */
    void start(int id) {
        PeerSender sender = (to, message, offset, length) -> deliver(id, to, message, offset, length);
        nodes.set(
                id,
                new GroupNode(
                        new GroupNode.Life(id, members, ++lives[id]),
                        groupCount,
                        timing,
                        directory.resolve("n" + id),
                        () -> nowNs,
                        sender));
    }

    private boolean deliver(int from, int to, DirectBuffer message, int offset, int length) {
        frames++;
        GroupNode target = nodes.get(to);
        if (target == null || cut[from * members.size() + to]) {
            return true;
        }
        if (FrameCheck.check(message, offset, length) != ErrorCode.OK) {
            throw new AssertionError("node " + from + " sent a malformed frame");
        }
        return target.inbound.offerRaft(0, message, offset, length);
    }

    /** Ends a node; what was not forced is whatever the files hold. */
    void kill(int id) {
        node(id).close();
        nodes.set(id, null);
    }

    /** Cuts one direction of a link, or heals it. */
    void cut(int from, int to, boolean isCut) {
        cut[from * members.size() + to] = isCut;
    }

    /** Cuts a node off, both ways. */
    void isolate(int id, boolean isCut) {
        for (int other : members) {
            cut(id, other, isCut);
            cut(other, id, isCut);
        }
    }

    GroupNode node(int id) {
        return Objects.requireNonNull(nodes.get(id));
    }

    List<GroupNode> living() {
        return nodes.stream().filter(Objects::nonNull).toList();
    }

    long frames() {
        return frames;
    }

    long nowNs() {
        return nowNs;
    }

    void run(int ms) throws Exception {
        for (int i = 0; i < ms; i++) {
            nowNs += MS;
            for (int id = 0; id < nodes.size(); id++) {
                GroupNode node = nodes.get(id);
                if (node != null) {
                    node.step();
                }
            }
        }
    }

    /** The leader of a group that has applied the first entry of its term, or null. */
    @Nullable
    GroupNode leaderOf(int slot) {
        GroupNode found = null;
        for (GroupNode node : nodes) {
            if (node != null && node.leads(slot)) {
                GroupSlot group = node.groups.at(slot);
                boolean ready = group.applied().get() >= group.status().readyIndex();
                boolean newer = found == null
                        || group.status().term()
                                > found.groups.at(slot).status().term();
                found = ready && newer ? node : found;
            }
        }
        return found;
    }

    /** Runs until every group has a leader; returns the milliseconds it took. */
    int awaitLeaders(int withinMs) throws Exception {
        for (int ms = 0; ms < withinMs; ms++) {
            if (IntStream.range(0, groupCount).allMatch(slot -> leaderOf(slot) != null)) {
                return ms;
            }
            run(1);
        }
        long leaderless = IntStream.range(0, groupCount)
                .filter(slot -> leaderOf(slot) == null)
                .count();
        throw new AssertionError(leaderless + " groups have no leader after " + withinMs + " ms of virtual time");
    }

    void propose(int slot, int length) {
        GroupNode leader = leaderOf(slot);
        if (leader == null) {
            throw new AssertionError("no leader of slot " + slot);
        }
        propose(leader, slot, length);
    }

    void propose(GroupNode leader, int slot, int length) {
        if (!leader.inbound.offerProposal(GroupNode.groupId(slot), 1, slot, body, 0, length)) {
            throw new AssertionError("the ring is full");
        }
    }

    void read(GroupNode node, int slot, long correlationId) {
        int length = body.putStringWithoutLengthAscii(0, "r" + correlationId);
        assertThat(node.inbound.offerRead(
                        GroupNode.groupId(slot), 1, correlationId, Freshness.LINEARIZABLE, 0, body, 0, length))
                .isTrue();
    }

    /** One command to every group; the ring takes as many as it can a step. */
    void proposeToAll() throws Exception {
        for (int slot = 0; slot < groupCount; slot++) {
            propose(slot, 64);
            if (slot % 256 == 255) {
                run(1);
            }
        }
    }

    @Override
    public void close() {
        living().forEach(GroupNode::close);
    }
}
