package io.grape.node.state;

import io.grape.codecs.sbe.EntryType;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.node.request.Requests;
import io.grape.vectors.PointStore;
import io.grape.vectors.PointStoreConfig;
import io.grape.vectors.model.VectorShape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A state machine on real stores, fed entry by entry, with a line for each answer. */
final class StateMachines implements AutoCloseable {
    final List<String> replies = new ArrayList<>();
    final StateMachine machine;
    private long index;

    StateMachines(Path directory, int maxClients) {
        Replies recorder = new Replies() {
            @Override
            public void written(long session, long correlation, long at, int changed, boolean duplicate) {
                replies.add(correlation + ": " + changed + " at " + at + (duplicate ? " again" : ""));
            }

            @Override
            public void refused(long session, long correlation, ErrorCode code) {
                replies.add(correlation + ": " + code);
            }

            @Override
            public void mismatched(long session, long correlation, int point, long currentVersion) {
                replies.add(correlation + ": point " + point + " has " + currentVersion);
            }
        };
        StoreFactory stores = (id, dimension, metric) -> new MappedStore(PointStore.open(PointStoreConfig.of(
                directory.resolve("collection" + id), new VectorShape(dimension, Shapes.metric(metric)), 1L << 30)));
        machine = new StateMachine(stores, recorder, maxClients, 4);
    }

    /** Applies a command as the next entry and returns what was answered, or "" if nothing was. */
    String apply(Requests request) {
        index++;
        int before = replies.size();
        machine.apply(index, EntryType.COMMAND.value(), request.buffer(), 0, request.length());
        return replies.size() == before ? "" : replies.getLast();
    }

    long index() {
        return index;
    }

    long hash() {
        StateSample sample = new StateSample();
        if (!machine.sample(sample)) {
            throw new IllegalStateException("no one applies, and yet the state cannot be sampled");
        }
        return sample.hash();
    }

    @Override
    public void close() {
        machine.close();
    }
}
