package io.grape.node.cli;

import io.grape.client.CollectionInfo;
import io.grape.client.Consistency;
import io.grape.client.GetResult;
import io.grape.client.GrapeClient;
import io.grape.client.SearchHit;
import io.grape.client.SearchOptions;
import io.grape.client.SearchResult;
import io.grape.client.StoredPoint;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code grape search}: the nearest points to a vector, or to a stored point. */
@Command(name = "search", mixinStandardHelpOptions = true, description = "Finds the nearest points.")
final class SearchCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call
    private CommandSpec spec;

    @Mixin
    private final ClientOptions options = new ClientOptions();

    @Option(
            names = {"-c", "--collection"},
            required = true,
            description = "Where to search")
    private String collectionName = "";

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Query query = new Query();

    @Option(names = "-k", defaultValue = "10", description = "How many. Default: ${DEFAULT-VALUE}")
    private int k;

    @Option(
            names = "--consistency",
            defaultValue = "linearizable",
            converter = ConsistencyConverter.class,
            description = "linearizable, local or at-least:INDEX. Default: ${DEFAULT-VALUE}")
    private Consistency consistency = Consistency.LINEARIZABLE;

    @Option(
            names = "--ef",
            defaultValue = "0",
            description =
                    "Candidates kept while searching a graph: more is slower and finds more. Default: the node's choice")
    private int ef;

    @Option(names = "--exact", description = "Compare every point, graph or not")
    private boolean exact;

    @Option(
            names = "--min-score",
            paramLabel = "S",
            description = "Worst score to return; of a euclidean collection the largest distance")
    private @Nullable Float minScore;

    @ArgGroup(exclusive = true)
    private Filter filter = new Filter();

    /** Which points may be found: at most one of the two. */
    static final class Filter {
        @Option(names = "--filter-ids", split = ",", paramLabel = "ID", description = "Find these points only")
        private long @Nullable [] allowed;

        @Option(names = "--deny-ids", split = ",", paramLabel = "ID", description = "Do not find these points")
        private long @Nullable [] denied;
    }

    /** What is near to what: exactly one of the two. */
    static final class Query {
        @Option(names = "--vector", split = ",", paramLabel = "X", description = "The components")
        private float @Nullable [] vector;

        @Option(names = "--id", description = "A stored point, whose vector is used")
        private @Nullable Long id;
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (GrapeClient client = options.connect()) {
            CollectionInfo collection = client.collection(collectionName);
            float[] vector = queryVector(client, collection);
            if (vector == null) {
                spec.commandLine().getErr().println("grape: " + collectionName + " holds no point " + query.id);
                return ExitCode.CHECK_FAILED;
            }
            SearchResult result = client.search(collection, vector, k, consistency, searchOptions());
            long[] ids = result.hits().stream().mapToLong(SearchHit::id).toArray();
            if (ids.length > 0) {
                GetResult points = client.get(collection, ids, true, consistency);
                for (int i = 0; i < ids.length; i++) {
                    StoredPoint point = points.points().get(i);
                    out.printf(
                            Locale.ROOT,
                            "%20s  %10.6f  %s%n",
                            Long.toUnsignedString(ids[i]),
                            result.hits().get(i).score(),
                            Payloads.text(point.payload()));
                }
            }
            out.printf(
                    Locale.ROOT,
                    "%d hits, %s, %,d points compared one by one, at %s%n",
                    ids.length,
                    result.exact() ? "exact" : "approximate with ef " + result.ef(),
                    result.scanned(),
                    result.positions().stream()
                            .map(each -> "group " + each.groupId() + " index " + each.index())
                            .collect(Collectors.joining(", ")));
        }
        out.flush();
        return ExitCode.OK;
    }

    private SearchOptions searchOptions() {
        SearchOptions wanted = exact ? SearchOptions.EXACT : SearchOptions.DEFAULT;
        wanted = wanted.withEf(ef);
        if (minScore != null) {
            wanted = wanted.withScoreLimit(minScore);
        }
        if (filter.allowed != null) {
            return wanted.allowing(filter.allowed);
        }
        return filter.denied == null ? wanted : wanted.denying(filter.denied);
    }

    private float @Nullable [] queryVector(GrapeClient client, CollectionInfo collection) {
        if (query.vector != null || query.id == null) {
            return query.vector;
        }
        return client.get(collection, new long[] {query.id}, true, consistency)
                .points()
                .getFirst()
                .vector();
    }
}
