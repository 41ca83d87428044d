package io.grape.benchmarks.replication;

import java.io.IOException;
import java.nio.file.Path;

/** Three member processes that run; closing ends them. One thread. */
interface Contender extends AutoCloseable {
    /** How a contender is brought up. */
    interface Launch {
        /** Returns the name in the table: program, version, durability. */
        String name();

        /** Returns what {@code ClientMain} calls it. */
        String kind();

        /**
         * Starts the members on an empty directory; they may still be electing when this returns.
         *
         * @throws IOException if they cannot be started
         */
        Contender start(Path directory) throws IOException;
    }

    /** Returns where a client finds the members, in the contender's own way. */
    String address();

    @Override
    void close();
}
