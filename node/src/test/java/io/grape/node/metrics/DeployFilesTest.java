package io.grape.node.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.node.config.ConfigKey;
import io.grape.node.config.ConfigKeys;
import io.grape.node.metrics.Registrar.Described;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** No engine runs these files here; what they name is checked instead. */
class DeployFilesTest {
    private static final Path DEPLOY = Path.of("../deploy");

    @Test
    void everyFileOfYamlAndJsonParses() throws IOException {
        for (Path file : files(".yaml", ".json")) {
            Iterable<Object> documents =
                    new Load(LoadSettings.builder().build()).loadAllFromString(Files.readString(file));
            assertThat(documents)
                    .as(file.toString())
                    .isNotEmpty()
                    .allSatisfy(document -> assertThat(document).isInstanceOf(Map.class));
        }
    }

    @Test
    void dashboardAndAlertsNameMetricsThatExist() throws IOException {
        Set<String> known = new HashSet<>();
        for (Described metric : MetricsPageTest.all()) {
            known.add(metric.name());
            if (metric.type().equals("histogram")) {
                known.addAll(List.of(metric.name() + "_bucket", metric.name() + "_sum", metric.name() + "_count"));
            }
        }
        for (Path file : List.of(DEPLOY.resolve("grafana/grape.json"), DEPLOY.resolve("prometheus/alerts.yaml"))) {
            Set<String> named = find("\\bgrape_[a-z_]+", Files.readString(file));
            assertThat(named).hasSizeGreaterThan(8);
            assertThat(known).as(file.toString()).containsAll(named);
        }
    }

    @Test
    void variablesAreKeysAndProbesArePages() throws IOException {
        Set<String> variables = ConfigKeys.ALL.stream().map(ConfigKey::variable).collect(Collectors.toSet());
        for (Path file : files(".yaml", "Dockerfile")) {
            assertThat(variables)
                    .as(file.toString())
                    .containsAll(find("\\bGRAPE_[A-Z_]*[A-Z]\\b", Files.readString(file)));
        }
        assertThat(find("path: /[a-z]+", Files.readString(DEPLOY.resolve("kubernetes/grape.yaml"))))
                .containsExactly("path: /livez", "path: /readyz", "path: /startupz");
    }

    @Test
    void theImageIsMadeOfWhatTheBuildLeaves() throws IOException {
        String dockerfile = Files.readString(DEPLOY.resolve("Dockerfile"));
        assertThat(dockerfile).contains("io.grape.node.cli.GrapeCli", "bin/jvm-flags", "simulation/target/lib");
        assertThat(Path.of("../bin/jvm-flags")).exists();
        assertThat(Files.readString(Path.of("../simulation/pom.xml")))
                .contains("<artifactId>grape-simulation</artifactId>");
    }

    private static List<Path> files(String... endings) throws IOException {
        try (Stream<Path> all = Files.walk(DEPLOY)) {
            List<Path> found = all.filter(file -> Stream.of(endings)
                            .anyMatch(ending -> file.getFileName().toString().endsWith(ending)))
                    .toList();
            assertThat(found).isNotEmpty();
            return found;
        }
    }

    private static Set<String> find(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
