package io.grape.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.client.ClientConfig;
import io.grape.client.CollectionInfo;
import io.grape.client.Consistency;
import io.grape.client.GrapeClient;
import io.grape.client.PointBatch;
import io.grape.codecs.sbe.Metric;
import io.grape.node.config.AeronSettings;
import io.grape.node.config.GroupSettings;
import io.grape.node.config.IndexSettings;
import io.grape.node.config.JournalSettings;
import io.grape.node.config.MemberConfig;
import io.grape.node.config.NodeConfig;
import io.grape.node.config.NodeLimits;
import io.grape.node.config.NodeTiming;
import io.grape.node.config.OperationSettings;
import io.grape.node.demo.Repository;
import io.grape.raft.journal.SyncPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedGrapeTest {
    @TempDir
    private Path directory;

    @Test
    void theExampleOfThePageRunsAndWhatItWroteIsThereAtTheNextStart() throws IOException {
        assertThat(EmbeddedExample.run(directory)).isEqualTo(7);
        try (EmbeddedGrape grape = EmbeddedGrape.start(directory)) {
            assertThat(grape.client().collection("films").points()).isEqualTo(2);
        }
        String source =
                Files.readString(Repository.root().resolve("node/src/test/java/io/grape/node/EmbeddedExample.java"));
        String begin = "// PAGE begins\n";
        String end = "\n        // PAGE ends";
        String shown = source.substring(source.indexOf(begin) + begin.length(), source.indexOf(end))
                .stripIndent();
        assertThat(Files.readString(Repository.root().resolve("docs/embedded.md")))
                .contains("```java\n" + shown + "\n```");
    }

    @Test
    void threeOfThemAreReplicasThatOthersReachToo() {
        List<MemberConfig> members = List.of(
                new MemberConfig(1, "localhost:" + TestPorts.free()),
                new MemberConfig(2, "localhost:" + TestPorts.free()),
                new MemberConfig(3, "localhost:" + TestPorts.free()));
        List<EmbeddedGrape> replicas = new ArrayList<>();
        try {
            for (MemberConfig member : members) {
                replicas.add(EmbeddedGrape.start(new NodeConfig(
                        member.nodeId(),
                        members,
                        directory.resolve("node-" + member.nodeId()),
                        SyncPolicy.FORCE,
                        NodeTiming.defaults(),
                        JournalSettings.defaults(),
                        AeronSettings.embedded(),
                        NodeLimits.defaults(),
                        GroupSettings.defaults(),
                        IndexSettings.defaults(),
                        OperationSettings.embedded())));
            }
            GrapeClient first = replicas.getFirst().client();
            CollectionInfo points = first.createCollection("points", 1, Metric.DOT);
            var written = first.upsert(points, new PointBatch(1).add(1, new float[] {5}));
            for (EmbeddedGrape replica : replicas) {
                assertThat(replica.client()
                                .search(points, new float[] {1}, 1, Consistency.atLeast(written.position()))
                                .hits())
                        .hasSize(1);
            }
            try (GrapeClient other =
                    GrapeClient.connect(ClientConfig.of(members.get(2).endpoint()))) {
                assertThat(other.collection("points").points()).isOne();
            }
        } finally {
            CloseHelper.closeAll(replicas);
        }
    }
}
