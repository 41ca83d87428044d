package io.grape.node.config;

/**
 * What operators see of a node, and who may talk to it.
 *
 * @param http     metrics, probes and pages
 * @param security authentication
 */
public record OperationSettings(HttpSettings http, SecuritySettings security) {
    /** Without authentication. */
    public OperationSettings(HttpSettings http) {
        this(http, SecuritySettings.none());
    }

    /** Returns what a node is given that another program embeds: no server. */
    public static OperationSettings embedded() {
        return new OperationSettings(HttpSettings.none());
    }

    /** Returns what a node is given that is a process of its own: a server on loopback. */
    public static OperationSettings served() {
        return new OperationSettings(HttpSettings.defaults());
    }
}
