package io.grape.node.security;

import org.jspecify.annotations.Nullable;

/**
 * Decides who a client is by the credentials of its connect. Thread: the inbound agent's, so it must not block; what it
 * knows may change on other threads.
 */
public interface Authenticator {
    /** Longest credentials that are looked at. */
    int MAX_CREDENTIALS_LENGTH = 1024;

    /** Lets everybody do everything. */
    Authenticator NONE = new Authenticator() {
        @Override
        public Principal authenticate(byte[] credentials) {
            return Principal.ANYBODY;
        }

        @Override
        public boolean isValid(Principal principal) {
            return true;
        }

        @Override
        public long generation() {
            return 0;
        }
    };

    /** Returns who sent these credentials, or null if they are not good. Takes as long for one answer as for the other. */
    @Nullable
    Principal authenticate(byte[] credentials);

    /** Returns whether somebody who was let in before would be let in again, in the same role. */
    boolean isValid(Principal principal);

    /** Returns a number that changes when {@link #isValid} may answer otherwise than before. */
    long generation();
}
