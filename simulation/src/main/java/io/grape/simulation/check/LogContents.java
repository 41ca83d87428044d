package io.grape.simulation.check;

import static io.grape.simulation.check.Violation.Rule.LOG_MATCHING;

import java.util.HashMap;
import java.util.Map;

/** Every entry that was ever in any log: by index and term there is one content, and one predecessor. */
final class LogContents {
    private record Position(long index, long term) {}

    private record Content(long hash, long previousTerm) {}

    private final Map<Position, Content> contents = new HashMap<>();

    void add(int nodeId, long index, long term, long hash, long previousTerm) {
        Content content = new Content(hash, previousTerm);
        Content known = contents.putIfAbsent(new Position(index, term), content);
        if (known != null && !known.equals(content)) {
            throw new Violation(
                    LOG_MATCHING,
                    "node " + nodeId + " has another entry " + index + " of term " + term + " than some node had: "
                            + content + " and " + known);
        }
    }
}
