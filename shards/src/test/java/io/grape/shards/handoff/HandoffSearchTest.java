package io.grape.shards.handoff;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.shards.handoff.HandoffModel.World;
import io.grape.shards.handoff.MigrationRecord.State;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Visits every state that two migrations of one shard with three writes can reach, with all guards and without each one. */
class HandoffSearchTest {
    private static final int MAX_STATES = 2_000_000;
    private static final String TWO_OWNERS = "two groups accept writes";
    private static final String HOLES = "acknowledged writes are nowhere";

    @Test
    void withAllGuardsThereIsOneOwnerAndNothingIsLost() {
        Search search = search(HandoffGuards.ALL);
        assertThat(search.violation()).isEmpty();
        assertThat(search.states()).isBetween(1_000, MAX_STATES - 1);
        assertThat(search.handedOverAndBack())
                .as("some path moves the shard there and back")
                .isTrue();
    }

    /** Wherever coordinators, groups or messages stop for good, someone can still bring it to an end. */
    @Test
    void fromEveryStateTheShardCanServeAgainWithNothingLeftBehind() {
        HandoffModel model = new HandoffModel(HandoffGuards.ALL);
        Map<World, Set<World>> cameFrom = new HashMap<>();
        ArrayDeque<World> queue = new ArrayDeque<>(List.of(World.first()));
        cameFrom.put(World.first(), new HashSet<>());
        while (!queue.isEmpty()) {
            World world = queue.remove();
            model.successors(world, next -> {
                if (!cameFrom.containsKey(next)) {
                    cameFrom.put(next, new HashSet<>());
                    queue.add(next);
                }
                cameFrom.get(next).add(world);
            });
        }
        Set<World> canEnd = new HashSet<>();
        cameFrom.keySet().stream().filter(HandoffSearchTest::isQuiet).forEach(quiet -> {
            canEnd.add(quiet);
            queue.add(quiet);
        });
        while (!queue.isEmpty()) {
            cameFrom.get(queue.remove()).stream().filter(canEnd::add).forEach(queue::add);
        }
        assertThat(canEnd).hasSameSizeAs(cameFrom.keySet());
    }

    private static boolean isQuiet(World world) {
        List<ShardHolding> holdings =
                world.groups().stream().map(HandoffModel.Group::holding).toList();
        return world.migrations().stream().allMatch(MigrationRecord::isClosed)
                && holdings.stream().filter(ShardHolding::acceptsWrites).count() == 1
                && holdings.stream().allMatch(holding -> holding.staging() == 0 && holding.exporting() == 0)
                && world.groups().stream()
                        .allMatch(
                                group -> group.staged() == 0 && (group.holding().owner() || group.data() == 0));
    }

    @Test
    void withoutTheFirstGuardATimerMakesTwoOwners() {
        assertUnsafe(
                new HandoffGuards() {
                    @Override
                    public boolean mayUnseal(boolean abortIsCommitted) {
                        return true;
                    }
                },
                TWO_OWNERS);
    }

    @Test
    void withoutTheSecondGuardAnIncompleteCopyIsServed() {
        assertUnsafe(
                new HandoffGuards() {
                    @Override
                    public boolean isReady(long stagedIndex, long sealedIndex) {
                        return true;
                    }
                },
                TWO_OWNERS);
    }

    @Test
    void withoutTheThirdGuardADestinationOwnsBeforeTheCommit() {
        assertUnsafe(
                new HandoffGuards() {
                    @Override
                    public boolean mayOwn(boolean commitIsCommitted) {
                        return true;
                    }
                },
                TWO_OWNERS);
    }

    @Test
    void withoutTheFourthGuardACommittedMigrationIsAborted() {
        assertUnsafe(
                new HandoffGuards() {
                    @Override
                    public boolean mayAbort(MigrationRecord migration) {
                        return true;
                    }
                },
                TWO_OWNERS);
    }

    @Test
    void withoutTheFourthGuardAnAbortedMigrationIsCommitted() {
        assertUnsafe(
                new HandoffGuards() {
                    @Override
                    public boolean mayCommit(MigrationRecord migration) {
                        return migration.state() == State.READY || migration.state() == State.ABORTED;
                    }
                },
                TWO_OWNERS);
    }

    @Test
    void withoutTheFifthGuardACopyHasHoles() {
        assertUnsafe(
                new HandoffGuards() {
                    @Override
                    public boolean mayStage(long stagedIndex, long from) {
                        return true;
                    }
                },
                HOLES);
    }

    @Test
    void withoutTheSixthGuardAMessageOfThePastMakesAnOwner() {
        assertUnsafe(
                new HandoffGuards() {
                    @Override
                    public boolean isLive(long migrationId, long closedThrough) {
                        return true;
                    }
                },
                TWO_OWNERS);
    }

    private static void assertUnsafe(HandoffGuards guards, String violation) {
        assertThat(search(guards).violation()).isEqualTo(violation);
    }

    /** What a search found: the first violation, the number of states, and whether both migrations can be completed. */
    private record Search(String violation, int states, boolean handedOverAndBack) {}

    private static Search search(HandoffGuards guards) {
        HandoffModel model = new HandoffModel(guards);
        Set<World> seen = new HashSet<>();
        ArrayDeque<World> queue = new ArrayDeque<>();
        seen.add(World.first());
        queue.add(World.first());
        boolean back = false;
        while (!queue.isEmpty() && seen.size() < MAX_STATES) {
            World world = queue.remove();
            String violation = HandoffModel.violation(world);
            if (violation != null) {
                return new Search(violation, seen.size(), back);
            }
            back |= world.groups().get(0).holding().acceptsWrites()
                    && world.groups().get(0).holding().closedThrough() == 2
                    && world.sent().get(0).commit()
                    && world.sent().get(1).commit();
            model.successors(world, next -> {
                if (seen.add(next)) {
                    queue.add(next);
                }
            });
        }
        return new Search("", seen.size(), back);
    }
}
