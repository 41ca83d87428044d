package io.grape.node.ingest.format;

import org.jspecify.annotations.Nullable;

/**
 * How a file is to be read.
 *
 * @param format        what it is, or null to find out
 * @param idColumn      name of the column or field of the ids, or the column's number from 1; null: id where there is one, else
 *                      the row's number
 * @param vectorColumn  name or number of the column that holds the whole vector; null: the field vector, or every column that
 *                      is neither id nor payload
 * @param payloadColumn name or number of the column or field of the payloads; null: the field payload, or none
 * @param dataset       path of the data set in an HDF5 file; null: train, or the only one
 * @param firstId       id of the first row where rows have none
 */
public record ReadOptions(
        @Nullable InputFormat format,
        @Nullable String idColumn,
        @Nullable String vectorColumn,
        @Nullable String payloadColumn,
        @Nullable String dataset,
        long firstId) {
    /** Nothing is told: all is found out. */
    public static final ReadOptions DEFAULTS = new ReadOptions(null, null, null, null, null, 0);
}
