package io.grape.node.state;

import io.grape.codecs.HotPath;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The windows of all clients, and what is known of the clients that were forgotten.
 *
 * <p>A client is forgotten when it has written nothing for the session expiry, or, as the last resort, when the table is
 * full and it is the one that wrote longest ago. Every replica forgets the same ones at the same index, because neither
 * asks a clock: time is what the leaders' {@code TimeAdvance} entries add up to, and "longest ago" is by log index.
 *
 * <p><b>Forgetting is not a licence to apply twice.</b> Once a window is gone, a copy of a write that it remembered looks
 * like a new one. So each write carries {@code knownIndex}, the highest log index that its client had heard of when it sent the
 * write for the first time. A copy keeps it. Let {@code i} be the index that applied the first copy: it is above
 * {@code knownIndex}, because an entry that is known of is committed and every later entry stands after it. The table keeps one number,
 * {@link #forgottenThrough()}: the highest index at which any forgotten client ever wrote. If the window that held the outcome is gone, then
 * {@code knownIndex < i <= forgottenThrough}. The other way round, a write that no window remembers and whose
 * {@code knownIndex} is at least {@code forgottenThrough} was never applied. All others are refused with
 * SESSION_EXPIRED. This also holds for sequence 1, for clients that go on with a sequence of an earlier process, and for a
 * client whose window was opened again by a newer write ({@link ClientWindow#isNew}). The price: a client that first writes
 * after a pause in which others were forgotten is refused as well, unless it has heard of a newer index since; clients hear of one with
 * every reply and every session event.
 *
 * <p>Ongaro's thesis, section 6.3, has clients registered in the log instead, which costs an entry for each client.
 * Thread: the apply agent's; {@link #size} and {@link #hash} are read by others under the state machine's version.
 */
final class ClientTable {
    private final Long2ObjectHashMap<ClientWindow> windows = new Long2ObjectHashMap<>();
    private final int maxClients;
    private long forgottenThrough;
    private long timeMs;
    private long windowsHash;

    ClientTable(int maxClients) {
        this.maxClients = maxClients;
    }

    /**
     * Returns the window of a client whose write is at hand, opened if need be; it is out of the hash until
     * {@link #changed}.
     *
     * @param knownIndex of the write; a negative one is that of a client that does not say
     * @return null if the client is not known and may have been forgotten since it sent the write first
     */
    @HotPath
    @Nullable
    ClientWindow window(long clientId, long knownIndex) {
        ClientWindow window = windows.get(clientId);
        if (window == null) {
            return Math.max(0, knownIndex) < forgottenThrough ? null : addWindow(clientId);
        }
        windowsHash -= window.hash();
        return window;
    }

    /** Notes that a write of the client was looked at, at this index and time, and takes the window back into the hash. */
    @HotPath
    void changed(ClientWindow window, long index) {
        window.used(index, timeMs);
        windowsHash += window.hash();
    }

    private ClientWindow addWindow(long clientId) {
        // Made before another client is forgotten for it: that one's writes say nothing about this one's.
        ClientWindow window = new ClientWindow(clientId, forgottenThrough);
        if (windows.size() >= maxClients) {
            evictLeastRecent();
        }
        windows.put(clientId, window);
        return window;
    }

    private void evictLeastRecent() {
        ClientWindow oldest = null;
        for (ClientWindow window : windows.values()) {
            if (oldest == null || window.lastUsedIndex() < oldest.lastUsedIndex()) {
                oldest = window;
            }
        }
        if (oldest != null) {
            forget(oldest);
            windows.remove(oldest.clientId());
        }
    }

    /**
     * Lets replicated time pass and forgets the clients that wrote nothing for long.
     *
     * @param elapsedMs since the last call, as the leader saw it; one call never counts for more than half the expiry, so
     *                  that one leader with a broken clock cannot make all clients forgotten at once
     * @param expiryMs  pause after which a client is forgotten; 0 or less: none is
     */
    void advance(long elapsedMs, long expiryMs) {
        if (expiryMs <= 0) {
            return;
        }
        timeMs += Math.max(0, Math.min(elapsedMs, expiryMs / 2));
        Long2ObjectHashMap<ClientWindow>.ValueIterator iterator =
                windows.values().iterator();
        while (iterator.hasNext()) {
            ClientWindow window = iterator.next();
            if (timeMs - window.lastUsedMs() >= expiryMs) {
                forget(window);
                iterator.remove();
            }
        }
    }

    private void forget(ClientWindow window) {
        forgottenThrough = Math.max(forgottenThrough, window.lastUsedIndex());
        windowsHash -= window.hash();
    }

    /**
     * Writes all of it: long forgottenThrough, long timeMs, int count, then by ascending id a long id and its
     * {@link ClientWindow#encode window}. Little-endian. Equal tables have equal bytes.
     *
     * @return the position behind it
     */
    int encode(MutableDirectBuffer out, int offset) {
        long[] ids = new long[windows.size()];
        int count = 0;
        for (ClientWindow window : windows.values()) {
            ids[count++] = window.clientId();
        }
        Arrays.sort(ids);
        out.putLong(offset, forgottenThrough, ByteOrder.LITTLE_ENDIAN);
        out.putLong(offset + 8, timeMs, ByteOrder.LITTLE_ENDIAN);
        out.putInt(offset + 16, count, ByteOrder.LITTLE_ENDIAN);
        int at = offset + 20;
        for (long id : ids) {
            out.putLong(at, id, ByteOrder.LITTLE_ENDIAN);
            at = windows.get(id).encode(out, at + Long.BYTES);
        }
        return at;
    }

    /** Gives what every client may still ask for again, by ascending client id. */
    void forEach(GroupRows.ClientConsumer consumer) {
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(8192);
        long[] ids = new long[windows.size()];
        int count = 0;
        for (ClientWindow window : windows.values()) {
            ids[count++] = window.clientId();
        }
        Arrays.sort(ids);
        for (long id : ids) {
            consumer.client(id, buffer, windows.get(id).encode(buffer, 0));
        }
    }

    /** Takes in what another group remembers of a client. */
    void merge(long clientId, ByteBuffer encoded, long index) {
        ClientWindow theirs = ClientWindow.decode(clientId, encoded);
        ClientWindow ours = windows.get(clientId);
        if (ours == null) {
            ours = addWindow(clientId);
        } else {
            windowsHash -= ours.hash();
        }
        ours.merge(theirs);
        changed(ours, index);
    }

    /** Takes what {@link #encode} wrote, from a little-endian buffer, in place of what there is. */
    void decode(ByteBuffer in) {
        windows.clear();
        windowsHash = 0;
        forgottenThrough = in.getLong();
        timeMs = in.getLong();
        int count = in.getInt();
        for (int i = 0; i < count; i++) {
            long id = in.getLong();
            ClientWindow window = ClientWindow.decode(id, in);
            windows.put(id, window);
            windowsHash += window.hash();
        }
    }

    /** Returns the highest index at which a client wrote that is forgotten now; 0 if none was. */
    long forgottenThrough() {
        return forgottenThrough;
    }

    /** Returns the replicated time, milliseconds since the group began. */
    long timeMs() {
        return timeMs;
    }

    /** Returns the number of clients remembered. */
    int size() {
        return windows.size();
    }

    /** Returns a hash of all of it that does not depend on the order of clients. Kept up to date; costs nothing. */
    long hash() {
        return ClientWindow.mix(ClientWindow.mix(windowsHash + forgottenThrough) + timeMs);
    }
}
