package io.grape.node.session;

import io.grape.node.security.Authenticator;
import java.util.function.LongSupplier;

/**
 * Who is let in, and under what numbers.
 *
 * @param sessionIds        gives the number of each new session. Whoever knows a session's number can speak in it, so a node
 *                          draws them from a secure source; no number of an earlier process may come again
 * @param authenticator     knows clients by their credentials
 * @param failuresPerSecond connects without good credentials that are answered in a second; others hear nothing, so that
 *                          they cannot make this node open streams without end
 */
public record SessionPolicy(LongSupplier sessionIds, Authenticator authenticator, int failuresPerSecond) {
    private static final int DEFAULT_FAILURES = 10;

    /** Everybody is let in. */
    public static SessionPolicy open(LongSupplier sessionIds) {
        return new SessionPolicy(sessionIds, Authenticator.NONE, DEFAULT_FAILURES);
    }
}
