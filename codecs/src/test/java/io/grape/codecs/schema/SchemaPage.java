package io.grape.codecs.schema;

import io.grape.codecs.schema.Schema.Composite;
import io.grape.codecs.schema.Schema.EnumType;
import io.grape.codecs.schema.Schema.EnumValue;
import io.grape.codecs.schema.Schema.Field;
import io.grape.codecs.schema.Schema.Message;
import java.util.List;
import java.util.Locale;

/** Writes the schema as Markdown tables: the generated part of {@code docs/wire-protocol.md}. */
public final class SchemaPage {
    private static final List<String> IN_FILES = List.of("journalSegmentHeader", "journalRecordHeader");

    private final Schema schema;
    private final StringBuilder page = new StringBuilder();

    private SchemaPage(Schema schema) {
        this.schema = schema;
    }

    /** Returns the tables of every message, type and enum. */
    public static String of(Schema schema) {
        SchemaPage writer = new SchemaPage(schema);
        writer.overview();
        writer.messages();
        writer.types();
        writer.enums();
        return writer.page.toString();
    }

    private void overview() {
        line("Schema id %d, version %d.", schema.id(), schema.version());
        line("");
        line("## All messages");
        line("");
        line("| id | message | block, bytes | meaning |");
        line("|---:|---|---:|---|");
        for (Message message : schema.messages()) {
            String anchor = "[" + message.name() + "](#" + message.name().toLowerCase(Locale.ROOT) + ")";
            line("| %d | %s | %d | %s |", message.id(), anchor, schema.blockLength(message), message.description());
        }
        line("");
    }

    private void messages() {
        line("## The messages");
        line("");
        line(
                "Offsets count from the end of the message header for fields of a message, and from the beginning of the element");
        line("for fields of a group. Groups and data follow the block in the order given.");
        line("");
        for (Message message : schema.messages()) {
            line("### %s", message.name());
            line("");
            line("Template %d. %s.", message.id(), message.description());
            line("");
            line("| field | id | offset | type | meaning |");
            line("|---|---:|---:|---|---|");
            block(message, "");
            line("");
        }
    }

    private void block(Message block, String prefix) {
        int offset = 0;
        for (Field field : block.fields()) {
            String since = field.sinceVersion() > 1 ? " (since version " + field.sinceVersion() + ")" : "";
            row(prefix + field.name(), field.id(), Integer.toString(offset), field.type(), field.description() + since);
            offset += schema.lengthOf(field.type());
        }
        for (Message group : block.groups()) {
            String type = "group of " + schema.blockLength(group) + " bytes";
            row(prefix + group.name(), group.id(), "", type, group.description());
            block(group, prefix + group.name() + ".");
        }
        for (Field data : block.data()) {
            row(prefix + data.name(), data.id(), "", data.type(), data.description());
        }
    }

    private void types() {
        line("## Types");
        line("");
        for (Composite composite : schema.composites().values()) {
            if (!IN_FILES.contains(composite.name())) {
                composite(composite);
            }
        }
        line("## Layouts in files");
        line("");
        line("These travel in no message; `docs/spec/` explains the files that hold them.");
        line("");
        for (String name : IN_FILES) {
            composite(schema.composites().get(name));
        }
    }

    private void composite(Composite composite) {
        line("### %s", composite.name());
        line("");
        line("%s.", composite.description());
        line("");
        line("| offset | field | type | meaning |");
        line("|---:|---|---|---|");
        int offset = 0;
        for (Field member : composite.members()) {
            String type = member.name().equals("varData") ? "bytes" : member.type();
            line("| %d | %s | %s | %s |", offset, member.name(), type, member.description());
            offset += schema.lengthOf(member.type());
        }
        line("");
    }

    private void enums() {
        line("## Enums");
        line("");
        for (EnumType type : schema.enums().values()) {
            line("### %s", type.name());
            line("");
            line("%s. Encoded as %s.", type.description(), type.encodingType());
            line("");
            line("| value | name | meaning |");
            line("|---:|---|---|");
            for (EnumValue value : type.values()) {
                line("| %d | %s | %s |", value.value(), value.name(), value.description());
            }
            line("");
        }
    }

    private void row(String name, int id, String offset, String type, String description) {
        line("| %s | %d | %s | %s | %s |", name, id, offset, type, description);
    }

    private void line(String format, Object... arguments) {
        page.append(format.formatted(arguments)).append('\n');
    }
}
