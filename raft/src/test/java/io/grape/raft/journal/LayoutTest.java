package io.grape.raft.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.raft.journal.record.RecordDescriptor;
import io.grape.raft.journal.segment.SegmentDescriptor;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The offsets in the code are those of the schema, without gap or overlap. */
class LayoutTest {
    @Test
    void recordHeaderHasTheOffsetsOfTheSchema() throws Exception {
        assertThat(composite("journalRecordHeader"))
                .containsExactlyEntriesOf(orderedMap(
                        "length", RecordDescriptor.LENGTH_OFFSET,
                        "crc", RecordDescriptor.CRC_OFFSET,
                        "recordType", RecordDescriptor.RECORD_TYPE_OFFSET,
                        "entryType", RecordDescriptor.ENTRY_TYPE_OFFSET,
                        "reserved", RecordDescriptor.RESERVED_OFFSET,
                        "groupId", RecordDescriptor.GROUP_ID_OFFSET,
                        "term", RecordDescriptor.TERM_OFFSET,
                        "index", RecordDescriptor.INDEX_OFFSET,
                        "end", RecordDescriptor.HEADER_LENGTH));
    }

    @Test
    void payloadsOfControlRecordsHaveTheOffsetsOfTheSchema() throws Exception {
        int header = RecordDescriptor.HEADER_LENGTH;
        assertThat(composite("journalBatchHeader"))
                .containsExactlyEntriesOf(orderedMap(
                        "frameLength", RecordDescriptor.FRAME_LENGTH_OFFSET - header,
                        "acknowledged", RecordDescriptor.ACKNOWLEDGED_OFFSET - header,
                        "forcedPosition", RecordDescriptor.FORCED_POSITION_OFFSET - header,
                        "reserved", RecordDescriptor.OPENING_OFFSET - 4 - header,
                        "opening", RecordDescriptor.OPENING_OFFSET - header,
                        "end", RecordDescriptor.BATCH_HEADER_LENGTH - header));
        assertThat(composite("journalBatchTrailer"))
                .containsExactlyEntriesOf(orderedMap(
                        "frameCrc", RecordDescriptor.FRAME_CRC_OFFSET - header,
                        "reserved", RecordDescriptor.FRAME_CRC_OFFSET + 4 - header,
                        "end", RecordDescriptor.BATCH_TRAILER_LENGTH - header));
        assertThat(composite("journalHardState"))
                .containsExactlyEntriesOf(orderedMap(
                        "votedFor", RecordDescriptor.VOTED_FOR_OFFSET - header,
                        "reserved", RecordDescriptor.VOTED_FOR_OFFSET + 4 - header,
                        "end", RecordDescriptor.HARD_STATE_LENGTH - header));
        assertThat(composite("journalSnapshotMark"))
                .containsExactlyEntriesOf(orderedMap(
                        "lastIndex", RecordDescriptor.MARK_LAST_INDEX_OFFSET - header,
                        "end", RecordDescriptor.SNAPSHOT_MARK_LENGTH - header));
        assertThat(composite("journalLife"))
                .containsExactlyEntriesOf(orderedMap(
                        "diskId", RecordDescriptor.LIFE_DISK_OFFSET - header,
                        "state", RecordDescriptor.LIFE_STATE_OFFSET - header,
                        "reserved", RecordDescriptor.LIFE_STATE_OFFSET + 4 - header,
                        "end", RecordDescriptor.LIFE_LENGTH - header));
        assertThat(composite("journalGroupState"))
                .containsExactlyEntriesOf(orderedMap(
                        "votedFor", RecordDescriptor.VOTED_FOR_OFFSET - header,
                        "repair", RecordDescriptor.REPAIR_OFFSET - header,
                        "markIndex", RecordDescriptor.MARK_INDEX_OFFSET - header,
                        "markTerm", RecordDescriptor.MARK_TERM_OFFSET - header,
                        "lastIndex", RecordDescriptor.LAST_INDEX_OFFSET - header,
                        "lastTerm", RecordDescriptor.LAST_TERM_OFFSET - header,
                        "repairThrough", RecordDescriptor.REPAIR_THROUGH_OFFSET - header,
                        "end", RecordDescriptor.GROUP_STATE_LENGTH - header));
    }

