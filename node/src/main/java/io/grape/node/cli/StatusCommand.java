package io.grape.node.cli;

import io.grape.client.GrapeClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code grape status}: the cluster in a line, and a line for each member; exits with 69 if one does not answer. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows the cluster at a glance, and what each node knows of its group and of itself.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  grape status --endpoints localhost:9410",
            "  grape status --json | jq -r '.nodes[] | select(.lag > 1000) | .node'"
        })
final class StatusCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call
    private CommandSpec spec;

    @Mixin
    private final ClientOptions options = new ClientOptions();

    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Override
    public Integer call() {
        try (GrapeClient client = options.connect()) {
            ClusterReport report = ClusterReport.of(client);
            if (output.isJson()) {
                OutputOptions.print(spec.commandLine().getOut(), report::write);
            } else {
                report.print(
                        spec.commandLine().getOut(),
                        spec.commandLine().getColorScheme().ansi());
            }
            return report.isComplete() ? ExitCode.OK : ExitCode.UNAVAILABLE;
        }
    }
}
