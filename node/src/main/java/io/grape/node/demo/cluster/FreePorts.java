package io.grape.node.demo.cluster;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Finds ports on loopback that nobody uses: for UDP, the node's streams, and for TCP, its HTTP server. */
public final class FreePorts {
    private static final int MOST_ATTEMPTS = 1_000;

    private FreePorts() {}

    /**
     * Returns different ports that were free a moment ago. All are held while the last is sought, so that none comes
     * twice; another program may still take one before it is used, and then the node says PORT_IN_USE.
     *
     * @param count how many
     * @throws IOException if the system gives none
     */
    public static List<Integer> find(int count) throws IOException {
        List<Closeable> held = new ArrayList<>();
        try {
            List<Integer> ports = new ArrayList<>();
            for (int attempt = 0; ports.size() < count; attempt++) {
                DatagramSocket datagrams =
                        new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                held.add(datagrams);
                if (holdStreams(datagrams.getLocalPort(), held)) {
                    ports.add(datagrams.getLocalPort());
                } else if (attempt > MOST_ATTEMPTS) {
                    throw new IOException("no port is free for both UDP and TCP after " + attempt + " attempts");
                }
            }
            return ports;
        } finally {
            for (Closeable port : held) {
                port.close();
            }
        }
    }

    private static boolean holdStreams(int port, List<Closeable> held) {
        try {
            held.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
