package io.grape.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/configuration.md lists the keys; run with -Dgrape.docs.write=true to write it anew. */
class ConfigurationPageTest {
    private static final Path PAGE = Path.of("../docs/configuration.md");
    private static final String BEGIN = "<!-- begin: written by ConfigurationPageTest -->\n";
    private static final String END = "<!-- end -->\n";

    @Test
    void thePageListsEveryKeyWithItsDefault() throws IOException {
        NodeConfig usual = NodeConfigFile.parse("{}", Path.of(""));
        StringBuilder table = new StringBuilder("| key | default | unit or kind | meaning |\n|---|---|---|---|\n");
        for (ConfigKey key : ConfigKeys.ALL) {
            Object value = key.value().apply(usual);
            table.append("| `%s` | %s | %s | %s |\n"
                    .formatted(
                            key.fullName(),
                            value == null ? "none" : "`" + ConfigPrinter.text(value) + "`",
                            key.kind(),
                            key.meaning()));
        }
        String page = Files.readString(PAGE);
        int from = page.indexOf(BEGIN) + BEGIN.length();
        int to = page.indexOf(END);
        if (Boolean.getBoolean("grape.docs.write")) {
            Files.writeString(PAGE, page.substring(0, from) + table + page.substring(to));
        } else {
            assertThat(page.substring(from, to)).isEqualTo(table.toString());
        }
    }
}
