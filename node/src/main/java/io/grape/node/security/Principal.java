package io.grape.node.security;

/**
 * Who a session belongs to.
 *
 * @param name of the key, or another name that an authenticator gives; goes into the log, and never a secret
 * @param role what it may do
 */
public record Principal(String name, Role role) {
    /** Anybody, on a node without authentication. */
    public static final Principal ANYBODY = new Principal("anybody", Role.ADMIN);
}
