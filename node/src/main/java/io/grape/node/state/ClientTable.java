package io.grape.node.state;

import io.grape.codecs.HotPath;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * The windows of all clients. When it is full, the client that wrote longest ago by log index is forgotten: every
 * replica forgets the same one at the same index, because no clock has a say.
 *
 * <p>Thread: the apply agent's.
 */
final class ClientTable {
    private final Long2ObjectHashMap<ClientWindow> windows = new Long2ObjectHashMap<>();
    private final int maxClients;

    ClientTable(int maxClients) {
        this.maxClients = maxClients;
    }

    /** Returns a client's window; allocates one when the client is new. */
    @HotPath
    ClientWindow window(long clientId) {
        ClientWindow window = windows.get(clientId);
        return window != null ? window : addWindow(clientId);
    }

    private ClientWindow addWindow(long clientId) {
        if (windows.size() >= maxClients) {
            evictLeastRecent();
        }
        ClientWindow window = new ClientWindow();
        windows.put(clientId, window);
        return window;
    }

    private void evictLeastRecent() {
        long oldestIndex = Long.MAX_VALUE;
        long oldestClient = 0;
        Long2ObjectHashMap<ClientWindow>.EntryIterator entries =
                windows.entrySet().iterator();
        while (entries.hasNext()) {
            entries.next();
            ClientWindow window = entries.getValue();
            if (window.lastUsedIndex() < oldestIndex) {
                oldestIndex = window.lastUsedIndex();
                oldestClient = entries.getLongKey();
            }
        }
        windows.remove(oldestClient);
    }

    /**
     * Writes every client: int count, then by ascending id a long id and its {@link ClientWindow#encode window}.
     *
     * @return the position behind it
     */
    int encode(MutableDirectBuffer out, int offset) {
        long[] ids = new long[windows.size()];
        int count = 0;
        Long2ObjectHashMap<ClientWindow>.KeyIterator keys = windows.keySet().iterator();
        while (keys.hasNext()) {
            ids[count++] = keys.nextLong();
        }
        Arrays.sort(ids);
        out.putInt(offset, count, ByteOrder.LITTLE_ENDIAN);
        int at = offset + Integer.BYTES;
        for (long id : ids) {
            out.putLong(at, id, ByteOrder.LITTLE_ENDIAN);
            at = windows.get(id).encode(out, at + Long.BYTES);
        }
        return at;
    }

    /** Forgets all clients and takes those that {@link #encode} wrote. */
    void decode(ByteBuffer in) {
        windows.clear();
        int count = in.getInt();
        for (int i = 0; i < count; i++) {
            long id = in.getLong();
            windows.put(id, ClientWindow.decode(in));
        }
    }

    /** Returns the number of clients remembered. */
    int size() {
        return windows.size();
    }
}
