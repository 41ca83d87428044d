package io.grape.raft.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.grape.raft.core.RaftTiming;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three nodes, each with one pipeline of many groups over a real journal, on virtual time. */
class ManyGroupsScenario {
    private static final long MS = GroupCluster.MS;
    private static final RaftTiming RESTING = GroupNode.TIMING.withHibernationAfter(100 * MS);
    private static final int HEARTBEATS_PER_SECOND = 25;

    @TempDir
    Path directory;

    @ParameterizedTest(name = "groups={0}")
    @ValueSource(ints = {1, 64, 1024})
    void allGroupsElectWriteRestLoseANodeRecoverAndRestAgain(int groups) throws Exception {
        try (GroupCluster cluster = new GroupCluster(3, groups, RESTING, directory)) {
            cluster.awaitLeaders(3_000);
            cluster.proposeToAll();
            cluster.run(50);
            assertApplied(cluster, 1);

            cluster.run(600);
            assertResting(cluster);
            assertIdleCost(cluster, 3);

            GroupNode victim = cluster.living().stream()
                    .max(Comparator.comparingInt(GroupNode::ledGroups))
                    .orElseThrow();
            int led = victim.ledGroups();
            cluster.kill(victim.nodeId);
            assertSpreadRecovery(cluster, groups, led);
            cluster.proposeToAll();
            cluster.run(50);
            assertApplied(cluster, 2);

            cluster.start(victim.nodeId);
            cluster.run(1_000);
            assertThat(cluster.node(victim.nodeId)
                            .groups
                            .at(groups - 1)
                            .status()
                            .commitIndex())
                    .isEqualTo(cluster.leaderOf(groups - 1)
                            .groups
                            .at(groups - 1)
                            .status()
                            .commitIndex());
            assertResting(cluster);
            assertIdleCost(cluster, 3);
        }
    }

    private static void assertApplied(GroupCluster cluster, long commands) {
        for (GroupNode node : cluster.living()) {
            assertThat(node.appliedCommands).as("node " + node.nodeId).containsOnly(commands);
        }
    }

    private static void assertResting(GroupCluster cluster) {
        for (GroupNode node : cluster.living()) {
            long awake = IntStream.range(0, node.groups.count())
                    .filter(slot -> !node.groups.at(slot).group.isHibernating())
                    .count();
            assertThat(awake).as("groups awake at node " + node.nodeId).isZero();
        }
    }

    /** What flows and what is looked at depends on the nodes, not on the groups. */
    private static void assertIdleCost(GroupCluster cluster, int nodes) throws Exception {
        long frames = cluster.frames();
        long visits = visits(cluster);
        cluster.run(1_000);
        int links = nodes * (nodes - 1);
        // A frame and its answer on every link, if every node leads a group.
        assertThat(cluster.frames() - frames)
                .as("frames in an idle second")
                .isBetween(HEARTBEATS_PER_SECOND * 2L, 2L * links * (HEARTBEATS_PER_SECOND + 1));
        assertThat(visits(cluster) - visits).as("groups looked at").isZero();
        assertResting(cluster);
    }

    private static long visits(GroupCluster cluster) {
        return cluster.living().stream()
                .mapToLong(node -> node.consensus.counters().visits())
                .sum();
    }

    /** Every group has a leader again soon, and they did not all stand at once. */
    private static void assertSpreadRecovery(GroupCluster cluster, int groups, int led) throws Exception {
        boolean[] had = new boolean[groups];
        Set<Integer> times = new HashSet<>();
        int orphans = 0;
        for (int slot = 0; slot < groups; slot++) {
            had[slot] = cluster.leaderOf(slot) != null;
            orphans += had[slot] ? 0 : 1;
        }
        assertThat(orphans).isEqualTo(led);
        int left = orphans;
        for (int ms = 0; ms < 3_000 && left > 0; ms++) {
            cluster.run(1);
            for (int slot = 0; slot < groups; slot++) {
                if (!had[slot] && cluster.leaderOf(slot) != null) {
                    had[slot] = true;
                    left--;
                    times.add(ms);
                }
            }
        }
        assertThat(left).as("groups without a leader after 3 s").isZero();
        assertThat(times.size()).as("milliseconds in which leaders came up").isGreaterThan(Math.min(led / 3, 30));
    }

