package io.grape.node.cli;

import io.grape.client.GrapeClient;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code grape top}: {@code grape status} again and again, with how fast entries are applied. */
@Command(
        name = "top",
        mixinStandardHelpOptions = true,
        description = "Shows the cluster again and again, until Ctrl-C, with the entries applied a second.",
        footerHeading = "%nExamples:%n",
        footer = {"  grape top --interval 5", "  grape top --rounds 3 > three-looks.txt"})
final class TopCommand implements Callable<Integer> {
    /** Cursor home, and nothing behind it: the ANSI control sequences ED and CUP. */
    private static final String CLEAR = "\u001b[H\u001b[2J";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call
    private CommandSpec spec;

    @Mixin
    private final ClientOptions options = new ClientOptions();

    @Option(names = "--interval", paramLabel = "SECONDS", defaultValue = "2", description = "Default: ${DEFAULT-VALUE}")
    private double intervalSeconds;

    @Option(names = "--rounds", defaultValue = "0", description = "How often; 0 for ever. Default: ${DEFAULT-VALUE}")
    private int rounds;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Ansi ansi = spec.commandLine().getColorScheme().ansi();
        try (GrapeClient client = options.connect()) {
            long appliedBefore = -1;
            long beforeNs = 0;
            int round = 0;
            while (!Thread.currentThread().isInterrupted()) {
                ClusterReport report = ClusterReport.of(client);
                long nowNs = System.nanoTime();
                long applied = report.answers().stream()
                        .mapToLong(status -> status.appliedIndex())
                        .max()
                        .orElse(appliedBefore);
                out.print(ansi.enabled() ? CLEAR : "");
                report.print(out, ansi);
                if (appliedBefore >= 0) {
                    double seconds = (nowNs - beforeNs) / 1e9;
                    out.printf("%,.0f entries applied a second%n", (applied - appliedBefore) / seconds);
                }
                out.println();
                out.flush();
                appliedBefore = applied;
                beforeNs = nowNs;
                if (++round == rounds) {
                    break;
                }
                LockSupport.parkNanos((long) (intervalSeconds * TimeUnit.SECONDS.toNanos(1)));
            }
        }
        return ExitCode.OK;
    }
}
