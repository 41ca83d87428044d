package io.grape.raft.core;

/** What the tests of known pitfalls share; a method's number is the row in the list. */
abstract class PitfallTests {
    /** The rules under test; another test breaks one of them and expects the test of that row to notice. */
    RaftRules rules = RaftRules.PAPER;

    final TestReplica replica(int size) {
        return new TestReplica(size, rules);
    }
}