    @Test
    void anIdleTurnAndAProposalOfSixtyFourGroupsAllocateNothing() throws Exception {
        try (GroupCluster cluster = new GroupCluster(3, 64, RESTING, directory)) {
            cluster.awaitLeaders(3_000);
            for (int i = 0; i < 300; i++) {
                cluster.proposeToAll();
                cluster.run(5);
            }
            assertThat(quietWindows(cluster, 40, true))
                    .as("of 40 windows with proposals")
                    .isGreaterThan(10);
            cluster.run(2_000);
            assertResting(cluster);
            assertThat(quietWindows(cluster, 20, false))
                    .as("of 20 idle windows")
                    .isGreaterThan(15);
        }
    }

    private static int quietWindows(GroupCluster cluster, int windows, boolean withLoad) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        GroupNode[] leaders = new GroupNode[64];
        for (int slot = 0; slot < 64; slot++) {
            leaders[slot] = cluster.leaderOf(slot);
        }
        long id = Thread.currentThread().threadId();
        int quiet = 0;
        for (int window = 0; window < windows; window++) {
            long before = threads.getThreadAllocatedBytes(id);
            for (int turn = 0; turn < 5; turn++) {
                for (int slot = 0; slot < 64 && withLoad; slot++) {
                    cluster.propose(leaders[slot], slot, 64);
                }
                cluster.run(20);
            }
            quiet += threads.getThreadAllocatedBytes(id) == before ? 1 : 0;
        }
        return quiet;
    }

    @Test
    void aReadWakesItsGroupAndIsConfirmedByAQuorum() throws Exception {
        try (GroupCluster cluster = new GroupCluster(3, 8, RESTING, directory)) {
            cluster.awaitLeaders(3_000);
            cluster.run(1_000);
            assertResting(cluster);
            GroupNode leader = cluster.leaderOf(5);
            cluster.read(leader, 5, 77);
            cluster.run(5);
            assertThat(leader.answers).containsExactly("ready r77");
            assertThat(leader.groups.at(5).group.isHibernating()).isFalse();
            assertThat(leader.groups.at(4).group.isHibernating())
                    .as("another group")
                    .isTrue();
        }
    }

    @Test
    void aRestingLeaderThatIsCutOffConfirmsNoReadAndLosesItsOffice() throws Exception {
        try (GroupCluster cluster = new GroupCluster(3, 8, RESTING, directory)) {
            cluster.awaitLeaders(3_000);
            cluster.run(1_000);
            assertResting(cluster);
            GroupNode old = cluster.leaderOf(3);
            cluster.isolate(old.nodeId, true);
            cluster.read(old, 3, 78);
            cluster.run(150);
            assertThat(old.answers).as("no quorum, no answer").isEmpty();
            cluster.run(1_500);
            assertThat(old.answers).hasSize(1).allMatch(answer -> answer.startsWith("refused 78"));
            assertThat(old.ledGroups())
                    .as("check-quorum ended every one of its leaders")
                    .isZero();
            cluster.awaitLeaders(1_000);
            cluster.isolate(old.nodeId, false);
            cluster.run(1_500);
            assertResting(cluster);
            for (int slot = 0; slot < 8; slot++) {
                int at = slot;
                List<Long> terms = cluster.living().stream()
                        .map(node -> node.groups.at(at).status().term())
                        .distinct()
                        .toList();
                assertThat(terms).as("slot %d", slot).hasSize(1);
            }
        }
    }

    @Test
    void aFollowerThatRestartsQuicklyWakesItsLeadersAndDisturbsNone() throws Exception {
        try (GroupCluster cluster = new GroupCluster(3, 64, RESTING, directory)) {
            cluster.awaitLeaders(3_000);
            cluster.run(1_000);
            assertResting(cluster);
            GroupNode victim = cluster.living().stream()
                    .min(Comparator.comparingInt(GroupNode::ledGroups))
                    .orElseThrow();
            long[] terms = new long[64];
            boolean[] own = new boolean[64];
            for (int slot = 0; slot < 64; slot++) {
                terms[slot] = victim.groups.at(slot).status().term();
                own[slot] = victim.leads(slot);
            }
            cluster.kill(victim.nodeId);
            cluster.start(victim.nodeId);
            cluster.run(80);
            GroupNode again = cluster.node(victim.nodeId);
            for (int slot = 0; slot < 64; slot++) {
                assertThat(own[slot] || again.groups.at(slot).status().leaderNodeId() >= 0)
                        .as("slot %d hears its leader well before an election timeout", slot)
                        .isTrue();
            }
            cluster.run(1_500);
            cluster.awaitLeaders(500);
            assertResting(cluster);
            for (int slot = 0; slot < 64; slot++) {
                if (!own[slot]) {
                    assertThat(cluster.leaderOf(slot).groups.at(slot).status().term())
                            .as("slot %d has its leader still", slot)
                            .isEqualTo(terms[slot]);
                }
            }
        }
    }
}
