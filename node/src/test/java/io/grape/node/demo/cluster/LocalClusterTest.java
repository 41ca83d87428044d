package io.grape.node.demo.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a stand-in for the node that prints its arguments and waits. */
class LocalClusterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    @Test
    void eachNodeHasItsOwnProcessConfigurationAndLog() throws IOException {
        try (LocalCluster cluster = create(2, WaitingProgram.class)) {
            assertThat(cluster.pid(1)).isEqualTo(-1);
            cluster.startAll();
            awaitPrinted(cluster, 1, "begun");
            awaitPrinted(cluster, 2, "begun");

            cluster.requireRunning();
            assertThat(cluster.pid(1)).isNotEqualTo(cluster.pid(2));
            assertThat(cluster.endpoints()).hasSize(2).doesNotHaveDuplicates();
            assertThat(cluster.endpoints().get(1)).isEqualTo(cluster.endpoint(2));
            Path configuration = directory.resolve("node-2/node.yaml");
            assertThat(configuration)
                    .content()
                    .contains("id: 2", cluster.endpoint(1), cluster.endpoint(2), "policy: force")
                    .contains("'" + cluster.dataDirectory(2) + "'");
            assertThat(cluster.log(2))
                    .content()
                    .contains("serve --config " + configuration)
                    .contains("--stop-with " + ProcessHandle.current().pid());
        }
    }

    @Test
    void aKilledNodeIsGoneAndCanBeStartedAgain() throws IOException {
        try (LocalCluster cluster = create(1, WaitingProgram.class)) {
            cluster.startAll();
            awaitPrinted(cluster, 1, "begun");
            long first = cluster.pid(1);
            cluster.kill(1);
            assertThat(cluster.isRunning(1)).isFalse();
            assertThat(ProcessHandle.of(first).filter(ProcessHandle::isAlive)).isEmpty();
            assertThat(cluster.log(1)).content().doesNotContain("ended");

            cluster.start(1);
            assertThatThrownBy(() -> cluster.start(1)).hasMessageContaining("runs already");
            assertThat(cluster.pid(1)).isNotEqualTo(first);
        }
    }

    @Test
    void aStoppedNodeMayFinishItsWork() throws IOException {
        try (LocalCluster cluster = create(1, WaitingProgram.class)) {
            assertThat(cluster.stop(1, PATIENCE)).isZero();
            cluster.startAll();
            awaitPrinted(cluster, 1, "begun");
            assertThat(cluster.stop(1, PATIENCE)).isEqualTo(143);
            assertThat(cluster.log(1)).content().contains("ended");
        }
    }

    @Test
    void closingEndsEveryProcess() throws IOException {
        LocalCluster cluster = create(2, WaitingProgram.class);
        cluster.startAll();
        cluster.close();
        assertThat(cluster.isRunning(1)).isFalse();
        assertThat(cluster.isRunning(2)).isFalse();
    }

    @Test
    void aNodeThatFailsIsReportedWithTheEndOfItsLog() throws IOException {
        try (LocalCluster cluster = create(1, FailingProgram.class)) {
            cluster.startAll();
            Await.until("the end of the node", PATIENCE, () -> !cluster.isRunning(1));
            assertThatThrownBy(cluster::requireRunning)
                    .isInstanceOfSatisfying(
                            GrapeException.class,
                            fault -> assertThat(fault.code()).isEqualTo(ErrorCode.IO_FAILURE))
                    .hasMessageContaining("node 1 ended")
                    .hasMessageContaining("the port is taken");
        }
    }

    @Test
    void aNumberOfNodesOrANodeOutOfRangeIsRefused() throws IOException {
        assertThatThrownBy(() -> create(0, WaitingProgram.class)).hasMessageContaining("1 to 9");
        assertThatThrownBy(() -> create(10, WaitingProgram.class)).hasMessageContaining("1 to 9");
        try (LocalCluster cluster = create(1, WaitingProgram.class)) {
            assertThatThrownBy(() -> cluster.kill(2)).hasMessageContaining("no node 2");
            assertThat(cluster.size()).isEqualTo(1);
        }
    }

    @Test
    void waitingInVainNamesWhatWasWaitedFor() {
        assertThatThrownBy(() -> Await.until("a miracle", Duration.ofMillis(30), () -> false))
                .isInstanceOfSatisfying(
                        GrapeException.class, late -> assertThat(late.code()).isEqualTo(ErrorCode.TIMED_OUT))
                .hasMessageContaining("a miracle");
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Await.until("a miracle", PATIENCE, () -> false))
                .hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    private LocalCluster create(int nodes, Class<?> program) throws IOException {
        ClusterSpec spec = new ClusterSpec(nodes, directory, program.getName(), "force", List.of("-Xmx32m"));
        return LocalCluster.create(spec, false);
    }

    private static void awaitPrinted(LocalCluster cluster, int nodeId, String text) {
        Await.until("'" + text + "' from node " + nodeId, PATIENCE, () -> {
            try {
                return Files.readString(cluster.log(nodeId)).contains(text);
            } catch (IOException unreadable) {
                throw new java.io.UncheckedIOException(unreadable);
            }
        });
    }

    /** Prints its arguments, then waits for a signal. */
    static final class WaitingProgram {
        public static void main(String... arguments) throws InterruptedException {
            System.out.println(String.join(" ", arguments));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("ended")));
            System.out.println("begun");
            Thread.currentThread().join();
        }
    }

    /** Says why, and fails. */
    static final class FailingProgram {
        public static void main(String... arguments) {
            System.out.println("the port is taken");
            System.exit(74);
        }
    }
}
