package io.grape.benchmarks.replication;

/** A client of a replicated log. Offers and polls come from one thread; outcomes may come from another one, always the same. */
interface LogClient extends AutoCloseable {
    /** Hears the outcome of each entry once. */
    interface Outcomes {
        /** The entry is committed. */
        void committed(long correlation);

        /** The entry was refused, or nothing is known of it. */
        void failed(long correlation, String why);
    }

    /** Sets how long the entries are from now on, in bytes; nothing is in flight. */
    void entryBytes(int bytes);

    /**
     * Offers an entry.
     *
     * @param correlation names it to {@link Outcomes}
     * @return false if it was not taken for now
     */
    boolean offer(long correlation);

    /** Looks for outcomes, if they come on this thread; returns how many there were. */
    int poll();

    @Override
    void close();
}
