package io.grape.raft.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.raft.core.membership.Membership;
import io.grape.raft.spec.Falsifications;
import io.grape.raft.spec.TlcRun;
import io.grape.raft.spec.TraceEvent;
import io.grape.raft.spec.TraceModule;
import io.grape.raft.spec.TraceMutant;
import io.grape.raft.spec.TraceRecorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Runs of the core under faults are behaviours of the specification, and falsified ones are not: what TLC says of traces.
 *
 * <p>{@code -Dgrape.raft.traceSeeds=n} looks at more seeds of each schedule; {@code -Dgrape.raft.traceDirectory=d} keeps the
 * modules, for a run by hand.
 */
class TraceScenario {
    private static final long MS = SimCluster.MS;
    private static final RaftTiming TIMING = new RaftTiming(100 * MS, 40 * MS, 30 * MS, 4);
    private static final int MAX_EVENTS = 390;
    private static final int MUTANTS_PER_KIND = 4;
    private static final int SEEDS = Integer.getInteger("grape.raft.traceSeeds", 1);

    /** A cluster, what goes wrong in it, what is asked of it by the millisecond, and what a trace of it must show. */
    private enum Schedule {
        QUIET(3, 3, SimFaults.NONE, 5, 0, "ask", "heartbeat", "a leader without a quorum"),
        RESTING(3, 3, new SimFaults(0, 0, 2, 3, 0, 1, 0), 0, 0, "heartbeat", "speakUp"),
        LOSSY(5, 5, new SimFaults(60, 40, 8, 4, 4, 4, 0), 2, 0, "restart", "heartbeat", "a double vote"),
        CRASHING(3, 3, new SimFaults(20, 20, 6, 20, 5, 20, 0), 2, 0, "restart", "cut", "a double vote"),
        MEMBERS(4, 2, new SimFaults(10, 10, 4, 1, 1, 3, 0), 10, 60, "configuration", "ask", "restart"),
        GROWING(3, 1, new SimFaults(10, 10, 4, 0, 0, 3, 0), 5, 40, "configuration", "command", "leader");

        private static final int BUSY = 49;
        private static final int ALMOST_IDLE = 4;

        final int size;
        final int voters;
        final SimFaults faults;
        final int transfer;
        final int change;
        final List<String> mustShow;

        /** @param transfer chance of a transfer in a step, of 1000; {@code change} likewise of a change of members */
        Schedule(int size, int voters, SimFaults faults, int transfer, int change, String... mustShow) {
            this.size = size;
            this.voters = voters;
            this.faults = faults;
            this.transfer = transfer;
            this.change = change;
            this.mustShow = List.of(mustShow);
        }

        /** Chance of a command in a step, of 1000; a group rests only when there is next to nothing to do. */
        int commands() {
            return this == RESTING ? ALMOST_IDLE : BUSY;
        }
    }

    private record Trace(long seed, List<TraceEvent> events, List<TraceMutant> mutants) {
        /** How often each action, each kind of falsified copy, and a cut of a log. */
        Map<String, Integer> contents() {
            Map<String, Integer> contents = new TreeMap<>();
            events.forEach(e -> contents.merge(e.action(), 1, Integer::sum));
            mutants.forEach(m -> contents.merge(m.name(), 1, Integer::sum));
            Map<Integer, Long> lengths = new TreeMap<>();
            for (TraceEvent event : events) {
                Long before = lengths.put(event.node(), event.view().last());
                if (event.is("receive")
                        && before != null
                        && before > event.view().last()) {
                    contents.merge("cut", 1, Integer::sum);
                }
            }
            return contents;
        }
    }

    @TempDir
    private Path temporary;

    @ParameterizedTest
    @EnumSource(Schedule.class)
    void aRunOfTheCoreIsABehaviourOfTheSpecificationAndFalsifiedOnesAreNot(Schedule schedule) throws IOException {
        List<Trace> traces = Stream.iterate(1L, seed -> seed + 1)
                .limit(10_000)
                .map(seed -> run(schedule, seed))
                .filter(trace -> trace.contents().keySet().containsAll(schedule.mustShow))
                .limit(SEEDS)
                .toList();
        assertThat(traces).as("seeds that show %s", schedule.mustShow).hasSize(SEEDS);
        for (Trace trace : traces) {
            judge(schedule, trace);
        }
    }

