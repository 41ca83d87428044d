package io.grape.node.state;

import io.grape.codecs.HotPath;
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

    /** Returns the number of clients remembered. */
    int size() {
        return windows.size();
    }
}
