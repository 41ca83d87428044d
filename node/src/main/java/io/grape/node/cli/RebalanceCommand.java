package io.grape.node.cli;

import io.grape.client.GrapeClient;
import io.grape.shards.ShardTable;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code grape rebalance}: who owns the shards, and moving them. */
@Command(
        name = "rebalance",
        mixinStandardHelpOptions = true,
        description = "Shows which group owns how many shards, and moves shards between groups.",
        subcommands = {RebalanceCommand.Status.class, RebalanceCommand.Move.class, RebalanceCommand.GiveUp.class})
final class RebalanceCommand {
    /** Shows the table. */
    @Command(name = "status", mixinStandardHelpOptions = true, description = "Shows which group owns how many shards.")
    static final class Status implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it before call
        private CommandSpec spec;

        @Mixin
        private final ClientOptions options = new ClientOptions();

        @Override
        public Integer call() {
            PrintWriter out = spec.commandLine().getOut();
            try (GrapeClient client = options.connect()) {
                ShardTable table = client.shards().table();
                out.printf(Locale.ROOT, "%d shards, table of epoch %d%n", table.shardCount(), table.epoch());
                out.printf(Locale.ROOT, "%5s  %6s  %6s%n", "group", "shards", "leader");
                for (int groupId : client.groupIds()) {
                    int owned = 0;
                    for (int shard = 0; shard < table.shardCount(); shard++) {
                        owned += table.groupOf(shard) == groupId ? 1 : 0;
                    }
                    out.printf(Locale.ROOT, "%5d  %6d  %6d%n", groupId, owned, table.leaderOf(groupId));
                }
            }
            out.flush();
            return ExitCode.OK;
        }
    }

    /** Moves one shard. */
    @Command(name = "move", mixinStandardHelpOptions = true, description = "Begins to hand a shard to another group.")
    static final class Move implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it before call
        private CommandSpec spec;

        @Mixin
        private final ClientOptions options = new ClientOptions();

        @Option(names = "--shard", required = true, description = "Number of the shard.")
        private int shard;

        @Option(names = "--to", required = true, description = "Group that is to own it.")
        private int groupId;

        @Override
        public Integer call() {
            try (GrapeClient client = options.connect()) {
                client.shards().move(shard, groupId);
            }
            PrintWriter out = spec.commandLine().getOut();
            out.printf(Locale.ROOT, "shard %d moves to group %d; see: grape rebalance status%n", shard, groupId);
            out.flush();
            return ExitCode.OK;
        }
    }

    /** Gives a migration up. */
    @Command(
            name = "give-up",
            mixinStandardHelpOptions = true,
            description = "Ends the migration of a shard, unless it is committed already.")
    static final class GiveUp implements Callable<Integer> {
        @Mixin
        private final ClientOptions options = new ClientOptions();

        @Option(names = "--shard", required = true, description = "Number of the shard.")
        private int shard;

        @Override
        public Integer call() {
            try (GrapeClient client = options.connect()) {
                client.shards().giveUp(shard);
            }
            return ExitCode.OK;
        }
    }
}
