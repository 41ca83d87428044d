package io.grape.shards.handoff.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.shards.handoff.HandoffGuards;
import io.grape.shards.handoff.MigrationRecord;
import io.grape.shards.handoff.MigrationRecord.State;
import org.junit.jupiter.api.Test;

/**
 * The states that nodes run, with rows and a hostile network: thousands of schedules with all guards, and for each guard one in
 * which its absence does harm.
 */
class HandoffGuardsTest {
    private static final int SCHEDULES = 500;
    private static final int STEPS = 600;

    @Test
    void whateverHappensThereIsOneOwnerAndItHasEveryWrite() {
        int commits = 0;
        int aborts = 0;
        for (long seed = 0; seed < SCHEDULES; seed++) {
            HandoffWorld world = new HandoffWorld(seed, HandoffGuards.ALL, true);
            assertThat(run(world)).as("seed %d", seed).isEmpty();
            world.complete();
            assertThat(world.violation()).as("seed %d, at its end", seed).isEmpty();
            assertThat(world.leftovers()).as("seed %d, at its end", seed).isEmpty();
            commits += world.commits();
            aborts += world.aborts();
        }
        assertThat(commits).as("shards that moved").isGreaterThan(SCHEDULES / 4);
        assertThat(aborts).as("shards that stayed").isGreaterThan(SCHEDULES / 10);
    }

    @Test
    void withoutTheFirstGuardATimerUnsealsWhatIsHandedOver() {
        assertUnsafe(new HandoffGuards() {
            @Override
            public boolean mayUnseal(boolean abortIsCommitted) {
                return true;
            }
        });
    }

    @Test
    void withoutTheSecondGuardAnIncompleteCopyBecomesTheShard() {
        assertUnsafe(new HandoffGuards() {
            @Override
            public boolean isReady(long stagedIndex, long sealedIndex) {
                return true;
            }
        });
    }

    @Test
    void withoutTheThirdGuardTheDestinationOwnsWhatIsAbortedLater() {
        assertUnsafe(new HandoffGuards() {
            @Override
            public boolean mayOwn(boolean commitIsCommitted) {
                return true;
            }
        });
    }

    @Test
    void withoutTheFourthGuardACommittedMigrationIsAborted() {
        assertUnsafe(new HandoffGuards() {
            @Override
            public boolean mayAbort(MigrationRecord migration) {
                return true;
            }
        });
    }

    @Test
    void withoutTheFourthGuardAnAbortedMigrationIsCommitted() {
        assertUnsafe(new HandoffGuards() {
            @Override
            public boolean mayCommit(MigrationRecord migration) {
                return migration.state() == State.READY || migration.state() == State.ABORTED;
            }
        });
    }

    @Test
    void withoutTheFifthGuardACopyHasHoles() {
        assertUnsafe(new HandoffGuards() {
            @Override
            public boolean mayStage(long stagedIndex, long from) {
                return true;
            }
        });
    }

    @Test
    void withoutTheSixthGuardALateCommandBeginsAClosedMigrationAgain() {
        assertUnsafe(new HandoffGuards() {
            @Override
            public boolean isLive(long migrationId, long closedThrough) {
                return true;
            }
        });
    }

    /** The digests would catch some of it; a guard is looked at without this second net. */
    private static void assertUnsafe(HandoffGuards guards) {
        for (long seed = 0; seed < 20 * SCHEDULES; seed++) {
            HandoffWorld world = new HandoffWorld(seed, guards, false);
            if (!run(world).isEmpty() || !end(world).isEmpty()) {
                return;
            }
        }
        throw new AssertionError("no schedule does harm without this guard");
    }

    private static String end(HandoffWorld world) {
        try {
            world.complete();
        } catch (IllegalStateException stuck) {
            return String.valueOf(stuck.getMessage());
        }
        return world.violation() + world.leftovers();
    }

    private static String run(HandoffWorld world) {
        for (int step = 0; step < STEPS; step++) {
            world.step();
            String violation = world.violation();
            if (!violation.isEmpty()) {
                return violation + " at step " + step;
            }
        }
        return "";
    }
}
