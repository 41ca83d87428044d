package io.grape.vectors;

import io.grape.vectors.id.LiveRows;
import io.grape.vectors.id.PointKey;
import io.grape.vectors.id.RowEntry;
import io.grape.vectors.segment.RowTable;
import io.grape.vectors.segment.Segment;

/** Rows by number across segments, for rebuilds of the id map. Thread: the writer's, or one while there is no writer. */
record RowNumbers(RowTable rows, int segmentRows) implements LiveRows {
    @Override
    public long rowCount() {
        return rows.rowCount();
    }

    @Override
    public boolean read(long number, PointKey into, RowEntry intoEntry) {
        Segment segment = rows.segmentsAcquire()[(int) (number / segmentRows)];
        int row = (int) (number % segmentRows);
        if (segment.deletedAtAcquire(row) != 0) {
            return false;
        }
        into.set(segment.idMost(row), segment.idLeast(row));
        intoEntry.set(segment.index(), row, segment.version(row));
        return true;
    }
}
