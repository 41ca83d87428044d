package io.grape.benchmarks.vectors.contender;

import java.io.IOException;

/** An index of one library, built in a directory and searched from there. One thread. */
interface Index extends AutoCloseable {
    /** Builds and saves it. */
    void build(int threads) throws IOException, InterruptedException;

    /** Opens what was built. */
    void open() throws IOException;

    /**
     * Searches.
     *
     * @param beam  how widely to search: ef, or what the library calls it
     * @param found takes the row numbers, nearest first
     * @return number found
     */
    int search(float[] query, int beam, int[] found) throws IOException;

    @Override
    void close() throws IOException;
}
