package io.grape.transport;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Aeron channel strings: ours are built here, and those that strangers send are checked here.
 *
 * <p>Any thread.
 */
public final class Channels {
    /** The channel of clients that share a machine and a driver with the node. */
    public static final String IPC = "aeron:ipc";

    private static final String UDP_ENDPOINT = "aeron:udp?endpoint=";
    private static final int MAX_RESPONSE_CHANNEL_LENGTH = 280;
    private static final int MAX_PORT = 65_535;

    /** Fits Ethernet with headers to spare; Aeron's own default. */
    static final int DEFAULT_MTU_LENGTH = 1408;

    /** The loopback takes 64 KiB; fewer and larger packets cost fewer system calls. */
    static final int LOOPBACK_MTU_LENGTH = 8192;

    private Channels() {}

    /**
     * Returns the channel on which an endpoint is listened to.
     *
     * @param endpoint host:port; port 0 lets the platform choose
     * @return a channel
     */
    public static String listen(String endpoint) {
        return UDP_ENDPOINT + endpoint;
    }

    /**
     * Returns the channel on which an endpoint is sent to.
     *
     * @param endpoint        host:port
     * @param termLengthBytes power of two; the longest message is an eighth of it
     * @return a channel
     */
    public static String send(String endpoint, int termLengthBytes) {
        return UDP_ENDPOINT + endpoint + "|term-length=" + termLengthBytes + "|mtu=" + mtuLength(endpoint);
    }

    /**
     * Returns the channel on which a client is answered, from the untrusted text that it sent.
     *
     * @param requested       {@code aeron:udp?endpoint=host:port}, or {@code aeron:ipc}
     * @param termLengthBytes power of two
     * @param ipcAllowed      whether clients of the same driver are served
     * @return a channel that names one endpoint and nothing else of the client's choosing
     * @throws GrapeException MALFORMED_MESSAGE if it is anything but that
     */
    public static String response(String requested, int termLengthBytes, boolean ipcAllowed) {
        if (requested.length() > MAX_RESPONSE_CHANNEL_LENGTH) {
            throw malformed("it is longer than " + MAX_RESPONSE_CHANNEL_LENGTH + " characters");
        }
        if (requested.equals(IPC)) {
            if (!ipcAllowed) {
                throw malformed("this node serves no clients over IPC");
            }
            return IPC + "?term-length=" + termLengthBytes;
        }
        if (!requested.startsWith(UDP_ENDPOINT)) {
            throw malformed("it must be aeron:udp?endpoint=host:port");
        }
        String endpoint = requested.substring(UDP_ENDPOINT.length());
        checkEndpoint(endpoint);
        return send(endpoint, termLengthBytes);
    }

    private static void checkEndpoint(String endpoint) {
        int colon = endpoint.lastIndexOf(':');
        if (colon < 1) {
            throw malformed("the endpoint is not host:port");
        }
        String host = endpoint.substring(0, colon);
        for (int i = 0; i < host.length(); i++) {
            if (!isHostCharacter(host.charAt(i))) {
                throw malformed("the host holds a character that no host name has");
            }
        }
        if (port(endpoint) < 1) {
            throw malformed("the port is not 1 to 65535");
        }
        if (isMulticast(host)) {
            throw malformed("a multicast or broadcast address is not answered");
        }
    }

    private static boolean isHostCharacter(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '-'
                || c == '_'
                || c == '['
                || c == ']'
                || c == ':';
    }

    private static boolean isMulticast(String host) {
        if (host.startsWith("[")) {
            return host.regionMatches(true, 1, "ff", 0, 2);
        }
        int dot = host.indexOf('.');
        if (dot < 1 || !Character.isDigit(host.charAt(0))) {
            return false;
        }
        int first = 0;
        for (int i = 0; i < dot; i++) {
            int digit = Character.digit(host.charAt(i), 10);
            if (digit < 0 || first > 255) {
                return false;
            }
            first = first * 10 + digit;
        }
        return first >= 224;
    }

    /**
     * Returns the port of an endpoint.
     *
     * @param endpoint host:port
     * @return 0 to 65535, or -1 if there is none
     */
    static int port(String endpoint) {
        int colon = endpoint.lastIndexOf(':');
        int digits = endpoint.length() - colon - 1;
        if (colon < 1 || digits < 1 || digits > 5) {
            return -1;
        }
        int port = 0;
        for (int i = colon + 1; i < endpoint.length(); i++) {
            char c = endpoint.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            port = port * 10 + (c - '0');
        }
        return port <= MAX_PORT ? port : -1;
    }

    /**
     * Returns the host of an endpoint, without the brackets of an IPv6 address.
     *
     * @param endpoint host:port
     * @return the host
     */
    static String host(String endpoint) {
        String host = endpoint.substring(0, Math.max(0, endpoint.lastIndexOf(':')));
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static int mtuLength(String endpoint) {
        return isLoopback(host(endpoint)) ? LOOPBACK_MTU_LENGTH : DEFAULT_MTU_LENGTH;
    }

    /** Looks only at names and literals, because a look-up could block the caller. */
    private static boolean isLoopback(String host) {
        if (host.equals("localhost")) {
            return true;
        }
        if (host.isEmpty() || !(host.startsWith("127.") || host.equals("::1"))) {
            return false;
        }
        try {
            return InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException notALiteral) {
            return false;
        }
    }

    /**
     * Resolves an endpoint for a socket of this machine.
     *
     * @param endpoint host:port
     * @return the address
     * @throws GrapeException INVALID_CONFIGURATION if it is not host:port or the host is unknown
     */
    static InetSocketAddress resolve(String endpoint) {
        int port = port(endpoint);
        if (port < 0) {
            throw new GrapeException(
                    ErrorCode.INVALID_CONFIGURATION, "endpoint: '" + endpoint + "' is not host:port with port 0-65535");
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(host(endpoint)), port);
        } catch (UnknownHostException unknown) {
            throw new GrapeException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "endpoint: the host of '" + endpoint + "' is not known; use an address of this machine.",
                    unknown);
        }
    }

    private static GrapeException malformed(String why) {
        return new GrapeException(ErrorCode.MALFORMED_MESSAGE, "The response channel was refused: " + why + ".");
    }
}
