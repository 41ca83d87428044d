package io.grape.node.config;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.raft.journal.SyncPolicy;
import io.grape.transport.driver.IdleMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads a {@link NodeConfig} from YAML. A key that it does not know is refused, because a misspelt key would otherwise be
 * a default that nobody asked for.
 *
 * <pre>
 * node:    {id: 0}
 * cluster: {members: [{id: 0, endpoint: "localhost:9410"}, {id: 1, endpoint: "localhost:9411"}]}
 *           # and, fixed for ever: shards: 1024, groups: 2
 * data:    {directory: ./data-0}
 * sync:    {policy: force, interval-ms: 10}
 * raft:    {heartbeat-ms: 50, election-timeout-ms: 400}
 * journal: {segment-mib: 64, min-free-mib: 256}
 * aeron:   {external: false, directory: /dev/shm/grape-0, idle: backoff}
 * limits:  {max-batch-points: 1024, max-k: 1024, budget-mib: 8192}
 * clients: {expiry-ms: 3600000}
 * index:   {enabled: true, min-rows: 2000, max-tail-mib: 256}
 * </pre>
 */
public final class NodeConfigFile {
    private static final Map<String, Set<String>> KEYS = Map.ofEntries(
            Map.entry("node", Set.of("id")),
            Map.entry("cluster", Set.of("members", "shards", "groups")),
            Map.entry("data", Set.of("directory")),
            Map.entry("sync", Set.of("policy", "interval-ms")),
            Map.entry("raft", Set.of("heartbeat-ms", "election-timeout-ms")),
            Map.entry("journal", Set.of("segment-mib", "min-free-mib")),
            Map.entry(
                    "checkpoint", Set.of("entries", "journal-mib", "interval-s", "trailing-entries", "send-mib-per-s")),
            Map.entry("aeron", Set.of("external", "directory", "idle")),
            Map.entry("limits", Set.of("max-batch-points", "max-k", "max-sessions", "budget-mib")),
            Map.entry("clients", Set.of("expiry-ms")),
            Map.entry("index", Set.of("enabled", "min-rows", "max-tail-mib")));

    private final Map<?, ?> root;
    private final Path base;

    private NodeConfigFile(Map<?, ?> root, Path base) {
        this.root = root;
        this.base = base;
    }

    /**
     * Reads a file. A relative data directory is taken from the file's own directory.
     *
     * @throws GrapeException INVALID_CONFIGURATION, naming the key
     */
    public static NodeConfig load(Path file) {
        try {
            return parse(Files.readString(file), file.toAbsolutePath().resolveSibling(""));
        } catch (IOException ex) {
            throw new GrapeException(
                    ErrorCode.INVALID_CONFIGURATION, "cannot read the configuration " + file + ": " + ex, ex);
        }
    }

    /** Reads a text. */
    static NodeConfig parse(String yaml, Path base) {
        Object tree;
        try {
            tree = new Load(LoadSettings.builder().setAllowDuplicateKeys(false).build()).loadFromString(yaml);
        } catch (YamlEngineException ex) {
            throw new GrapeException(ErrorCode.INVALID_CONFIGURATION, "not valid YAML: " + ex.getMessage(), ex);
        }
        if (!(tree instanceof Map<?, ?> map)) {
            throw NodeConfig.invalid("the configuration is not a map of " + new TreeSet<>(KEYS.keySet()));
        }
        checkKeys("", map, KEYS.keySet());
        for (Map.Entry<?, ?> section : map.entrySet()) {
            String name = String.valueOf(section.getKey());
            if (!(section.getValue() instanceof Map<?, ?> values)) {
                throw NodeConfig.invalid(name + ": is not a map");
            }
            checkKeys(name + ".", values, KEYS.getOrDefault(name, Set.of()));
        }
        return new NodeConfigFile(map, base).build();
    }

    private static void checkKeys(String prefix, Map<?, ?> map, Set<String> known) {
        for (Object key : map.keySet()) {
            if (!known.contains(String.valueOf(key))) {
                throw NodeConfig.invalid(prefix + key + ": unknown key; known here: " + new TreeSet<>(known));
            }
        }
    }

