package io.grape.raft.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The specification itself: small models hold in every state, and a broken rule is noticed. */
class SpecificationScenario {
    @TempDir
    private Path temporary;

    @ParameterizedTest(name = "{0}")
    @CsvSource({"MCElection, 10000", "MCReplication, 8000", "MCContested, 5000", "MCMembership, 7000"})
    void everyStateOfASmallModelIsSafe(String model, long leastStates) throws IOException {
        TlcRun run = TlcRun.of(temporary, "MCRaft", configuration(model), TlcRun.LONG);
        System.out.printf(Locale.ROOT, "%s: %d distinct states, depth %d%n", model, run.distinctStates(), run.depth());
        assertThat(run.passed()).as(run.output()).isTrue();
        assertThat(run.distinctStates()).isGreaterThan(leastStates);
    }

    @ParameterizedTest(name = "{0} breaks {2}")
    @CsvSource({
        "voteTwice, MCElection, OneVotePerTerm",
        "voteBeforeDurable, MCElection, OneVotePerTerm",
        "requestBeforeDurable, MCElection, ElectionSafety",
        "noQuorum, MCElection, CommittedIsDurableOnQuorum",
        "ackBeforeDurable, MCReplication, CommittedIsDurableOnQuorum",
        "countUnforced, MCReplication, CommittedIsDurableOnQuorum",
        "voteForShorterLog, MCSuccession, LeaderCompleteness",
        "commitOldTerm, MCContested, LeaderCompleteness",
        "noJoint, MCHandOver, ElectionSafety",
        "soleVoterSendsEarly, MCSoleVoter, LogMatching",
    })
    void aBrokenRuleIsNoticed(String bug, String model, String property) throws IOException {
        String configuration = configuration(model).replace("Bug = {}", "Bug = {\"" + bug + "\"}");
        TlcRun run = TlcRun.of(temporary, "MCRaft", configuration, TlcRun.SHORT);
        System.out.printf(Locale.ROOT, "%s: %s is violated%n", bug, run.violated());
        assertThat(run.violated()).as(run.output()).isEqualTo(property);
    }

    private static String configuration(String model) throws IOException {
        return Files.readString(TlcRun.SPECIFICATION.resolve(model + ".cfg"));
    }
}
