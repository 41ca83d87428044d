package io.grape.client;

import java.util.List;

/**
 * Some changes of a group.
 *
 * @param changes in the order of the log
 * @param next    position to read from next
 * @param isLast  all that the node had applied was read
 */
public record ChangesPage(List<Change> changes, Position next, boolean isLast) {
    /** Copies the list, so that the page cannot change. */
    public ChangesPage {
        changes = List.copyOf(changes);
    }
}
