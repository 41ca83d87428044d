package io.grape.shards.handoff.group;

/**
 * Which part of a copy some rows are. A round copies everything that changed after index {@code from} and up to {@code to}; a
 * round that is begun again, by another leader of the source perhaps, is another attempt, and chunks of two attempts never mix.
 *
 * @param migrationId of the hand-off
 * @param shard       that moves
 * @param from        index at the source up to which the destination must hold all
 * @param to          index at the source up to which it holds all after the round's end
 * @param attempt     rises with each try of a round
 * @param number      of the chunk in the attempt: 0, 1, 2 ...
 * @param rows        rows and deletions in it; 0 is allowed and ends nothing
 * @param isEnd       the explicit end mark: there is no chunk after this one
 * @param crc         CRC32C of the rows' bytes
 */
public record ChunkHeader(
        long migrationId, int shard, long from, long to, long attempt, int number, int rows, boolean isEnd, int crc) {}
