package io.grape.client;

/**
 * One of the nearest points.
 *
 * @param idMost  upper 64 bits of the id; zero for numeric ids
 * @param idLeast lower 64 bits of the id
 * @param score   inner product, cosine or distance, by the collection's metric
 * @param version log index of the write that stored the point
 */
public record SearchHit(long idMost, long idLeast, float score, long version) {
    /** Returns the numeric id (unsigned); meaningful when {@code idMost} is zero. */
    public long id() {
        return idLeast;
    }
}
