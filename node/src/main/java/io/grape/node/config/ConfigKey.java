package io.grape.node.config;

import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One key of a node's configuration: what the file, the environment, the page of keys and {@code --print-config} know of it.
 *
 * @param section in the file
 * @param name    below the section
 * @param kind    what a value looks like, for people
 * @param meaning in a sentence, without the full stop
 * @param value   of a configuration; null where nothing is set
 */
public record ConfigKey(
        String section, String name, String kind, String meaning, Function<NodeConfig, @Nullable Object> value) {
    private static final String ENVIRONMENT_PREFIX = "GRAPE_";

    /** Returns the key as messages name it, for example {@code raft.heartbeat-ms}. */
    public String fullName() {
        return section + "." + name;
    }

    /** Returns the variable that overrides it, for example {@code GRAPE_RAFT_HEARTBEAT_MS}. */
    public String variable() {
        return variablePrefix(section) + name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** Returns what the variables of all keys of a section begin with. */
    static String variablePrefix(String section) {
        return ENVIRONMENT_PREFIX + section.toUpperCase(Locale.ROOT) + "_";
    }
}
