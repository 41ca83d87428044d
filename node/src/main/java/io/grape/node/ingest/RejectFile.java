package io.grape.node.ingest;

import io.grape.codecs.sbe.ErrorCode;
import io.grape.node.ingest.format.InputRow;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The rows that could not be used, one JSON object a line: row, line, id, code, reason. Made when the first one comes. One thread.
 */
final class RejectFile implements Closeable {
    private final JsonFactory json = new JsonFactory();
    private final Path path;
    private long count;
    private long length;
    private @Nullable OutputStream out;

    /** Goes on behind what an earlier run told of the rows that it committed; what it told of others is told again. */
    RejectFile(Path path, long count, long length) throws IOException {
        this.path = path;
        this.count = count;
        this.length = length;
        if (Files.exists(path)) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.truncate(length);
            }
        }
    }

    void add(InputRow row, ErrorCode code, String reason) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (JsonGenerator object = json.createGenerator(ObjectWriteContext.empty(), line, JsonEncoding.UTF8)) {
            object.writeStartObject();
            object.writeNumberProperty("row", row.number());
            if (row.line() > 0) {
                object.writeNumberProperty("line", row.line());
            }
            object.writeStringProperty(
                    "id",
                    row.idMost() == 0
                            ? Long.toUnsignedString(row.idLeast())
                            : new UUID(row.idMost(), row.idLeast()).toString());
            object.writeStringProperty("code", code.name());
            object.writeStringProperty("reason", reason);
            object.writeEndObject();
        }
        line.write('\n');
        OutputStream target = out;
        if (target == null) {
            target = new BufferedOutputStream(Channels.newOutputStream(
                    FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND)));
            out = target;
        }
        line.writeTo(target);
        length += line.size();
        count++;
    }

    /** Hands what was added to the operating system: before a checkpoint tells of it. */
    void flush() throws IOException {
        if (out != null) {
            out.flush();
        }
    }

    long count() {
        return count;
    }

    /** Returns the bytes of what was told. */
    long length() {
        return length;
    }

    @Override
    public void close() throws IOException {
        if (out != null) {
            out.close();
        }
    }
}