    private NodeConfig build() {
        int nodeId = integer("node", "id", 0);
        NodeTiming timing = NodeTiming.defaults();
        JournalSettings journal = JournalSettings.defaults();
        NodeLimits limits = NodeLimits.defaults();
        Object directory = value("aeron", "directory");
        return new NodeConfig(
                nodeId,
                members(nodeId),
                base.resolve(String.valueOf(orElse(value("data", "directory"), "grape-data-" + nodeId))),
                policy(),
                new NodeTiming(
                        integer("raft", "heartbeat-ms", timing.heartbeatMs()),
                        integer("raft", "election-timeout-ms", timing.electionTimeoutMs()),
                        integer("sync", "interval-ms", timing.forceIntervalMs()),
                        integer("clients", "expiry-ms", timing.clientExpiryMs())),
                new JournalSettings(
                        integer("journal", "segment-mib", journal.segmentMib()),
                        integer("journal", "min-free-mib", journal.minFreeMib()),
                        checkpoint(journal.checkpoint())),
                new AeronSettings(
                        Boolean.TRUE.equals(value("aeron", "external")),
                        directory == null ? null : String.valueOf(directory),
                        IdleMode.of(String.valueOf(orElse(value("aeron", "idle"), "backoff")))),
                limits(limits),
                new GroupSettings(
                        integer("cluster", "shards", GroupSettings.defaults().shards()),
                        integer("cluster", "groups", GroupSettings.ONE_A_MEMBER)),
                index(IndexSettings.defaults()));
    }

    private IndexSettings index(IndexSettings defaults) {
        return new IndexSettings(
                !Boolean.FALSE.equals(value("index", "enabled")),
                integer("index", "min-rows", defaults.minRows()),
                integer("index", "max-tail-mib", defaults.maxTailMib()));
    }

    private CheckpointSettings checkpoint(CheckpointSettings defaults) {
        return new CheckpointSettings(
                integer("checkpoint", "entries", defaults.entries()),
                integer("checkpoint", "journal-mib", defaults.journalMib()),
                integer("checkpoint", "interval-s", defaults.intervalSeconds()),
                integer("checkpoint", "trailing-entries", defaults.trailingEntries()),
                integer("checkpoint", "send-mib-per-s", defaults.sendMibPerSecond()));
    }

    private NodeLimits limits(NodeLimits defaults) {
        try {
            return new NodeLimits(
                    defaults.maxMessageLength(),
                    integer("limits", "max-batch-points", defaults.maxBatchPoints()),
                    integer("limits", "max-k", defaults.maxK()),
                    defaults.maxPayloadLength(),
                    integer("limits", "max-sessions", defaults.maxSessions()),
                    defaults.maxClients(),
                    defaults.maxCollections(),
                    (long) integer("limits", "budget-mib", (int) (defaults.budgetBytes() >> 20)) << 20);
        } catch (IllegalArgumentException ex) {
            throw new GrapeException(ErrorCode.INVALID_CONFIGURATION, "limits: " + ex.getMessage(), ex);
        }
    }

    private SyncPolicy policy() {
        String name = String.valueOf(orElse(value("sync", "policy"), "force"));
        for (SyncPolicy policy : SyncPolicy.values()) {
            if (policy.name().toLowerCase(Locale.ROOT).equals(name)) {
                return policy;
            }
        }
        throw NodeConfig.invalid("sync.policy: '" + name + "' is not one of force, async, none");
    }

    private List<MemberConfig> members(int nodeId) {
        Object listed = value("cluster", "members");
        if (listed == null) {
            return List.of(new MemberConfig(nodeId, "localhost:" + NodeConfig.DEFAULT_PORT));
        }
        if (!(listed instanceof List<?> list)) {
            throw NodeConfig.invalid("cluster.members: is not a list of {id, endpoint}");
        }
        List<MemberConfig> members = new ArrayList<>();
        for (Object item : list) {
            if (!(item instanceof Map<?, ?> map)
                    || !(map.get("id") instanceof Integer id)
                    || !(map.get("endpoint") instanceof String endpoint)
                    || map.size() != (map.containsKey("joining") ? 3 : 2)) {
                throw NodeConfig.invalid(
                        "cluster.members: each member is {id: NUMBER, endpoint: \"host:port\"}, and has "
                                + "joining: true if it was added later");
            }
            members.add(new MemberConfig(id, endpoint, Boolean.TRUE.equals(map.get("joining"))));
        }
        return members;
    }

    private int integer(String section, String key, int defaultValue) {
        Object value = value(section, key);
        if (value == null) {
            return defaultValue;
        }
        if (value instanceof Integer number) {
            return number;
        }
        throw NodeConfig.invalid(section + "." + key + ": '" + value + "' is not a whole number");
    }

    private @Nullable Object value(String section, String key) {
        return root.get(section) instanceof Map<?, ?> map ? map.get(key) : null;
    }

    private static Object orElse(@Nullable Object value, Object defaultValue) {
        return value == null ? defaultValue : value;
    }
}
