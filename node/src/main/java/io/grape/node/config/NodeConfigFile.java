package io.grape.node.config;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.raft.journal.SyncPolicy;
import io.grape.transport.driver.IdleMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
 * sync:    {policy: force}
 * </pre>
 *
 * <p>{@link ConfigKeys} lists the keys, and so does docs/configuration.md.
 */
public final class NodeConfigFile {
    private final Map<String, Map<String, @Nullable Object>> root;
    private final Path base;

    private NodeConfigFile(Map<String, Map<String, @Nullable Object>> root, Path base) {
        this.root = root;
        this.base = base;
    }

    /**
     * Reads a file. A relative data directory is taken from the file's own directory.
     *
     * @throws GrapeException INVALID_CONFIGURATION, naming the key
     */
    public static NodeConfig load(Path file) {
        return load(file, Map.of());
    }

    /**
     * As {@link #load(Path)}, and then what the environment says in place of the file.
     *
     * @param environment {@code GRAPE_RAFT_HEARTBEAT_MS} overrides {@code raft.heartbeat-ms}, and so on; a value is YAML
     */
    public static NodeConfig load(Path file, Map<String, String> environment) {
        try {
            return parse(Files.readString(file), file.toAbsolutePath().resolveSibling(""), environment);
        } catch (IOException ex) {
            throw new GrapeException(
                    ErrorCode.INVALID_CONFIGURATION, "cannot read the configuration " + file + ": " + ex, ex);
        }
    }

    /**
     * Returns a node that is a cluster of its own on loopback, and then what the environment says in its place.
     *
     * @param port UDP port
     */
    public static NodeConfig single(Path dataDirectory, int port, Map<String, String> environment) {
        Map<String, Map<String, @Nullable Object>> sections = new HashMap<>();
        sections.put("data", new HashMap<>(Map.of("directory", dataDirectory.toString())));
        sections.put(
                "cluster", new HashMap<>(Map.of("members", List.of(Map.of("id", 0, "endpoint", "localhost:" + port)))));
        override(sections, environment);
        return new NodeConfigFile(sections, Path.of("")).build();
    }

    /** Reads a text. */
    static NodeConfig parse(String yaml, Path base) {
        return parse(yaml, base, Map.of());
    }

    /**
     * Reads a text, and then what the environment says in its place.
     *
     * @param base        of relative paths
     * @param environment variables; those whose names begin with GRAPE_ and a section are keys
     */
    public static NodeConfig parse(String yaml, Path base, Map<String, String> environment) {
        Object tree = yaml(yaml, "the configuration");
        if (!(tree instanceof Map<?, ?> map)) {
            throw NodeConfig.invalid("the configuration is not a map of " + ConfigKeys.sections());
        }
        checkNames("", map, ConfigKeys.sections());
        Map<String, Map<String, @Nullable Object>> sections = new HashMap<>();
        for (Map.Entry<?, ?> section : map.entrySet()) {
            String name = String.valueOf(section.getKey());
            if (!(section.getValue() instanceof Map<?, ?> values)) {
                throw NodeConfig.invalid(name + ": is not a map");
            }
            checkNames(name + ".", values, ConfigKeys.names(name));
            Map<String, @Nullable Object> copied = new HashMap<>();
            values.forEach((key, value) -> copied.put(String.valueOf(key), value));
            sections.put(name, copied);
        }
        override(sections, environment);
        return new NodeConfigFile(sections, base).build();
    }

    private static @Nullable Object yaml(String text, String what) {
        try {
            return new Load(LoadSettings.builder().setAllowDuplicateKeys(false).build()).loadFromString(text);
        } catch (YamlEngineException ex) {
            throw new GrapeException(
                    ErrorCode.INVALID_CONFIGURATION, what + ": not valid YAML: " + ex.getMessage(), ex);
        }
    }

    private static void checkNames(String prefix, Map<?, ?> map, Set<String> known) {
        for (Object key : map.keySet()) {
            String name = String.valueOf(key);
            if (!known.contains(name)) {
                throw NodeConfig.invalid(prefix + name + ": unknown key; did you mean " + prefix
                        + NearestName.of(name, known) + "? There are " + known);
            }
        }
    }

    private static void override(Map<String, Map<String, @Nullable Object>> sections, Map<String, String> environment) {
        Map<String, ConfigKey> byVariable = new HashMap<>();
        ConfigKeys.ALL.forEach(key -> byVariable.put(key.variable(), key));
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            String name = variable.getKey();
            ConfigKey key = byVariable.get(name);
            if (key != null) {
                Object value = yaml(variable.getValue(), name);
                sections.computeIfAbsent(key.section(), _ -> new HashMap<>()).put(key.name(), value);
            } else if (ConfigKeys.sections().stream()
                    .anyMatch(section -> name.startsWith(ConfigKey.variablePrefix(section)))) {
                throw NodeConfig.invalid(
                        name + ": unknown variable; did you mean " + NearestName.of(name, byVariable.keySet()) + "?");
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
                        flag("aeron", "external", false),
                        directory == null ? null : String.valueOf(directory),
                        IdleMode.of(String.valueOf(orElse(value("aeron", "idle"), "backoff")))),
                limits(limits),
                new GroupSettings(
                        integer("cluster", "shards", GroupSettings.defaults().shards()),
                        integer("cluster", "groups", GroupSettings.ONE_A_MEMBER)),
                index(IndexSettings.defaults()),
                new OperationSettings(http(), security()));
    }

    private IndexSettings index(IndexSettings defaults) {
        return new IndexSettings(
                flag("index", "enabled", defaults.enabled()),
                integer("index", "min-rows", defaults.minRows()),
                integer("index", "max-tail-mib", defaults.maxTailMib()));
    }

    private HttpSettings http() {
        HttpSettings defaults = HttpSettings.defaults();
        return new HttpSettings(
                flag("http", "enabled", defaults.enabled()),
                String.valueOf(orElse(value("http", "host"), defaults.host())),
                integer("http", "port", defaults.port()),
                file("http", "tls-keystore"),
                file("http", "tls-password-file"));
    }

    private SecuritySettings security() {
        return new SecuritySettings(
                file("security", "keys-file"),
                integer("security", "failures-per-s", SecuritySettings.none().failuresPerSecond()));
    }

    private boolean flag(String section, String key, boolean defaultValue) {
        Object value = orElse(value(section, key), defaultValue);
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw NodeConfig.invalid(section + "." + key + ": '" + value + "' is not true or false");
    }

    private @Nullable Path file(String section, String key) {
        Object named = value(section, key);
        return named == null ? null : base.resolve(String.valueOf(named));
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
                    integer("limits", "max-clients", defaults.maxClients()),
                    integer("limits", "max-collections", defaults.maxCollections()),
                    integer("limits", "max-dimension", defaults.maxDimension()),
                    mebibytes("in-flight-mib", defaults.inFlightBytes()),
                    mebibytes("budget-mib", defaults.budgetBytes()),
                    mebibytes("node-budget-mib", defaults.nodeBudgetBytes()));
        } catch (IllegalArgumentException ex) {
            throw new GrapeException(ErrorCode.INVALID_CONFIGURATION, "limits: " + ex.getMessage(), ex);
        }
    }

    private long mebibytes(String key, long defaultBytes) {
        return (long) integer("limits", key, (int) (defaultBytes >> 20)) << 20;
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
        Map<String, @Nullable Object> values = root.get(section);
        return values == null ? null : values.get(key);
    }

    private static Object orElse(@Nullable Object value, Object defaultValue) {
        return value == null ? defaultValue : value;
    }
}