    /** The run ends early where a check of the simulator notices too. */
    @ParameterizedTest
    @EnumSource(
            value = InjectedBug.class,
            names = {
                "VOTE_ANSWERED_BEFORE_DURABLE",
                "VOTES_ASKED_BEFORE_OWN_VOTE_DURABLE",
                "APPEND_ACKED_BEFORE_DURABLE",
                "LEADER_COUNTS_UNSYNCED_ENTRIES"
            })
    void aRunOfABrokenCoreIsNoBehaviourOfTheSpecification(InjectedBug bug) throws IOException {
        TraceRecorder recorder = new TraceRecorder();
        try {
            run(Schedule.CRASHING, 1, bug.rules, recorder);
        } catch (IllegalStateException noticed) {
            assertThat(recorder.count())
                    .as("events before: %s", noticed.getMessage())
                    .isPositive();
        }
        List<TraceEvent> events = recorder.finish();
        String name = "Trace_" + bug;
        TlcRun tlc = check(new TraceModule(name, Schedule.CRASHING.size, Schedule.CRASHING.voters, events, List.of()));
        int end = tlc.reached().getOrDefault(0, 0);
        assertThat(tlc.passed()).as("%s: %s", name, tlc.withoutProgress()).isTrue();
        assertThat(tlc.accepts(0)).as("%s is accepted", name).isFalse();
        System.out.printf(Locale.ROOT, "%s: rejected at event %d: %s%n", bug, end, events.get(end - 1));
    }

    private static Trace run(Schedule schedule, long seed) {
        TraceRecorder recorder = new TraceRecorder();
        run(schedule, seed, RaftRules.PAPER, recorder);
        List<TraceEvent> events = recorder.finish();
        return new Trace(seed, events, new Falsifications(events, MUTANTS_PER_KIND).all());
    }

    private static void run(Schedule schedule, long seed, RaftRules rules, TraceRecorder recorder) {
        SimCluster cluster = new SimCluster(schedule.size, schedule.voters, TIMING, seed, rules, recorder);
        cluster.faults(schedule.faults);
        Random random = new Random(seed);
        while (recorder.count() < MAX_EVENTS) {
            cluster.step();
            SimReplica leader = cluster.leader();
            if (leader == null) {
                continue;
            }
            int chance = random.nextInt(1000);
            if (chance < schedule.change) {
                Membership target = target(leader.group.membership(), schedule.size, random);
                leader.batch(cluster.nowNs, g -> g.changeMembership(target, cluster.nowNs));
            } else if (chance < schedule.change + schedule.transfer) {
                int heir = random.nextInt(schedule.size);
                leader.batch(cluster.nowNs, g -> g.transferLeadership(heir, cluster.nowNs));
            } else if (chance >= 1000 - schedule.commands()) {
                byte[] payload = new byte[8];
                random.nextBytes(payload);
                cluster.propose(leader, payload);
            }
        }
    }

    /** Most members vote, and most of the others learn. */
    private static Membership target(Membership now, int size, Random random) {
        List<Integer> voters = new ArrayList<>();
        List<Integer> learners = new ArrayList<>();
        for (int id = 0; id < size; id++) {
            if (now.isMember(id) && random.nextInt(4) > 0) {
                voters.add(id);
            } else if (random.nextInt(3) > 0) {
                learners.add(id);
            }
        }
        return voters.isEmpty() ? now.left() : Membership.of(voters, learners);
    }

    private void judge(Schedule schedule, Trace trace) throws IOException {
        String name = String.format(Locale.ROOT, "Trace_%s_%d", schedule, trace.seed());
        List<TraceEvent> events = trace.events();
        List<TraceMutant> mutants = trace.mutants();
        TlcRun tlc = check(new TraceModule(name, schedule.size, schedule.voters, events, mutants));
        int end = tlc.reached().getOrDefault(0, 0);
        assertThat(tlc.accepts(0))
                .as(
                        "no step of the specification explains event %d of %s: %s%n%s",
                        end, name, end > 0 && end <= events.size() ? events.get(end - 1) : "", tlc.withoutProgress())
                .isTrue();
        assertThat(tlc.passed()).as("%s: %s", name, tlc.withoutProgress()).isTrue();
        for (int k = 1; k <= mutants.size(); k++) {
            assertThat(tlc.accepts(k))
                    .as("%s accepted: %s", name, mutants.get(k - 1))
                    .isFalse();
        }
        System.out.printf(
                Locale.ROOT,
                "%s: %d events accepted, %d falsified copies rejected, %d states; %s%n",
                name,
                events.size(),
                mutants.size(),
                tlc.distinctStates(),
                trace.contents());
    }

    private TlcRun check(TraceModule module) throws IOException {
        String kept = System.getProperty("grape.raft.traceDirectory");
        Path directory = kept == null ? temporary : Files.createDirectories(Path.of(kept));
        Files.writeString(directory.resolve(module.name() + ".tla"), module.text());
        return TlcRun.of(directory, module.name(), module.configuration(), TlcRun.SHORT);
    }
}
