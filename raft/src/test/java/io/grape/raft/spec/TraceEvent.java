package io.grape.raft.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One step of one replica, its disk or its process.
 *
 * @param action  name that {@code GrapeTrace.tla} knows
 * @param node    who did it
 * @param fields  further fields of the record, as TLA+ expressions
 * @param message what was received, or sent by an action of its own; else null
 * @param sent    what else was put out
 * @param view    the replica's state after it
 */
public record TraceEvent(
        String action, int node, Map<String, String> fields, TraceMessage message, List<TraceMessage> sent, View view) {
    /** State of a replica as far as the specification has it; a vote for nobody is -1. */
    public record View(String role, long term, int vote, long commit, long last, long lastTerm, long durable) {
        @Override
        public String toString() {
            return "<<\"" + role + "\", " + term + ", " + (vote < 0 ? "Nil" : vote) + ", " + commit + ", " + last + ", "
                    + lastTerm + ", " + durable + ">>";
        }

        /** A copy with another commit index. */
        public View withCommit(long newCommit) {
            return new View(role, term, vote, newCommit, last, lastTerm, durable);
        }

        /** A copy with another vote. */
        public View withVote(int newVote) {
            return new View(role, term, newVote, commit, last, lastTerm, durable);
        }
    }

    /** Copies the collections. */
    public TraceEvent {
        fields = new LinkedHashMap<>(fields);
        sent = new ArrayList<>(sent);
    }

    /** Whether it is such an action. */
    public boolean is(String wanted) {
        return action.equals(wanted);
    }

    /** Whether it is the receipt of such a message. */
    public boolean receives(String operator) {
        return is("receive") && message.isA(operator);
    }

    /** A copy after which the state is another one. */
    public TraceEvent withView(View newView) {
        return new TraceEvent(action, node, fields, message, sent, newView);
    }

    /** A copy that puts out something else. */
    public TraceEvent withSent(List<TraceMessage> newSent) {
        return new TraceEvent(action, node, fields, message, newSent, view);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[e |-> \"" + action + "\", n |-> " + node);
        fields.forEach(
                (name, value) -> text.append(", ").append(name).append(" |-> ").append(value));
        if (message != null) {
            text.append(", m |-> ").append(message);
        }
        text.append(sent.stream().map(TraceMessage::toString).collect(Collectors.joining(", ", ", sent |-> {", "}")));
        return text.append(", v |-> ").append(view).append("]").toString();
    }
}
