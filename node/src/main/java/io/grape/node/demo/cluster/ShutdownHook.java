package io.grape.node.demo.cluster;

/** An action for the case that the process is told to end in the middle; closing it withdraws the action. */
public final class ShutdownHook implements AutoCloseable {
    private final Thread thread;

    private ShutdownHook(Thread thread) {
        this.thread = thread;
    }

    /** Registers {@code action}; it runs on a thread of its own, beside the other hooks. */
    public static ShutdownHook add(String name, Runnable action) {
        Thread thread = new Thread(action, name);
        Runtime.getRuntime().addShutdownHook(thread);
        return new ShutdownHook(thread);
    }

    /** Withdraws the action, unless the process is ending already and runs it. */
    @Override
    @SuppressWarnings("EmptyCatch") // the only way to ask whether the process is ending
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(thread);
        } catch (IllegalStateException ending) {
            // The hook runs now; there is nothing to withdraw.
        }
    }
}
