package io.grape.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.vectors.model.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Pages by id against a sorted map, with writes between the pages. */
class PointScannerProperty {
    @Property(tries = 40)
    void pagesOfOneMomentAreTheStoreAtThatMomentInOrder(
            @ForAll @IntRange(min = 0, max = 300) int operations,
            @ForAll @IntRange(min = 1, max = 60) int limit,
            @ForAll long seed)
            throws IOException {
        Path directory = Files.createTempDirectory("store");
        try (PointStore store = PointStore.open(TestVectors.config(directory, 2, Metric.DOT));
                PointScanner scanner = new PointScanner(store)) {
            Random random = new Random(seed);
            // Unsigned: negative numbers come last.
            Map<Long, Float> model = new TreeMap<>(Long::compareUnsigned);
            long version = write(store, model, random, operations, 0);
            Map<Long, Float> then = new TreeMap<>(Long::compareUnsigned);
            then.putAll(model);

            List<Long> ids = new ArrayList<>();
            long moment = PointScanner.NEWEST;
            long last = 0;
            boolean hasMore = true;
            while (hasMore) {
                int found = scanner.scan(moment == PointScanner.NEWEST, 0, last, limit, moment);
                assertThat(found).isBetween(then.isEmpty() ? 0 : 1, limit);
                for (int i = 0; i < found; i++) {
                    last = scanner.idLeast(i);
                    ids.add(last);
                    assertThat(scanner.vector(i).getFloat(0)).isEqualTo(then.get(last));
                    assertThat(scanner.payloadLength(i)).isZero();
                    assertThat(scanner.idMost(i)).isZero();
                }
                moment = scanner.moment();
                hasMore = scanner.hasMore();
                scanner.finish();
                version = write(store, model, random, 5, version);
            }
            assertThat(ids).containsExactlyElementsOf(then.keySet());
            assertThat(scanner.scan(true, 0, 0, limit, store.size() + version + 1_000))
                    .isEqualTo(PointScanner.NOT_REACHED);
            scanner.finish();
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    private static long write(PointStore store, Map<Long, Float> model, Random random, int operations, long from) {
        long version = from;
        for (int i = 0; i < operations; i++) {
            version++;
            long id = random.nextInt(200) - 100;
            if (random.nextInt(4) == 0) {
                store.delete(0, id, version);
                model.remove(id);
            } else {
                TestVectors.put(store, id, version, version, 1);
                model.put(id, (float) version);
            }
        }
        return version;
    }
}
