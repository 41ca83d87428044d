package io.grape.node.ingest;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.vectors.segment.DurableFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * How far an ingestion is, as it stands on disk: everything before is committed, and of what comes after, each batch has its
 * number, so that one that was on its way is known again by the cluster.
 *
 * <p>Batches are numbered from 0 in the order of the file. The writes of an identity are the batches from {@code firstBatch}
 * on without {@code skipped}, in order, as sequences 1, 2, 3 ...
 *
 * @param fingerprint   of the plan
 * @param clientId      identity under which batches are written
 * @param firstBatch    first batch of this identity
 * @param skipped       batches from {@code firstBatch} on that an earlier identity has committed, ascending
 * @param batches       every batch below this number is committed
 * @param rows          of the file that those batches cover
 * @param points        in those batches
 * @param rejected      rows among {@code rows} that were not usable
 * @param rejectsLength bytes of the rejects file that tell of them
 */
record IngestCheckpoint(
        String fingerprint,
        long clientId,
        long firstBatch,
        List<Long> skipped,
        long batches,
        long rows,
        long points,
        long rejected,
        long rejectsLength) {
    IngestCheckpoint {
        skipped = List.copyOf(skipped);
    }

    static IngestCheckpoint begin(String fingerprint, long clientId) {
        return new IngestCheckpoint(fingerprint, clientId, 0, List.of(), 0, 0, 0, 0, 0);
    }

    /** Returns whether an earlier identity has committed the batch. */
    boolean isSkipped(long batch) {
        return skipped.contains(batch);
    }

    /** Returns the sequence of a batch of this identity; of a skipped one, that of the next batch. */
    long sequenceOf(long batch) {
        long before = skipped.stream().filter(each -> each < batch).count();
        return batch - firstBatch - before + 1;
    }

    /** Returns the same progress under a new identity. */
    IngestCheckpoint anew(long newClientId) {
        List<Long> left = skipped.stream().filter(each -> each >= batches).toList();
        return new IngestCheckpoint(
                fingerprint, newClientId, batches, left, batches, rows, points, rejected, rejectsLength);
    }

    /** Writes it in place of what is there, durably. */
    void save(Path file) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json =
                new JsonFactory().createGenerator(ObjectWriteContext.empty(), bytes, JsonEncoding.UTF8)) {
            json.writeStartObject();
            json.writeStringProperty("fingerprint", fingerprint);
            json.writeNumberProperty("clientId", clientId);
            json.writeNumberProperty("firstBatch", firstBatch);
            json.writeArrayPropertyStart("skipped");
            for (long each : skipped) {
                json.writeNumber(each);
            }
            json.writeEndArray();
            json.writeNumberProperty("batches", batches);
            json.writeNumberProperty("rows", rows);
            json.writeNumberProperty("points", points);
            json.writeNumberProperty("rejected", rejected);
            json.writeNumberProperty("rejectsLength", rejectsLength);
            json.writeEndObject();
        }
        Path directory = file.toAbsolutePath().getParent();
        DurableFile.replace(
                directory == null ? Path.of("/") : directory,
                String.valueOf(file.getFileName()),
                ByteBuffer.wrap(bytes.toByteArray()));
    }

    /**
     * Reads what {@link #save} wrote.
     *
     * @throws GrapeException DATA_CORRUPT if it is anything else
     */
    static IngestCheckpoint load(Path file) throws IOException {
        try (JsonParser tokens = new JsonFactory().createParser(ObjectReadContext.empty(), Files.readAllBytes(file))) {
            return parse(tokens, file);
        } catch (JacksonException malformed) {
            throw new GrapeException(
                    ErrorCode.DATA_CORRUPT, file + ": not a checkpoint: " + malformed.getOriginalMessage(), malformed);
        }
    }

    private static IngestCheckpoint parse(JsonParser tokens, Path file) {
        String fingerprint = "";
        List<Long> skipped = new ArrayList<>();
        String[] names = {"clientId", "firstBatch", "batches", "rows", "points", "rejected", "rejectsLength"};
        List<String> order = List.of(names);
        long[] numbers = new long[names.length];
        int found = 0;
        tokens.nextToken();
        while (tokens.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = tokens.currentName();
            tokens.nextToken();
            if (name.equals("fingerprint")) {
                fingerprint = tokens.getString();
            } else if (name.equals("skipped")) {
                while (tokens.nextToken() == JsonToken.VALUE_NUMBER_INT) {
                    skipped.add(tokens.getLongValue());
                }
            } else if (order.contains(name)) {
                numbers[order.indexOf(name)] = tokens.getLongValue();
                found++;
            }
        }
        if (found != names.length || fingerprint.isEmpty() || numbers[2] < numbers[1]) {
            throw new GrapeException(ErrorCode.DATA_CORRUPT, file + ": not a checkpoint: a field is absent or wrong");
        }
        return new IngestCheckpoint(
                fingerprint,
                numbers[0],
                numbers[1],
                skipped,
                numbers[2],
                numbers[3],
                numbers[4],
                numbers[5],
                numbers[6]);
    }
}
