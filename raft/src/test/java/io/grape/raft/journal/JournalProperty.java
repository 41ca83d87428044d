package io.grape.raft.journal;

import static io.grape.raft.journal.Journals.append;
import static io.grape.raft.journal.Journals.assertEntry;
import static org.assertj.core.api.Assertions.assertThat;

import io.grape.raft.core.HardState;
import io.grape.raft.core.RaftLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/** Whatever the groups do, and whenever the process dies, what was flushed comes back and nothing else. */
class JournalProperty {
    private static final int GROUPS = 3;
    private static final Path DIRECTORY = Path.of("virtual");

    enum Kind {
        APPEND,
        TRUNCATE,
        HARD_STATE,
        COMPACT,
        INSTALL,
        FLUSH,
        FORCE,
        MAINTAIN,
        RESTART
    }

    record Step(Kind kind, int group, int size) {}

    @Provide
    Arbitrary<Step> steps() {
        Arbitrary<Kind> kinds = Arbitraries.frequency(
                net.jqwik.api.Tuple.of(12, Kind.APPEND),
                net.jqwik.api.Tuple.of(2, Kind.TRUNCATE),
                net.jqwik.api.Tuple.of(4, Kind.HARD_STATE),
                net.jqwik.api.Tuple.of(2, Kind.COMPACT),
                net.jqwik.api.Tuple.of(1, Kind.INSTALL),
                net.jqwik.api.Tuple.of(6, Kind.FLUSH),
                net.jqwik.api.Tuple.of(3, Kind.FORCE),
                net.jqwik.api.Tuple.of(3, Kind.MAINTAIN),
                net.jqwik.api.Tuple.of(1, Kind.RESTART));
        return Combinators.combine(
                        kinds,
                        Arbitraries.integers().between(0, GROUPS - 1),
                        Arbitraries.integers().between(0, 400))
                .as(Step::new);
    }

    @Property(tries = 300, shrinking = ShrinkingMode.BOUNDED)
    void whatWasFlushedComesBackAndNothingElse(
            @ForAll JournalBackEnd backEnd,
            @ForAll @net.jqwik.api.constraints.Size(max = 400) List<@net.jqwik.api.From("steps") Step> steps) {
        VirtualFiles files = new VirtualFiles();
        JournalConfig config = Journals.small(DIRECTORY, backEnd).withMaxAmplification(2);
        Map<Integer, Model> staged = models();
        Map<Integer, Model> flushed = models();
        Journal journal = Journal.open(config, files);
        for (Step step : steps) {
            Model model = staged.get(step.group());
            GroupLog log = journal.group(step.group());
            switch (step.kind()) {
                case FLUSH -> {
                    journal.flush();
                    staged.forEach((group, state) -> flushed.put(group, state.copy()));
                }
                case FORCE -> journal.force();
                case MAINTAIN -> journal.maintain();
                case RESTART -> {
                    journal.close();
                    files = files.copy();
                    journal = Journal.open(config, files);
                    flushed.forEach((group, state) -> staged.put(group, state.copy()));
                    compare(journal, staged);
                }
                default -> {
                    if (journal.remainingBatchBytes() < 600) {
                        journal.flush();
                        staged.forEach((group, state) -> flushed.put(group, state.copy()));
                    }
                    model.apply(step, log);
                }
            }
        }
        compare(journal, staged);
        journal.close();
        Journal reopened = Journal.open(config, files.copy());
        compare(reopened, flushed);
        reopened.close();
    }

    private static Map<Integer, Model> models() {
        Map<Integer, Model> models = new HashMap<>();
        for (int group = 0; group < GROUPS; group++) {
            models.put(group, new Model());
        }
        return models;
    }

    private static void compare(Journal journal, Map<Integer, Model> models) {
        models.forEach((group, model) -> model.compare(journal.group(group)));
    }

    /** A log in the plainest form. */
    private static final class Model {
        private final List<long[]> entries = new ArrayList<>();
        private long mark;
        private long markTerm;
        private long term;
        private int votedFor = -1;
        private long commit;

        private long last() {
            return mark + entries.size();
        }

        private Model copy() {
            Model copy = new Model();
            copy.entries.addAll(entries);
            copy.mark = mark;
            copy.markTerm = markTerm;
            copy.term = term;
            copy.votedFor = votedFor;
            copy.commit = commit;
            return copy;
        }

        private void apply(Step step, GroupLog log) {
            switch (step.kind()) {
                case APPEND -> {
                    append(log, term, step.size());
                    entries.add(new long[] {term, step.size()});
                }
                case TRUNCATE -> {
                    long from = Math.max(Math.max(commit, mark) + 1, last() - step.size() % 5);
                    log.truncateFrom(from);
                    while (last() >= from) {
                        entries.removeLast();
                    }
                }
                case HARD_STATE -> {
                    term += step.size() % 2;
                    votedFor = step.size() % 4 - 1;
                    commit = Math.max(commit, last() - step.size() % 7);
                    log.hardState(term, votedFor, commit);
                    log.appliedThrough(commit);
                }
                case COMPACT -> {
                    long at = Math.min(commit, last());
                    if (at > mark) {
                        long atTerm = entries.get((int) (at - mark) - 1)[0];
                        log.compactTo(at, atTerm);
                        entries.subList(0, (int) (at - mark)).clear();
                        mark = at;
                        markTerm = atTerm;
                    }
                }
                case INSTALL -> {
                    long at = last() + 1 + step.size();
                    log.compactTo(at, term);
                    entries.clear();
                    mark = at;
                    markTerm = term;
                    commit = at;
                    log.hardState(term, votedFor, commit);
                }
                default -> throw new AssertionError(step);
            }
        }

        private void compare(GroupLog log) {
            assertThat(log.firstIndex()).isEqualTo(mark + 1);
            assertThat(log.lastIndex()).isEqualTo(last());
            assertThat(log.termAt(mark)).isEqualTo(markTerm);
            assertThat(log.termAt(last() + 1)).isEqualTo(RaftLog.NULL_TERM);
            assertThat(log.hardState()).isEqualTo(new HardState(term, votedFor, commit));
            for (int i = 0; i < entries.size(); i++) {
                assertEntry(log, mark + 1 + i, entries.get(i)[0], (int) entries.get(i)[1]);
            }
        }
    }
}
