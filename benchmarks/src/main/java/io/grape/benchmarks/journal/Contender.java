package io.grape.benchmarks.journal;

import java.io.IOException;

/** One way to make batches durable. One thread. */
interface Contender extends AutoCloseable {
    /** Returns the name in the table. */
    String name();

    /** Makes one batch durable. */
    void batch() throws IOException;

    @Override
    void close() throws IOException;
}
