package io.grape.benchmarks.vectors;

import io.grape.benchmarks.vectors.contender.ContenderMain;
import io.grape.benchmarks.vectors.data.VectorSet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The other end of a driver's lines. One thread. */
final class DriverProcess implements AutoCloseable {
    private final Contender contender;
    private final VectorSet set;
    private final Process process;
    private final BufferedReader in;
    private final Writer commands;

    /** What a driver says it spent. */
    record Spent(long wallNs, long cpuNs) {}

    /** What a pass over all queries gave: row numbers and nanoseconds of each. */
    @SuppressWarnings("ArrayRecordComponent") // read once, by one caller
    record Pass(Spent spent, int[] found, long[] latenciesNs) {}

    private DriverProcess(Contender contender, VectorSet set, String mode) throws IOException {
        this.contender = contender;
        this.set = set;
        Files.createDirectories(contender.directory(set));
        // What libraries log goes beside the index.
        Path log = contender.directory(set).resolve("driver.log");
        this.process = new ProcessBuilder(contender.command(mode, set))
                .redirectError(ProcessBuilder.Redirect.to(log.toFile()))
                .start();
        this.in = process.inputReader(StandardCharsets.US_ASCII);
        this.commands = process.outputWriter(StandardCharsets.US_ASCII);
    }

    /** Builds an index, in place of one that may be there. */
    static Spent build(Contender contender, VectorSet set) throws IOException {
        try (DriverProcess driver = new DriverProcess(contender, set, "build")) {
            return driver.spent("@built");
        }
    }

    /** Starts a driver that searches. */
    static DriverProcess serve(Contender contender, VectorSet set) throws IOException {
        DriverProcess driver = new DriverProcess(contender, set, "serve");
        try {
            driver.answer("@ready");
            return driver;
        } catch (IOException e) {
            driver.close();
            throw e;
        }
    }

    Contender contender() {
        return contender;
    }

    /** Asks all queries once. */
    Pass search(int beam) throws IOException {
        commands.write("search " + beam + "\n");
        commands.flush();
        Spent spent = spent("@done");
        ByteBuffer bytes = ByteBuffer.wrap(
                        Files.readAllBytes(contender.directory(set).resolve("results.bin")))
                .order(ByteOrder.LITTLE_ENDIAN);
        int[] found = new int[set.queries() * ContenderMain.K];
        bytes.asIntBuffer().get(found);
        long[] latencies = new long[set.queries()];
        bytes.position(found.length * Integer.BYTES)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asLongBuffer()
                .get(latencies);
        return new Pass(spent, found, latencies);
    }

    /** Resident bytes of the driver, mapped files included; NaN where the system does not tell. */
    double residentBytes() throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (!Files.isReadable(status)) {
            return Double.NaN;
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmRSS:")) {
                return 1024.0 * Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        return Double.NaN;
    }

    private Spent spent(String word) throws IOException {
        List<String> words = List.of(answer(word).split(" "));
        return new Spent(Long.parseLong(words.get(1)), Long.parseLong(words.get(2)));
    }

    /** The next line that begins with a word; libraries may print others. */
    private String answer(String word) throws IOException {
        List<String> others = new ArrayList<>();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.startsWith(word)) {
                return line;
            }
            others.add(line);
        }
        throw new IOException("the driver of " + contender.label() + " ended; see "
                + contender.directory(set).resolve("driver.log") + " and: " + others);
    }

    @Override
    public void close() {
        try {
            commands.close();
            process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
    }
}