    @Test
    void segmentHeaderHasTheOffsetsOfTheSchemaAndFillsOneCacheLine() throws Exception {
        assertThat(composite("journalSegmentHeader"))
                .containsExactlyEntriesOf(orderedMap(
                        "magic", SegmentDescriptor.MAGIC_OFFSET,
                        "formatVersion", SegmentDescriptor.FORMAT_VERSION_OFFSET,
                        "salt", SegmentDescriptor.SALT_OFFSET,
                        "sequence", SegmentDescriptor.SEQUENCE_OFFSET,
                        "segmentLength", SegmentDescriptor.SEGMENT_LENGTH_OFFSET,
                        "nodeId", SegmentDescriptor.NODE_ID_OFFSET,
                        "pipelineId", SegmentDescriptor.PIPELINE_ID_OFFSET,
                        "basePosition", SegmentDescriptor.BASE_POSITION_OFFSET,
                        "firstOrdinal", SegmentDescriptor.FIRST_ORDINAL_OFFSET,
                        "headerCrc", SegmentDescriptor.HEADER_CRC_OFFSET,
                        "reserved2", SegmentDescriptor.HEADER_CRC_OFFSET + 4,
                        "end", SegmentDescriptor.HEADER_LENGTH));
        assertThat(SegmentDescriptor.HEADER_LENGTH).isEqualTo(64);
    }

    @Test
    void magicReadsAsText() {
        byte[] bytes = new byte[8];
        new SegmentDescriptor.Header(1, 2, 3, 4096, 5, 6, 7).encode().get(0, bytes);
        assertThat(new String(bytes, StandardCharsets.US_ASCII)).isEqualTo("GRAPEJNL");
    }

    @Test
    void recordTypesAreThoseOfTheSchema() throws Exception {
        NodeList values = named("enum", "JournalRecordType").getElementsByTagName("validValue");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < values.getLength(); i++) {
            Element value = (Element) values.item(i);
            Field field = RecordDescriptor.class.getField(value.getAttribute("name"));
            assertThat(field.getInt(null))
                    .as(value.getAttribute("name"))
                    .isEqualTo(Integer.parseInt(value.getTextContent()));
            assertThat(RecordDescriptor.nameOf(field.getInt(null))).isEqualTo(value.getAttribute("name"));
            names.add(value.getAttribute("name"));
        }
        assertThat(names).hasSize(9);
    }

    @Test
    void everyRecordIsAMultipleOfTheAlignment() {
        assertThat(RecordDescriptor.HEADER_LENGTH % RecordDescriptor.ALIGNMENT).isZero();
        assertThat(RecordDescriptor.align(33)).isEqualTo(40);
        assertThat(RecordDescriptor.align(40)).isEqualTo(40);
    }

    private static Map<String, Integer> orderedMap(Object... pairs) {
        Map<String, Integer> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], (Integer) pairs[i + 1]);
        }
        return map;
    }

    private static Map<String, Integer> composite(String name) throws Exception {
        Map<String, Integer> offsets = new LinkedHashMap<>();
        int offset = 0;
        NodeList children = named("composite", name).getChildNodes();
        for (int i = 0; i < children.getLength(); i++) {
            if (children.item(i) instanceof Element field) {
                offsets.put(field.getAttribute("name"), offset);
                offset += sizeOf(field.getAttribute("primitiveType"));
            }
        }
        offsets.put("end", offset);
        return offsets;
    }

    private static int sizeOf(String primitive) {
        return switch (primitive) {
            case "int64", "uint64" -> 8;
            case "int32", "uint32" -> 4;
            case "uint16" -> 2;
            default -> 1; // the two enums of the record header
        };
    }

    private static Element named(String tag, String name) throws Exception {
        try (InputStream schema = LayoutTest.class.getResourceAsStream("/io/grape/codecs/grape-codecs.xml")) {
            Document document =
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(schema);
            NodeList found = document.getElementsByTagName(tag);
            for (int i = 0; i < found.getLength(); i++) {
                if (((Element) found.item(i)).getAttribute("name").equals(name)) {
                    return (Element) found.item(i);
                }
            }
        }
        throw new AssertionError("the schema has no " + tag + " " + name);
    }
}
