package io.grape.node.config;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** Writes a configuration as a file that reads back as the same, each key with its meaning. */
public final class ConfigPrinter {
    private static final Dump DUMP = new Dump(DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.FLOW)
            .setWidth(1_000)
            .build());

    private ConfigPrinter() {}

    /** Returns all keys with their values; a key without a value is a comment. */
    public static String print(NodeConfig config) {
        StringBuilder out = new StringBuilder();
        for (String section : ConfigKeys.sections()) {
            out.append(section).append(":\n");
            for (ConfigKey key : ConfigKeys.ALL) {
                if (key.section().equals(section)) {
                    Object value = key.value().apply(config);
                    out.append("  # ")
                            .append(key.meaning())
                            .append(" (")
                            .append(key.kind())
                            .append(")\n");
                    out.append(value == null ? "  # " : "  ").append(key.name()).append(':');
                    out.append(value == null ? "" : " " + text(value)).append('\n');
                }
            }
        }
        return out.toString();
    }

    /** Returns a value as YAML on one line. */
    public static String text(@Nullable Object value) {
        String dumped = value == null ? "" : DUMP.dumpToString(value);
        return String.join(
                " ", Arrays.stream(dumped.split("\\R")).map(String::strip).toList());
    }
}
