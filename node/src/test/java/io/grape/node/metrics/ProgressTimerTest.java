package io.grape.node.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProgressTimerTest {
    /** A group that the test moves. */
    private static final class Moved implements GroupProgress {
        private final int groupId;
        private boolean leads;
        private int leader = -1;
        private long term;
        private long last;
        private long commit;
        private long applied;

        Moved(int groupId) {
            this.groupId = groupId;
        }

        @Override
        public int groupId() {
            return groupId;
        }

        @Override
        public boolean isLeader() {
            return leads;
        }

        @Override
        public int leaderNodeId() {
            return leader;
        }

        @Override
        public long term() {
            return term;
        }

        @Override
        public long lastIndex() {
            return last;
        }

        @Override
        public long commitIndex() {
            return commit;
        }

        @Override
        public long applied() {
            return applied;
        }
    }

    private final Moved group = new Moved(3);
    private final AtomicLong clock = new AtomicLong();
    private final List<String> heard = new ArrayList<>();
    private final ProgressTimer timer = new ProgressTimer(
            List.of(group),
            clock::get,
            (id, term, leader, here) -> heard.add(id + ":" + term + ":" + leader + ":" + here));
    private final PrometheusRegistry registry = new PrometheusRegistry();

    ProgressTimerTest() {
        timer.register(new Registrar(registry));
    }

    @Test
    void anEntryIsTimedToItsCommitAndToItsApplication() {
        lead(1);
        group.last = 10;
        turn(0);
        turn(1_000_000);
        group.commit = 10;
        turn(3_000_000);
        group.applied = 10;
        turn(4_000_000);
        turn(9_000_000);
        assertThat(Scrape.text(registry))
                .contains("grape_commit_seconds_count 1")
                .contains("grape_commit_seconds_sum 0.003")
                .contains("grape_apply_seconds_count 1")
                .contains("grape_apply_seconds_sum 0.004");
    }

    @Test
    void entriesOfAnEarlierLeadershipAreNotTimed() {
        lead(1);
        group.last = 10;
        turn(0);
        group.leads = false;
        group.leader = 2;
        group.term = 2;
        turn(1);
        group.commit = 10;
        group.applied = 10;
        lead(3);
        turn(5_000_000);
        assertThat(Scrape.text(registry)).contains("grape_commit_seconds_count 0");
        assertThat(heard).containsExactly("3:1:1:true", "3:2:2:false", "3:3:1:true");
        assertThat(Scrape.text(registry))
                .contains("grape_raft_elections_won_total 2")
                .contains("grape_raft_leader_changes_total 3")
                .contains("grape_raft_term_changes_total 3");
    }

    @Test
    void moreEntriesThanMarksCostNothingButSamples() {
        lead(1);
        for (int turn = 0; turn < 1_000; turn++) {
            group.last++;
            turn(turn);
        }
        group.commit = 1_000;
        group.applied = 1_000;
        turn(1_000);
        // One mark is the last entry of the time before this node led.
        assertThat(Scrape.text(registry)).contains("grape_commit_seconds_count 256");
        group.last = 1_001;
        turn(1_001);
        group.commit = 1_001;
        turn(1_002);
        assertThat(Scrape.text(registry)).contains("grape_commit_seconds_count 257");
    }

    @Test
    void ofManyGroupsEachGetsItsTurn() {
        List<Moved> many = IntStream.range(0, 100).mapToObj(Moved::new).toList();
        ProgressTimer round = new ProgressTimer(many, clock::get, (id, _, _, _) -> heard.add("" + id));
        many.forEach(moved -> moved.term = 1);
        round.doWork();
        assertThat(heard).hasSize(64);
        round.doWork();
        assertThat(heard).hasSize(100);
    }

    private void lead(long term) {
        group.leads = true;
        group.leader = 1;
        group.term = term;
        timer.doWork();
    }

    private void turn(long nowNs) {
        clock.set(nowNs);
        timer.doWork();
    }
}
