package io.grape.node.cli;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.Metric;
import io.grape.node.ingest.IngestProgress;
import io.grape.node.ingest.IngestResult;
import io.grape.node.ingest.IngestRun;
import io.grape.node.ingest.IngestSettings;
import io.grape.node.ingest.format.InputFormat;
import io.grape.node.ingest.format.ReadOptions;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** {@code grape ingest}: a file of vectors into a collection; exits with 1 if a row could not be used. */
@Command(
        name = "ingest",
        mixinStandardHelpOptions = true,
        description = {
            "Takes a file of vectors into a collection: .fvecs, .bvecs, .ivecs, .npy, .csv, .tsv, .jsonl, .gvec or .hdf5.",
            "After a kill or a failure the same command goes on where it was: nothing is missing. Where points are spread",
            "over several groups, what was written in the last second may be written once more."
        })
final class IngestCommand implements Callable<Integer> {
    private static final Duration CHECKPOINT_EVERY = Duration.ofSeconds(1);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call
    private CommandSpec spec;

    @Mixin
    private final ClientOptions options = new ClientOptions();

    @Parameters(paramLabel = "FILE", description = "The file")
    private Path file = Path.of("");

    @Option(
            names = {"-c", "--collection"},
            required = true,
            description = "Where to")
    private String collection = "";

    @Option(names = "--create", description = "Make the collection if there is none")
    private boolean create;

    @Option(
            names = "--metric",
            defaultValue = "cosine",
            description = "Of a collection that is made: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
    private Metric metric = Metric.COSINE;

    @ArgGroup(exclusive = false, heading = "How the file is read:%n")
    private Reading reading = new Reading();

    @ArgGroup(exclusive = false, heading = "How fast:%n")
    private Speed speed = new Speed();

    @ArgGroup(exclusive = false, heading = "Going on, and what comes out:%n")
    private Outcome outcome = new Outcome();

    /** How the file is read. */
    static final class Reading {
        @Option(names = "--format", description = "${COMPLETION-CANDIDATES}. Default: found out by content and name")
        private @Nullable InputFormat format;

        @Option(
                names = "--id-column",
                paramLabel = "NAME",
                description =
                        "Column or field of the ids, or the column's number from 1. Default: id, else the row's number")
        private @Nullable String idColumn;

        @Option(
                names = "--vector-column",
                paramLabel = "NAME",
                description =
                        "Column or field that holds the whole vector. Default: vector in JSON, all other columns in CSV")
        private @Nullable String vectorColumn;

        @Option(
                names = "--payload-column",
                paramLabel = "NAME",
                description = "Column or field of the payloads. Default: payload in JSON, none in CSV")
        private @Nullable String payloadColumn;

        @Option(
                names = "--dataset",
                paramLabel = "PATH",
                description = "Data set of an HDF5 file. Default: train, or the only one")
        private @Nullable String dataset;

        @Option(
                names = "--first-id",
                defaultValue = "0",
                description = "Id of the first row where rows have none. Default: ${DEFAULT-VALUE}")
        private long firstId;
    }

    /** How fast. */
    static final class Speed {
        @Option(
                names = "--batch",
                paramLabel = "POINTS",
                defaultValue = "1024",
                description =
                        "Most points of one batch; the node's message limit may make it smaller. Default: ${DEFAULT-VALUE}")
        private int batch = 1024;

        @Option(
                names = "--in-flight",
                paramLabel = "BATCHES",
                defaultValue = "16",
                description = "Batches without an answer, 1 to 128. Default: ${DEFAULT-VALUE}")
        private int inFlight = 16;

        @Option(names = "--max-rate", paramLabel = "POINTS", description = "Points a second. Default: no limit")
        private @Nullable Double maxRate;

        @Option(
                names = "--max-search-p99",
                paramLabel = "TIME",
                converter = TimeConverter.class,
                description =
                        "Search all the while, and write more slowly when the 99th percentile is above this: 500us, 2ms, 1s")
        private @Nullable Duration maxSearchP99;

        @Option(
                names = "--patience",
                paramLabel = "SECONDS",
                defaultValue = "60",
                description = "How long to wait for any answer before giving up. Default: ${DEFAULT-VALUE}")
        private int patienceSeconds = 60;
    }

    /** Going on, and what comes out. */
    static final class Outcome {
        @Option(names = "--resume", description = "Refuse to begin anew: there must be a run to go on with")
        private boolean resume;

        @Option(names = "--restart", description = "Forget an earlier run and write everything anew")
        private boolean restart;

        @Option(
                names = "--state",
                paramLabel = "FILE",
                description = "How far the run is. Default: FILE.COLLECTION.ingest")
        private @Nullable Path state;

        @Option(
                names = "--rejects",
                paramLabel = "FILE",
                description = "Takes the rows that cannot be used. Default: FILE.COLLECTION.rejects.jsonl")
        private @Nullable Path rejects;

        @Option(names = "--json", description = "Print the outcome as JSON")
        private boolean json;
    }

    /** Reads 500us, 2ms, 1.5s. */
    static final class TimeConverter implements ITypeConverter<Duration> {
        private static final Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d+)?)(us|ms|s)");

