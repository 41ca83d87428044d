package io.grape.node.ingest;

import io.grape.node.ingest.format.InputFormat;
import io.grape.node.ingest.format.ReadOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * All that decides which points a file comes to and how they are cut into batches: the same plan gives the same batches.
 *
 * @param file        what is read
 * @param format      what it is
 * @param options     how it is read
 * @param collection  where to
 * @param batchPoints most points of one batch
 * @param batchBytes  most bytes of one message
 * @param maxPayload  most bytes of one payload
 */
public record IngestPlan(
        Path file,
        InputFormat format,
        ReadOptions options,
        String collection,
        int batchPoints,
        int batchBytes,
        int maxPayload) {
    private static final int SAMPLED = 1 << 20;

    /**
     * Returns a digest of the plan and of the file's length, beginning and end, by which a later run knows it again.
     *
     * @throws IOException if the file cannot be read
     */
    public String fingerprint() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            String plan = format + "\n" + options + "\n" + collection + "\n" + batchPoints + "\n" + batchBytes + "\n"
                    + maxPayload + "\n" + channel.size() + "\n";
            digest.update(plan.getBytes(StandardCharsets.UTF_8));
            sample(channel, 0, digest);
            sample(channel, Math.max(0, channel.size() - SAMPLED), digest);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException("every Java platform has SHA-256", absent);
        }
    }

    private static void sample(FileChannel channel, long from, MessageDigest digest) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(SAMPLED);
        while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
            // The channel gives what it has; the loop asks for the rest.
        }
        digest.update(bytes.flip());
    }
}
