package io.grape.node.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where metrics, probes and pages are served.
 *
 * @param enabled      whether there is a server at all
 * @param host         address that it binds; loopback unless told otherwise
 * @param port         TCP port; {@link #PORT_OF_NODE} for the number of the node's UDP port, 0 for any that is free
 * @param keyStore     PKCS #12 file with the certificate and its key; null for plain HTTP
 * @param passwordFile holds the password of that file in its first line
 */
public record HttpSettings(
        boolean enabled,
        String host,
        int port,
        @Nullable Path keyStore,
        @Nullable Path passwordFile) {
    /** TCP and UDP ports are counted apart, so the node's number serves for both. */
    public static final int PORT_OF_NODE = -1;

    /** Address of a node that is told nothing else. */
    public static final String LOOPBACK = "127.0.0.1";

    /** Checks the values. */
    public HttpSettings {
        if (port < PORT_OF_NODE || port > 65_535) {
            throw NodeConfig.invalid("http.port must be 0 to 65535");
        }
        if (host.isBlank()) {
            throw NodeConfig.invalid("http.host: is empty");
        }
        if ((keyStore == null) != (passwordFile == null)) {
            throw NodeConfig.invalid("http.tls-keystore and http.tls-password-file belong together");
        }
    }

    /** Returns a server on loopback, at the number of the node's UDP port, without TLS. */
    public static HttpSettings defaults() {
        return new HttpSettings(true, LOOPBACK, PORT_OF_NODE, null, null);
    }

    /** Returns no server, for nodes that are part of another program. */
    public static HttpSettings none() {
        return new HttpSettings(false, LOOPBACK, PORT_OF_NODE, null, null);
    }

    /** Returns whether it speaks TLS. */
    public boolean isSecure() {
        return keyStore != null;
    }
}
