package io.grape.vectors;

/**
 * A store in numbers, as of about now.
 *
 * @param livePoints points that a search can return
 * @param deletedRows rows that wait for compaction
 * @param segments segment files
 * @param payloadFiles payload files
 * @param fileBytes bytes of all files, id map included
 * @param budgetBytes most bytes the files may take
 * @param idMapEntries points the id map is made for
 * @param sequence operations applied since the store was created
 */
public record PointStoreStats(
        long livePoints,
        long deletedRows,
        int segments,
        int payloadFiles,
        long fileBytes,
        long budgetBytes,
        long idMapEntries,
        long sequence) {}