        @Override
        public Duration convert(String text) {
            Matcher matcher = FORM.matcher(text);
            if (!matcher.matches()) {
                throw new TypeConversionException("'" + text + "' is not a time like 500us, 2ms or 1s");
            }
            double unitNs = switch (matcher.group(2)) {
                case "us" -> 1e3;
                case "ms" -> 1e6;
                default -> 1e9;
            };
            return Duration.ofNanos((long) (Double.parseDouble(matcher.group(1)) * unitNs));
        }
    }

    @Override
    public Integer call() throws IOException {
        if (outcome.resume && outcome.restart) {
            throw new GrapeException(ErrorCode.INVALID_CONFIGURATION, "--resume and --restart exclude each other");
        }
        IngestSettings settings = new IngestSettings(
                speed.inFlight,
                speed.maxRate == null ? Double.POSITIVE_INFINITY : speed.maxRate,
                speed.maxSearchP99,
                Duration.ofSeconds(speed.patienceSeconds),
                CHECKPOINT_EVERY,
                outcome.state != null ? outcome.state : beside(".ingest"),
                outcome.rejects != null ? outcome.rejects : beside(".rejects.jsonl"));
        IngestRun.Request request = new IngestRun.Request(
                file,
                new ReadOptions(
                        reading.format,
                        reading.idColumn,
                        reading.vectorColumn,
                        reading.payloadColumn,
                        reading.dataset,
                        reading.firstId),
                collection,
                create ? metric : null,
                speed.batch,
                outcome.resume
                        ? IngestRun.Resume.REQUIRED
                        : outcome.restart ? IngestRun.Resume.NEVER : IngestRun.Resume.IF_THERE);
        IngestProgress progress = new IngestProgress(
                spec.commandLine().getErr(),
                Optional.ofNullable(System.console())
                        .filter(Console::isTerminal)
                        .isPresent(),
                System.nanoTime());
        IngestResult result = new IngestRun(options::config, request, settings).run(progress);
        PrintWriter out = spec.commandLine().getOut();
        out.println(outcome.json ? json(result, settings) : text(result, settings));
        out.flush();
        return result.rejected() == 0 ? ExitCode.OK : ExitCode.CHECK_FAILED;
    }

    private Path beside(String suffix) {
        return file.resolveSibling(file.getFileName() + "." + collection + suffix);
    }

    private String text(IngestResult result, IngestSettings settings) {
        StringBuilder text = new StringBuilder(200);
        text.append(String.format(
                Locale.ROOT,
                "%,d points of %,d rows are in '%s'; this run wrote %,d in %.1f s, %,.0f/s",
                result.points(),
                result.rows(),
                collection,
                result.runPoints(),
                result.elapsedNs() / 1e9,
                result.pointsPerSecond()));
        if (result.resumedFromRow() > 0) {
            text.append(String.format(Locale.ROOT, "%nIt went on from row %,d", result.resumedFromRow()));
        }
        if (result.lastP99Ns() > 0) {
            text.append(String.format(
                    Locale.ROOT,
                    "%nSearches took %.2f ms at the 99th percentile in the last second",
                    result.lastP99Ns() / 1e6));
        }
        if (result.rejected() > 0) {
            text.append(String.format(
                    Locale.ROOT, "%n%,d rows could not be used; %s says why", result.rejected(), settings.rejects()));
        }
        return text.toString();
    }

    private String json(IngestResult result, IngestSettings settings) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeStringProperty("file", file.toString());
            json.writeStringProperty("collection", collection);
            json.writeNumberProperty("rows", result.rows());
            json.writeNumberProperty("points", result.points());
            json.writeNumberProperty("rejected", result.rejected());
            if (result.rejected() > 0) {
                json.writeStringProperty("rejects", settings.rejects().toString());
            }
            json.writeNumberProperty("batches", result.batches());
            json.writeNumberProperty("duplicates", result.duplicates());
            json.writeNumberProperty("resumedFromRow", result.resumedFromRow());
            json.writeNumberProperty("runPoints", result.runPoints());
            json.writeNumberProperty("seconds", result.elapsedNs() / 1e9);
            json.writeNumberProperty("pointsPerSecond", result.pointsPerSecond());
            if (result.lastP99Ns() > 0) {
                json.writeNumberProperty("searchP99Ms", result.lastP99Ns() / 1e6);
            }
            json.writeEndObject();
        }
        return text.toString();
    }
}
