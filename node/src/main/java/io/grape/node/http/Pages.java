package io.grape.node.http;

import io.grape.node.metrics.GroupView;
import io.grape.node.metrics.ShardView;
import io.grape.node.metrics.ShardView.Migration;
import io.grape.node.metrics.ShardView.ShardLoad;
import io.grape.shards.ShardGroup;
import io.grape.shards.ShardTable;
import io.grape.shards.health.ClusterHealth;
import io.grape.shards.health.ShardHealth;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** What the pages of JSON say. Each is as this node sees the cluster. Any thread. */
final class Pages {
    private static final Pattern TOP = Pattern.compile("(?:.*&)?top=([0-9]{1,4})(?:&.*)?");
    private static final int DEFAULT_TOP = 20;
    private static final int MOST_TOP = 100;

    private final int nodeId;
    private final NodeHealth health;
    private final Supplier<@Nullable ShardView> shards;

    Pages(int nodeId, NodeHealth health, Supplier<@Nullable ShardView> shards) {
        this.nodeId = nodeId;
        this.health = health;
        this.shards = shards;
    }

    int live(String rest, String query, JsonGenerator json) {
        return probe(json, health.againstLife());
    }

    int ready(String rest, String query, JsonGenerator json) {
        return probe(json, health.againstReadiness());
    }

    int started(String rest, String query, JsonGenerator json) {
        return probe(json, health.hasStarted() ? List.of() : List.of("the node is starting"));
    }

    private int probe(JsonGenerator json, List<String> reasons) {
        json.writeStartObject();
        json.writeNumberProperty("node", nodeId);
        json.writeStringProperty("status", reasons.isEmpty() ? "ok" : "unavailable");
        JsonPage.strings(json, "reasons", reasons);
        json.writeEndObject();
        return reasons.isEmpty() ? JsonPage.OK : JsonPage.UNAVAILABLE;
    }

    int cluster(String rest, String query, JsonGenerator json) {
        ShardView view = shards.get();
        List<String> reasons = health.againstReadiness();
        json.writeStartObject();
        json.writeNumberProperty("node", nodeId);
        json.writeStringProperty("health", clusterHealth(view, reasons).name().toLowerCase(Locale.ROOT));
        JsonPage.strings(json, "reasons", reasons);
        json.writeNumberProperty("tableEpoch", view == null ? 0 : view.table().epoch());
        json.writeArrayPropertyStart("groups");
        for (GroupView group : health.groups()) {
            json.writeStartObject();
            json.writeNumberProperty("group", group.groupId());
            json.writeNumberProperty("leader", group.status().leaderNodeId());
            json.writeNumberProperty("term", group.status().term());
            json.writeNumberProperty("lastIndex", group.status().lastIndex());
            json.writeNumberProperty("commitIndex", group.status().commitIndex());
            json.writeNumberProperty("appliedIndex", group.appliedIndex().getAsLong());
            json.writeNumberProperty("points", group.state().catalog().points());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
        return JsonPage.OK;
    }

    /** The worst of what is known here; a node that is not ready knows of at least one thing that is missing. */
    private ClusterHealth clusterHealth(@Nullable ShardView view, List<String> reasons) {
        List<ShardHealth> known = new ArrayList<>();
        known.add(reasons.isEmpty() ? ShardHealth.OK : ShardHealth.DEGRADED);
        if (view == null || health.groups().stream().anyMatch(group -> !group.hasLeader())) {
            known.add(ShardHealth.UNAVAILABLE);
        }
        for (int shard = 0; view != null && shard < view.table().shardCount(); shard++) {
            known.add(view.health(shard));
        }
        return ClusterHealth.of(known);
    }

    int shards(String rest, String query, JsonGenerator json) {
        ShardView view = shards.get();
        if (view == null) {
            return starting(json);
        }
        ShardTable table = view.table();
        json.writeStartObject();
        json.writeNumberProperty("epoch", table.epoch());
        json.writeArrayPropertyStart("groups");
        for (ShardGroup group : table.groups()) {
            json.writeStartObject();
            json.writeNumberProperty("group", group.groupId());
            json.writeNumberProperty("leader", table.leaderOf(group.groupId()));
            json.writeArrayPropertyStart("members");
            group.members().forEach(member -> json.writeNumber(member));
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayPropertyStart("shards");
        for (int shard = 0; shard < table.shardCount(); shard++) {
            shard(json, view, table, shard);
        }
        json.writeEndArray();
        json.writeEndObject();
        return JsonPage.OK;
    }

    int shard(String rest, String query, JsonGenerator json) {
        ShardView view = shards.get();
        if (view == null) {
            return starting(json);
        }
        ShardTable table = view.table();
        int shard = rest.matches("[0-9]{1,6}") ? Integer.parseInt(rest) : -1;
        if (shard < 0 || shard >= table.shardCount()) {
            json.writeStartObject();
            json.writeStringProperty("error", "shards are numbered 0 to " + (table.shardCount() - 1));
            json.writeEndObject();
            return JsonPage.NOT_FOUND;
        }
        shard(json, view, table, shard);
        return JsonPage.OK;
    }

    private static void shard(JsonGenerator json, ShardView view, ShardTable table, int shard) {
        json.writeStartObject();
        json.writeNumberProperty("shard", shard);
        json.writeNumberProperty("group", table.groupOf(shard));
        json.writeNumberProperty("epoch", table.shardEpoch(shard));
        json.writeStringProperty("health", view.health(shard).name().toLowerCase(Locale.ROOT));
        json.writeEndObject();
    }

    int migrations(String rest, String query, JsonGenerator json) {
        ShardView view = shards.get();
        if (view == null) {
            return starting(json);
        }
        json.writeStartObject();
        json.writeArrayPropertyStart("migrations");
        for (Migration migration : view.migrations()) {
            json.writeStartObject();
            json.writeNumberProperty("migration", migration.id());
            json.writeNumberProperty("shard", migration.shard());
            json.writeNumberProperty("source", migration.source());
            json.writeNumberProperty("destination", migration.destination());
            json.writeStringProperty("phase", migration.phase());
            json.writeStringProperty("outcome", migration.outcome());
            json.writeNumberProperty("bytes", migration.bytes());
            json.writeNumberProperty("sealedNs", migration.sealedNs());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
        return JsonPage.OK;
    }

    int busiest(String rest, String query, JsonGenerator json) {
        ShardView view = shards.get();
        if (view == null) {
            return starting(json);
        }
        Matcher top = TOP.matcher(query);
        int most = Math.min(MOST_TOP, top.matches() ? Integer.parseInt(top.group(1)) : DEFAULT_TOP);
        json.writeStartObject();
        json.writeArrayPropertyStart("shards");
        for (ShardLoad load : view.busiest(most)) {
            json.writeStartObject();
            json.writeNumberProperty("shard", load.shard());
            json.writeNumberProperty("group", load.groupId());
            json.writeNumberProperty("readsPerSecond", load.readsPerS());
            json.writeNumberProperty("writesPerSecond", load.writesPerS());
            json.writeNumberProperty("bytesPerSecond", load.bytesPerS());
            json.writeNumberProperty("cpuNsPerSecond", load.cpuNsPerS());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
        return JsonPage.OK;
    }

    static int unknown(JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("error", "no such page; there are " + HttpEndpoint.PAGES);
        json.writeEndObject();
        return JsonPage.NOT_FOUND;
    }

    private static int starting(JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("error", "the node is starting");
        json.writeEndObject();
        return JsonPage.UNAVAILABLE;
    }
}
