package io.grape.node;

import java.net.DatagramSocket;
import java.net.SocketException;

/** Finds UDP ports that are free at the moment. */
public final class TestPorts {
    private TestPorts() {}

    public static int free() {
        try (DatagramSocket socket = new DatagramSocket(0)) {
            return socket.getLocalPort();
        } catch (SocketException ex) {
            throw new AssertionError("no free UDP port", ex);
        }
    }
}
