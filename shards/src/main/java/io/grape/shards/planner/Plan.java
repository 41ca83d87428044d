package io.grape.shards.planner;

import io.grape.shards.table.Placement;
import java.util.ArrayList;
import java.util.Formatter;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What to do, why, and what it brings.
 *
 * @param after     the placement once all is done
 * @param moves     replicas to move, the most urgent first
 * @param transfers leaderships to pass once the moves are done
 * @param replicas  deviation of replicas a node
 * @param leaders   deviation of leaders a node
 * @param load      deviation of the hottest node's work above its share
 * @param loadBound the load deviation that no placement can go below
 * @param limits    what the plan was asked to keep to
 */
public record Plan(
        Placement after,
        List<Move> moves,
        List<LeaderTransfer> transfers,
        Change replicas,
        Change leaders,
        Change load,
        double loadBound,
        PlannerLimits limits) {
    public Plan {
        moves = List.copyOf(moves);
        transfers = List.copyOf(transfers);
    }

    /** A deviation before and after; 0.1 is 10 %. */
    public record Change(double before, double after) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%7.2f %% -> %6.2f %%", 100 * before, 100 * after);
        }
    }

    /** Returns the bytes that all moves send. */
    public long bytes() {
        return moves.stream().mapToLong(Move::bytes).sum();
    }

    /** Returns the moves to begin with: the first ones, of as many units as may be moving at a time. */
    public List<Move> firstMoves() {
        int most = limits.maxMoving(after.units());
        Set<Integer> moving = new HashSet<>();
        List<Move> first = new ArrayList<>();
        for (Move move : moves) {
            if (moving.contains(move.unit()) || moving.size() < most) {
                moving.add(move.unit());
                first.add(move);
            }
        }
        return first;
    }

    /** Returns whether even the best placement leaves the hottest node above the goal. */
    public boolean isBeyondPlacement() {
        return loadBound > limits.startDeviation();
    }

    /** Returns the plan for people: deviations, the bound, moves by reason, and what would help where moving does not. */
    public String explain() {
        try (Formatter text = new Formatter(Locale.ROOT)) {
            text.format("deviation   before      after%n");
            text.format("replicas %s%n", replicas);
            text.format("leaders  %s%n", leaders);
            text.format("load     %s, no placement is below %.2f %%%n", load, 100 * loadBound);
            int atATime = limits.maxMoving(after.units());
            text.format("moves: %d of %,d bytes, %d units at a time", moves.size(), bytes(), atATime);
            text.format("; leader transfers: %d%n", transfers.size());
            for (MoveReason reason : MoveReason.values()) {
                List<Move> ofReason =
                        moves.stream().filter(move -> move.reason() == reason).toList();
                if (!ofReason.isEmpty()) {
                    long bytes = ofReason.stream().mapToLong(Move::bytes).sum();
                    text.format("  %-6s %5d moves, %,d bytes%n", reason, ofReason.size(), bytes);
                }
            }
            if (isBeyondPlacement()) {
                text.format("Some units work more than a node's share: moving data cannot bring the load deviation%n");
                text.format("below %.0f %%. Read replicas of the hottest units, or a split, can.%n", 100 * loadBound);
            }
            return text.toString();
        }
    }
}
