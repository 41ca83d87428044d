package io.grape.codecs;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.codecs.schema.Schema;
import io.grape.codecs.schema.SchemaPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The tables of docs/wire-protocol.md are those of the schema; the prose around them is written by hand. */
class WireProtocolPageTest {
    private static final Path PAGE = Path.of("..", "docs", "wire-protocol.md");
    private static final String BEGIN = "<!-- tables from the schema: begin -->\n";
    private static final String END = "<!-- tables from the schema: end -->\n";
    private static final String REGENERATE =
            "./mvnw -pl codecs test -Dtest=WireProtocolPageTest -Dgrape.docs.write=true";

    @Test
    void thePageHoldsTheTablesOfTheSchema() throws IOException {
        String page = Files.readString(PAGE);
        assertThat(page).contains(BEGIN, END);
        String expected = page.substring(0, page.indexOf(BEGIN))
                + BEGIN
                + SchemaPage.of(Schema.load())
                + page.substring(page.indexOf(END));
        if (Boolean.getBoolean("grape.docs.write")) {
            Files.writeString(PAGE, expected);
        }
        assertThat(Files.readString(PAGE))
                .as("docs/wire-protocol.md does not follow the schema; regenerate it with: %s", REGENERATE)
                .isEqualTo(expected);
    }

    @Test
    void everyValueOfTheSchemaIsDescribed() {
        assertThat(SchemaPage.of(Schema.load()).lines().filter(line -> line.startsWith("|")))
                .noneMatch(line -> line.endsWith("|  |"));
    }

    @Test
    void noIdIsUsedTwice() {
        Schema schema = Schema.load();
        assertThat(schema.messages()).extracting(Schema.Message::id).doesNotHaveDuplicates();
        assertThat(schema.enums().values())
                .allSatisfy(type -> assertThat(type.values())
                        .extracting(Schema.EnumValue::value)
                        .doesNotHaveDuplicates());
    }
}
