package io.grape.simulation.linearizability;

import static io.grape.simulation.linearizability.history.Call.ANY_VERSION;
import static io.grape.simulation.linearizability.history.Outcome.NOT_SAID;

import io.grape.simulation.linearizability.history.History;
import io.grape.simulation.linearizability.history.HistoryRecorder;

/** Writes down a history of one point, one line an operation: from, to, and what was said. */
final class PointHistory {
    private final HistoryRecorder recorder = new HistoryRecorder(16);
    private long key = 1;
    private long client;

    PointHistory point(long least) {
        key = least;
        return this;
    }

    PointHistory write(long from, long to, long value, long version) {
        recorder.written(recorder.upsert(client++, 0, key, value, ANY_VERSION, from), version, 1, to);
        return this;
    }

    PointHistory openWrite(long from, long value) {
        recorder.upsert(client++, 0, key, value, ANY_VERSION, from);
        return this;
    }

    PointHistory failedWrite(long from, long to, long value) {
        recorder.failed(recorder.upsert(client++, 0, key, value, ANY_VERSION, from), to);
        return this;
    }

    PointHistory swap(long from, long to, long expected, long value, long version) {
        recorder.written(recorder.upsert(client++, 0, key, value, expected, from), version, 1, to);
        return this;
    }

    PointHistory openSwap(long from, long expected, long value) {
        recorder.upsert(client++, 0, key, value, expected, from);
        return this;
    }

    PointHistory refusedSwap(long from, long to, long expected, long value, long current) {
        recorder.mismatch(recorder.upsert(client++, 0, key, value, expected, from), current, to);
        return this;
    }

    PointHistory delete(long from, long to, long version, long changed) {
        recorder.written(recorder.delete(client++, 0, key, ANY_VERSION, from), version, changed, to);
        return this;
    }

    PointHistory openDelete(long from) {
        recorder.delete(client++, 0, key, ANY_VERSION, from);
        return this;
    }

    PointHistory deleteIf(long from, long to, long expected, long version) {
        recorder.written(recorder.delete(client++, 0, key, expected, from), version, 1, to);
        return this;
    }

    PointHistory read(long from, long to, long value, long version) {
        return read(from, to, value, version, NOT_SAID);
    }

    PointHistory read(long from, long to, long value, long version, long position) {
        recorder.found(recorder.read(client++, 0, key, from), version, value, position, to);
        return this;
    }

    PointHistory readNothing(long from, long to) {
        recorder.missing(recorder.read(client++, 0, key, from), NOT_SAID, to);
        return this;
    }

    PointHistory openRead(long from) {
        recorder.read(client++, 0, key, from);
        return this;
    }

    PointHistory search(long from, long to, long minPosition, long position, long version) {
        recorder.found(recorder.readAt(client++, 0, key, minPosition, from), version, NOT_SAID, position, to);
        return this;
    }

    PointHistory searchNothing(long from, long to, long minPosition, long position) {
        recorder.missing(recorder.readAt(client++, 0, key, minPosition, from), position, to);
        return this;
    }

    History exact() {
        return recorder.history(History.Positions.EXACT);
    }

    History atLeast() {
        return recorder.history(History.Positions.AT_LEAST);
    }
}
