package io.grape.node.demo.cluster;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Finds UDP ports on loopback that nobody uses. */
public final class FreePorts {
    private FreePorts() {}

    /**
     * Returns different ports that were free a moment ago. All are held while the last is sought, so that none comes
     * twice; another program may still take one before it is used, and then the node says PORT_IN_USE.
     *
     * @param count how many
     * @throws IOException if the system gives none
     */
    public static List<Integer> find(int count) throws IOException {
        List<DatagramSocket> held = new ArrayList<>();
        try {
            List<Integer> ports = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                held.add(socket);
                ports.add(socket.getLocalPort());
            }
            return ports;
        } finally {
            held.forEach(DatagramSocket::close);
        }
    }
}
