package io.grape.node.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.node.metrics.Registrar.Described;
import io.grape.node.state.NodeBudget;
import io.grape.shards.ShardGroup;
import io.grape.shards.ShardTable;
import io.grape.shards.health.ShardHealth;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/metrics.md lists what there is; run with -Dgrape.docs.write=true to write it anew. */
class MetricsPageTest {
    private static final Path PAGE = Path.of("../docs/metrics.md");
    private static final String BEGIN = "<!-- begin: written by MetricsPageTest -->\n";
    private static final String END = "<!-- end -->\n";

    /** Every metric that a node registers. */
    static List<Described> all() {
        PrometheusRegistry registry = new PrometheusRegistry();
        Registrar registrar = new Registrar(registry);
        new NodeMetrics(0, "test", () -> true).register(registrar, registry);
        RequestMetrics.unseen().register(registrar);
        new IngressMetrics(() -> 0, () -> 0, () -> 0, () -> 0, () -> 0, () -> 0, () -> 0).register(registrar);
        new GroupMetrics(List::of).register(registrar);
        new ProgressTimer(List.of(), () -> 0, (_, _, _, _) -> {}).register(registrar);
        new JournalMetrics(List.of(), "force").register(registrar);
        new StoreMetrics(List::of, new NodeBudget(1 << 20)).register(registrar);
        new CheckpointMetrics(List::of).register(registrar);
        new ShardMetrics(new ShardView() {
                    @Override
                    public ShardTable table() {
                        return ShardTable.of(16, new ShardGroup(0, ShardGroup.NO_LEADER, List.of(0)));
                    }

                    @Override
                    public ShardHealth health(int shard) {
                        return ShardHealth.OK;
                    }
                })
                .register(registrar);
        assertThat(Scrape.text(registry)).contains("grape_shards{state=\"ok\"} 16");
        return registrar.described();
    }

    @Test
    void thePageListsEveryMetric() throws IOException {
        String table = all().stream()
                .map(metric -> "| `%s` | %s | %s | %s |\n"
                        .formatted(
                                metric.name(),
                                metric.type(),
                                metric.labels().stream()
                                        .map(label -> "`" + label + "`")
                                        .collect(Collectors.joining(", ")),
                                metric.help()))
                .collect(Collectors.joining("", "| metric | type | labels | what |\n|---|---|---|---|\n", ""));
        String page = Files.readString(PAGE);
        int from = page.indexOf(BEGIN) + BEGIN.length();
        int to = page.indexOf(END);
        if (Boolean.getBoolean("grape.docs.write")) {
            Files.writeString(PAGE, page.substring(0, from) + table + page.substring(to));
        } else {
            assertThat(page.substring(from, to)).isEqualTo(table);
        }
    }

    @Test
    void namesFollowTheConventionsOfPrometheus() {
        for (Described metric : all()) {
            assertThat(metric.name()).matches("grape_[a-z_]+");
            assertThat(metric.name().endsWith("_total"))
                    .as(metric.name())
                    .isEqualTo(metric.type().equals("counter"));
            assertThat(metric.help()).as(metric.name()).endsWith(".");
        }
    }
}
