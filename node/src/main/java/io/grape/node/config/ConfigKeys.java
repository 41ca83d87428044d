package io.grape.node.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Every key there is. The reader takes no other; docs/configuration.md lists these, with the defaults that they have here.
 */
public final class ConfigKeys {
    private static final String MIB = "MiB";
    private static final String COUNT = "whole number";
    private static final String FILE = "path, from the file's directory";

    /** In the order of the page. */
    public static final List<ConfigKey> ALL = List.of(
            new ConfigKey(
                    "node", "id", COUNT, "Number of this node, 0 to 32767, unique in the cluster", NodeConfig::nodeId),
            new ConfigKey(
                    "cluster",
                    "members",
                    "list of {id, endpoint}",
                    "All voters, this node among them; each endpoint is host:port of its one UDP port",
                    ConfigKeys::members),
            new ConfigKey(
                    "cluster",
                    "shards",
                    "power of two",
                    "Hash slots; fixed when the cluster is formed, and equal on all nodes",
                    config -> config.groups().shards()),
            new ConfigKey(
                    "cluster",
                    "groups",
                    COUNT,
                    "Groups that hold points; 0 is one for each member; fixed when the cluster is formed",
                    config -> config.groups().groups()),
            new ConfigKey(
                    "data",
                    "directory",
                    FILE,
                    "Journal and vectors; belongs to this node alone",
                    config -> config.dataDirectory().toString()),
            new ConfigKey(
                    "sync",
                    "policy",
                    "force, async or none",
                    "When a write counts as durable: on a majority of disks, forced now and then, or in the page cache",
                    config -> config.syncPolicy().configName()),
            new ConfigKey(
                    "sync",
                    "interval-ms",
                    "ms",
                    "Time between forces under async",
                    config -> config.timing().forceIntervalMs()),
            new ConfigKey(
                    "raft",
                    "heartbeat-ms",
                    "ms",
                    "A leader speaks at least so often",
                    config -> config.timing().heartbeatMs()),
            new ConfigKey(
                    "raft",
                    "election-timeout-ms",
                    "ms",
                    "A follower that hears nothing for so long, or up to twice as long, starts an election",
                    config -> config.timing().electionTimeoutMs()),
            new ConfigKey(
                    "journal",
                    "segment-mib",
                    MIB,
                    "Size of one journal file, written full of zeros first",
                    config -> config.journal().segmentMib()),
            new ConfigKey(
                    "journal",
                    "min-free-mib",
                    MIB,
                    "What the journal leaves free on its disk",
                    config -> config.journal().minFreeMib()),
            new ConfigKey(
                    "checkpoint",
                    "entries",
                    COUNT,
                    "Entries applied since the last checkpoint from which another is taken",
                    config -> config.journal().checkpoint().entries()),
            new ConfigKey(
                    "checkpoint",
                    "journal-mib",
                    MIB,
                    "Journal written since the last checkpoint from which another is taken",
                    config -> config.journal().checkpoint().journalMib()),
            new ConfigKey(
                    "checkpoint",
                    "interval-s",
                    "s",
                    "Time since the last checkpoint after which another is taken, if anything was applied",
                    config -> config.journal().checkpoint().intervalSeconds()),
            new ConfigKey(
                    "checkpoint",
                    "trailing-entries",
                    COUNT,
                    "Entries that stay in the log for followers that are a little behind",
                    config -> config.journal().checkpoint().trailingEntries()),
            new ConfigKey(
                    "checkpoint",
                    "send-mib-per-s",
                    "MiB/s",
                    "Most that a leader sends of a snapshot",
                    config -> config.journal().checkpoint().sendMibPerSecond()),
            new ConfigKey(
                    "aeron",
                    "external",
                    "true or false",
                    "Use a media driver that runs already, in aeron.directory",
                    config -> config.aeron().external()),
            new ConfigKey(
                    "aeron",
                    "directory",
                    "path",
                    "Directory of the media driver; an embedded one chooses its own",
                    config -> config.aeron().directory()),
            new ConfigKey(
                    "aeron",
                    "idle",
                    "backoff, yield, sleep or busy-spin",
                    "How the node's threads and an embedded driver's wait for work",
                    config -> config.aeron()
                            .idle()
                            .name()
                            .toLowerCase(Locale.ROOT)
                            .replace('_', '-')),
            new ConfigKey(
                    "limits",
                    "max-batch-points",
                    COUNT,
                    "Points of one upsert, delete or get",
                    config -> config.limits().maxBatchPoints()),
            new ConfigKey(
                    "limits",
                    "max-k",
                    COUNT,
                    "Neighbours of one search",
                    config -> config.limits().maxK()),
            new ConfigKey(
                    "limits",
                    "max-dimension",
                    COUNT,
                    "Dimension of a new collection, at most " + NodeLimits.MAX_DIMENSION,
                    config -> config.limits().maxDimension()),
            new ConfigKey(
                    "limits",
                    "max-collections",
                    COUNT,
                    "Collections that live at once; must be equal on all nodes",
                    config -> config.limits().maxCollections()),
            new ConfigKey(
                    "limits",
                    "max-sessions",
                    COUNT,
                    "Open sessions of clients",
                    config -> config.limits().maxSessions()),
            new ConfigKey(
                    "limits",
                    "max-clients",
                    COUNT,
                    "Clients whose writes are remembered for exactly-once; must be equal on all nodes",
                    config -> config.limits().maxClients()),
            new ConfigKey(
                    "limits",
                    "in-flight-mib",
                    MIB,
                    "Writes that may be in the log and not yet committed; above it is back-pressure",
                    config -> config.limits().inFlightBytes() >> 20),
            new ConfigKey(
                    "limits",
                    "budget-mib",
                    MIB,
                    "Off-heap bytes of one collection; a write that might not fit is refused with MEMORY_LIMIT",
                    config -> config.limits().budgetBytes() >> 20),
            new ConfigKey(
                    "limits",
                    "node-budget-mib",
                    MIB,
                    "Off-heap bytes of all collections of the node; refused with MEMORY_LIMIT before it is reached",
                    config -> config.limits().nodeBudgetBytes() >> 20),
            new ConfigKey(
                    "clients",
                    "expiry-ms",
                    "ms",
                    "A client that wrote nothing for so long is forgotten; the leader's value counts",
                    config -> config.timing().clientExpiryMs()),
            new ConfigKey(
                    "index",
                    "enabled",
                    "true or false",
                    "Link collections into graphs; without them every search is exact",
                    config -> config.index().enabled()),
            new ConfigKey(
                    "index",
                    "min-rows",
                    COUNT,
                    "Points of a collection from which it has a graph",
                    config -> config.index().minRows()),
            new ConfigKey(
                    "index",
                    "max-tail-mib",
                    MIB,
                    "Points that are not linked yet; above it writes wait",
                    config -> config.index().maxTailMib()),
            new ConfigKey(
                    "http",
                    "enabled",
                    "true or false",
                    "Serve metrics, probes and pages",
                    config -> config.operation().http().enabled()),
            new ConfigKey(
                    "http",
                    "host",
                    "address",
                    "Where the HTTP server listens",
                    config -> config.operation().http().host()),
            new ConfigKey(
                    "http",
                    "port",
                    "TCP port",
                    "Port of the HTTP server; -1 is the number of the node's UDP port, 0 any free one",
                    config -> config.operation().http().port()),
            new ConfigKey(
                    "http",
                    "tls-keystore",
                    FILE,
                    "PKCS #12 file with the certificate and its key; plain HTTP without it",
                    config -> text(config.operation().http().keyStore())),
            new ConfigKey(
                    "http",
                    "tls-password-file",
                    FILE,
                    "Holds the password of that file in its first line",
                    config -> text(config.operation().http().passwordFile())),
            new ConfigKey(
                    "security",
                    "keys-file",
                    FILE,
                    "API keys of clients, hashed, as grape keys writes them; without it every client may do everything",
                    config -> text(config.operation().security().keysFile())),
            new ConfigKey(
                    "security",
                    "failures-per-s",
                    COUNT,
                    "Connects without good credentials that are answered in a second; others hear nothing",
                    config -> config.operation().security().failuresPerSecond()));

    private ConfigKeys() {}

    /** Returns the names of the sections. */
    static Set<String> sections() {
        return ALL.stream().map(ConfigKey::section).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Returns the names below a section; none for one that there is not. */
    static Set<String> names(String section) {
        return ALL.stream()
                .filter(key -> key.section().equals(section))
                .map(ConfigKey::name)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static List<Map<String, Object>> members(NodeConfig config) {
        return config.members().stream()
                .map(member -> {
                    Map<String, Object> shown = new LinkedHashMap<>();
                    shown.put("id", member.nodeId());
                    shown.put("endpoint", member.endpoint());
                    return shown;
                })
                .toList();
    }

    private static @Nullable Object text(@Nullable Path path) {
        return path == null ? null : path.toString();
    }
}
