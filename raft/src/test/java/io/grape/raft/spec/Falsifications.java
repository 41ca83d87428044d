package io.grape.raft.spec;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Falsified copies of a trace, each of which breaks a rule of the protocol. */
public final class Falsifications {
    private final List<TraceEvent> events;
    private final int perKind;

    /** @param perKind how many copies of each kind, spread over the trace */
    public Falsifications(List<TraceEvent> events, int perKind) {
        this.events = events;
        this.perKind = perKind;
    }

    /** Returns the falsified copies; a kind for which the trace has no place is left out. */
    public List<TraceMutant> all() {
        List<TraceMutant> all = new ArrayList<>();
        commitIndexRaisedByOne(all);
        receiveLeftOut(all);
        leaderWithoutQuorum(all);
        doubleVote(all);
        ackBeyondTheLog(all);
        ackThatOvertakesTheDisk(all);
        commitBeforeTheAck(all);
        all.sort(Comparator.comparingInt(TraceMutant::from));
        return all;
    }

    /** The state after the event changed, and the replica goes on from there. */
    private void commitIndexRaisedByOne(List<TraceMutant> all) {
        for (int i : places(i -> commitRose(i) && next(i) >= 0)) {
            TraceEvent event = events.get(i);
            TraceEvent.View view = event.view();
            all.add(replace("commit index raised by one", i, event.withView(view.withCommit(view.commit() + 1))));
        }
    }

    /** A message that changed what the replica goes on from. */
    private void receiveLeftOut(List<TraceMutant> all) {
        for (int i : places(i -> events.get(i).is("receive")
                && previous(i) >= 0
                && !events.get(previous(i)).view().equals(events.get(i).view())
                && next(i) >= 0
                && !events.get(next(i)).is("receive")
                && !events.get(next(i)).is("restart"))) {
            all.add(new TraceMutant("a receive left out", i, i + 1, List.of()));
        }
    }

    /** The vote that made the majority is not received. */
    private void leaderWithoutQuorum(List<TraceMutant> all) {
        for (int i : places(i -> events.get(i).receives("VoteReply")
                && i + 1 < events.size()
                && events.get(i + 1).is("leader")
                && events.get(i + 1).node() == events.get(i).node())) {
            all.add(new TraceMutant("a leader without a quorum", i, i + 1, List.of()));
        }
    }

    /** A vote that was refused, because it was given already, is given. */
    private void doubleVote(List<TraceMutant> all) {
        for (int i : places(this::refusesASecondVote)) {
            TraceEvent event = events.get(i);
            TraceMessage granted = event.sent().getFirst().with(3, "TRUE");
            all.add(replace(
                    "a double vote",
                    i,
                    event.withSent(List.of(granted))
                            .withView(event.view().withVote(event.message().from()))));
        }
    }

    private boolean refusesASecondVote(int i) {
        TraceEvent event = events.get(i);
        return event.receives("VoteRequest")
                && event.message().argument(5).equals("FALSE")
                && event.sent().size() == 1
                && event.sent().getFirst().argument(3).equals("FALSE")
                && event.message().argument(2).equals(Long.toString(event.view().term()))
                && event.view().vote() >= 0
                && event.view().vote() != event.message().from();
    }

    /** An acknowledgement of one entry more than there is. */
    private void ackBeyondTheLog(List<TraceMutant> all) {
        for (int i : places(i -> events.get(i).receives("AppendRequest") && acceptsItsLastEntry(i))) {
            TraceEvent event = events.get(i);
            TraceMessage ack = event.sent().getFirst();
            TraceMessage raised = ack.with(4, Long.toString(Long.parseLong(ack.argument(4)) + 1));
            all.add(replace("an acknowledgement beyond the log", i, event.withSent(List.of(raised))));
        }
    }

    private boolean acceptsItsLastEntry(int i) {
        List<TraceMessage> sent = events.get(i).sent();
        String last = Long.toString(events.get(i).view().last());
        return sent.size() == 1
                && sent.getFirst().argument(3).equals("\"accepted\"")
                && sent.getFirst().argument(4).equals(last);
    }

    /** The leader hears of entries before the follower's disk has them: the force moves behind the receive. */
    private void ackThatOvertakesTheDisk(List<TraceMutant> all) {
        int found = 0;
        for (int i = 0; i < events.size() && found < perKind; i++) {
            TraceEvent force = events.get(i);
            int received = force.is("force") ? firstReceiveOfNewAckOf(i) : -1;
            if (received < 0 || (next(i) >= 0 && next(i) < received)) {
                continue;
            }
            List<TraceEvent> moved = new ArrayList<>(events.subList(i + 1, received + 1));
            moved.add(force);
            all.add(new TraceMutant("an acknowledgement that overtakes the disk", i, received + 1, moved));
            found++;
        }
    }

    /** Where an acknowledgement of just what this force made durable is first received. */
    private int firstReceiveOfNewAckOf(int force) {
        TraceEvent.View view = events.get(force).view();
        boolean isNew =
                previous(force) >= 0 && events.get(previous(force)).view().durable() < view.durable();
        for (int i = force + 1; isNew && i < events.size(); i++) {
            TraceEvent event = events.get(i);
            if (event.receives("AppendReply")
                    && event.message().from() == events.get(force).node()
                    && event.message().argument(3).equals("\"accepted\"")
                    && event.message().argument(4).equals(Long.toString(view.durable()))) {
                return i;
            }
        }
        return -1;
    }

    /**
     * A leader commits before it hears the acknowledgement that allows it. Where voters change an earlier one may have been
     * enough: the code looks again with the next answer only.
     */
    private void commitBeforeTheAck(List<TraceMutant> all) {
        if (events.stream().anyMatch(e -> e.is("configuration"))) {
            return;
        }
        for (int i : places(i -> events.get(i).receives("AppendReply")
                && i + 1 < events.size()
                && events.get(i + 1).is("commit")
                && events.get(i + 1).node() == events.get(i).node())) {
            TraceEvent ack = events.get(i);
            TraceEvent commit = events.get(i + 1);
            List<TraceEvent> swapped = List.of(
                    commit, ack.withView(ack.view().withCommit(commit.view().commit())));
            all.add(new TraceMutant("a commit before its acknowledgement", i, i + 2, swapped));
        }
    }

    private boolean commitRose(int i) {
        return previous(i) >= 0
                && !events.get(i).is("restart")
                && events.get(previous(i)).view().commit()
                        < events.get(i).view().commit();
    }

    private static TraceMutant replace(String name, int i, TraceEvent by) {
        return new TraceMutant(name, i, i + 1, List.of(by));
    }

    /** The event of the same node before this one, or -1. */
    private int previous(int i) {
        int node = events.get(i).node();
        int j = i - 1;
        while (j >= 0 && events.get(j).node() != node) {
            j--;
        }
        return j;
    }

    /** The event of the same node after this one, or -1. */
    private int next(int i) {
        int node = events.get(i).node();
        for (int j = i + 1; j < events.size(); j++) {
            if (events.get(j).node() == node) {
                return j;
            }
        }
        return -1;
    }

    /** At most so many places of a kind, spread evenly. */
    private List<Integer> places(IntPredicate fits) {
        List<Integer> all =
                IntStream.range(0, events.size()).filter(fits).boxed().toList();
        int wanted = Math.min(perKind, all.size());
        return IntStream.range(0, wanted)
                .mapToObj(k -> all.get(k * all.size() / wanted))
                .toList();
    }
}
