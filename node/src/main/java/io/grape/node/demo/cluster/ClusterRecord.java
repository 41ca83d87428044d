package io.grape.node.demo.cluster;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The processes of a local cluster that was left running, as a file in its directory, so that another process can find and
 * stop them.
 *
 * @param members by ascending id
 */
public record ClusterRecord(List<Member> members) {
    private static final String FILE = "cluster.yaml";

    /**
     * One process.
     *
     * @param nodeId    the node
     * @param processId of the operating system
     * @param startedMs when the process began, epoch milliseconds: a later process with the same number is another one
     * @param endpoint  host:port for clients
     */
    public record Member(int nodeId, long processId, long startedMs, String endpoint) {
        /** Returns the process if it is still there. */
        public Optional<ProcessHandle> process() {
            return ProcessHandle.of(processId)
                    .filter(found -> beginningMs(found) == startedMs)
                    .filter(ProcessHandle::isAlive);
        }
    }

    private static long beginningMs(ProcessHandle process) {
        return process.info()
                .startInstant()
                .map(instant -> instant.toEpochMilli())
                .orElse(0L);
    }

    /** Returns the processes of a cluster that runs. */
    public static ClusterRecord of(LocalCluster cluster) {
        List<Member> members = new ArrayList<>();
        for (int nodeId = 1; nodeId <= cluster.size(); nodeId++) {
            long processId = cluster.pid(nodeId);
            long startedMs =
                    ProcessHandle.of(processId).map(ClusterRecord::beginningMs).orElse(0L);
            members.add(new Member(nodeId, processId, startedMs, cluster.endpoint(nodeId)));
        }
        return new ClusterRecord(members);
    }

    /** Writes the file. */
    public void write(Path directory) throws IOException {
        List<Map<String, Object>> nodes = new ArrayList<>();
        for (Member member : members) {
            Map<String, Object> node = new LinkedHashMap<>();
            node.put("id", member.nodeId());
            node.put("pid", member.processId());
            node.put("started-ms", member.startedMs());
            node.put("endpoint", member.endpoint());
            nodes.add(node);
        }
        String text = new Dump(DumpSettings.builder().build()).dumpToString(Map.of("nodes", nodes));
        Files.writeString(directory.resolve(FILE), text);
    }

    /**
     * Reads the file.
     *
     * @return nothing if there is no such cluster
     * @throws GrapeException INVALID_CONFIGURATION if the file is not one that {@link #write} made
     */
    public static Optional<ClusterRecord> read(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Object tree = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
        List<Member> members = new ArrayList<>();
        if (tree instanceof Map<?, ?> map && map.get("nodes") instanceof List<?> nodes) {
            for (Object node : nodes) {
                if (node instanceof Map<?, ?> values
                        && values.get("id") instanceof Integer id
                        && values.get("pid") instanceof Number pid
                        && values.get("started-ms") instanceof Number startedMs
                        && values.get("endpoint") instanceof String endpoint) {
                    members.add(new Member(id, pid.longValue(), startedMs.longValue(), endpoint));
                }
            }
        }
        if (members.isEmpty()) {
            throw new GrapeException(ErrorCode.INVALID_CONFIGURATION, file + " names no node: remove it");
        }
        return Optional.of(new ClusterRecord(members));
    }

    /** Returns where the nodes listen. */
    public List<String> endpoints() {
        return members.stream().map(Member::endpoint).toList();
    }

    /** Returns the members whose processes are there. */
    public List<Member> running() {
        return members.stream().filter(member -> member.process().isPresent()).toList();
    }

    /**
     * Sends SIGTERM to all, waits, and sends SIGKILL to those that are still there.
     *
     * @return how many had to be killed
     */
    public int stop(Duration timeout) {
        List<ProcessHandle> processes =
                members.stream().flatMap(member -> member.process().stream()).toList();
        processes.forEach(ProcessHandle::destroy);
        CompletableFuture<Void> ended = CompletableFuture.allOf(
                processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new));
        int killed = 0;
        try {
            ended.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException slow) {
            for (ProcessHandle process : processes) {
                killed += process.isAlive() && process.destroyForcibly() ? 1 : 0;
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
        return killed;
    }
}
