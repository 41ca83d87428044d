package io.grape.node;

import io.grape.client.Change;
import io.grape.client.ChangeFeed;
import io.grape.client.CollectionInfo;
import io.grape.client.Consistency;
import io.grape.client.GrapeClient;
import io.grape.client.Position;
import io.grape.client.ScrollCursor;
import io.grape.client.ScrollPage;
import io.grape.client.SearchResult;
import io.grape.client.StoredPoint;
import java.time.Duration;
import java.util.List;

/** The example of docs/collections.md: what stands between the marks is what the page shows, and a test runs it. */
final class CollectionExample {
    private CollectionExample() {}

    static int run(GrapeClient client, CollectionInfo films) {
        int seen = 0;
        // PAGE begins
        long live = client.on(films).count(Consistency.LINEARIZABLE).points();

        // Every point by ascending id, as of one moment, a page of 100 at a time.
        for (StoredPoint point : client.on(films).scroll(100, true, Consistency.LINEARIZABLE)) {
            seen += point.isPresent() ? 1 : 0;
        }

        // Several searches in one request.
        float[][] queries = {{1, 0}, {0, 1}};
        List<SearchResult> results = client.on(films).searchBatch(queries, 10, Consistency.LOCAL);

        // A copy that follows: first a page with its position, then what was written after it.
        ScrollPage page = client.on(films).scrollPage(ScrollCursor.START, 100, true, Consistency.LINEARIZABLE);
        Position held = page.next().position();
        ChangeFeed feed = client.changes(new Position(held.groupId(), held.index() + 1));
        for (Change change : feed.poll(Duration.ofMillis(100))) {
            System.out.println(change.kind() + " " + change.points().size() + " at " + change.position());
        }

        CollectionInfo renamed = client.on(films).rename("movies");
        // PAGE ends
        return (int) (live + seen + results.size() + renamed.id() - films.id());
    }
}
