package io.grape.client;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;

/** Refuses, before anything is sent, what no node would accept. Stateless. */
final class RequestChecks {
    private RequestChecks() {}

    static void batch(CollectionInfo collection, PointBatch batch, int maxBatchPoints, int maxMessageLength) {
        if (batch.isEmpty()) {
            throw new GrapeException(ErrorCode.EMPTY_BATCH, "The batch holds no point.");
        }
        dimension("The batch", batch.dimension(), collection);
        count(batch.size(), maxBatchPoints);
        if (batch.encodedLength() > maxMessageLength) {
            throw new GrapeException(
                    ErrorCode.BATCH_TOO_LARGE,
                    "The batch takes " + batch.encodedLength() + " bytes and the cluster accepts " + maxMessageLength
                            + " in one message; send fewer points at a time.");
        }
    }

    static void dimension(String what, int dimension, CollectionInfo collection) {
        if (dimension != collection.dimension()) {
            throw new GrapeException(
                    ErrorCode.DIMENSION_MISMATCH,
                    what + " has " + dimension + " components and collection '" + collection.name() + "' has "
                            + collection.dimension() + ".");
        }
    }

    static void count(int points, int maxBatchPoints) {
        if (points > maxBatchPoints) {
            throw new GrapeException(
                    ErrorCode.BATCH_TOO_LARGE,
                    points + " points are more than the " + maxBatchPoints
                            + " that the cluster accepts in one batch; send fewer at a time.");
        }
    }

    static void options(SearchOptions options) {
        if (options.idCount() > SearchOptions.MAX_IDS) {
            throw new GrapeException(
                    ErrorCode.INVALID_FILTER,
                    options.idCount() + " ids are more than the " + SearchOptions.MAX_IDS + " that a search may name.");
        }
    }

    static void ids(long[] ids) {
        if (ids.length == 0) {
            throw new GrapeException(ErrorCode.EMPTY_BATCH, "Name at least one id.");
        }
        count(ids.length, PointBatch.MAX_POINTS);
    }

    static void expectedVersions(long[] ids, long[] versions) {
        ids(ids);
        if (versions.length != ids.length) {
            throw new GrapeException(
                    ErrorCode.MALFORMED_MESSAGE,
                    versions.length + " versions are expected of " + ids.length + " points.");
        }
        for (long version : versions) {
            expectedVersion(version);
        }
    }

    static void expectedVersion(long version) {
        if (version < PointBatch.ABSENT_VERSION && version != PointBatch.ANY_VERSION) {
            throw new GrapeException(ErrorCode.MALFORMED_MESSAGE, version + " is no version of a point.");
        }
    }
}
