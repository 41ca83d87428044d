package io.grape.simulation.world;

import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * Links between addresses, each with one direction, a quality of its own, and streams that can be reset.
 *
 * <p>A link delivers in order unless a packet draws the lot to overtake. While it is cut, what is sent and what is on its way is
 * lost. A reset loses all that is on its way; what follows belongs to a new stream.
 */
public final class VirtualNetwork {
    private static final int PER_MILLE = 1000;

    /** Where packets arrive. */
    @FunctionalInterface
    public interface Receiver {
        /**
         * A packet has arrived; the bytes are the receiver's.
         *
         * @param channel chosen by the sender, to tell kinds of traffic apart
         */
        void onPacket(int from, int to, int channel, byte[] bytes);
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Packet(long atNs, long ordinal, int from, int to, int channel, int stream, byte[] bytes)
            implements Comparable<Packet> {
        @Override
        public int compareTo(Packet other) {
            return atNs != other.atNs ? Long.compare(atNs, other.atNs) : Long.compare(ordinal, other.ordinal);
        }
    }

    private static final class Link {
        private boolean isCut;
        private int stream;
        private long lastDeliveryNs;
        private @Nullable LinkQuality quality;
    }

    private final NanoClock clock;
    private final SplittableRandom random;
    private final PriorityQueue<Packet> inTransit = new PriorityQueue<>();
    private final Long2ObjectHashMap<Link> links = new Long2ObjectHashMap<>();
    private LinkQuality quality = LinkQuality.GOOD;
    private long nextOrdinal;
    private long sent;
    private long delivered;

    /**
     * @param clock  the simulation's
     * @param random draws what happens to each packet
     */
    public VirtualNetwork(NanoClock clock, SplittableRandom random) {
        this.clock = clock;
        this.random = random;
    }

    private Link link(int from, int to) {
        long key = ((long) from << 32) | to;
        Link link = links.get(key);
        if (link == null) {
            link = new Link();
            links.put(key, link);
        }
        return link;
    }

    /** Sets the quality of all links that have none of their own. */
    public void quality(LinkQuality newQuality) {
        quality = newQuality;
    }

    /** Sets the quality of one link; null for that of all. */
    public void quality(int from, int to, @Nullable LinkQuality newQuality) {
        link(from, to).quality = newQuality;
    }

    /** Cuts or mends a link. */
    public void cut(int from, int to, boolean isCut) {
        link(from, to).isCut = isCut;
    }

    /** Returns whether a link is cut. */
    public boolean isCut(int from, int to) {
        return link(from, to).isCut;
    }

    /** Loses what is on its way, and begins a new stream. */
    public void reset(int from, int to) {
        link(from, to).stream++;
    }

    /** Returns the number of a link's stream; another one means that something may be lost in between. */
    public int stream(int from, int to) {
        return link(from, to).stream;
    }

    /** Mends every link. */
    public void mend() {
        links.values().forEach(link -> link.isCut = false);
    }

    /** Mends every link, and gives all of them the good quality. */
    public void heal() {
        mend();
        quality = LinkQuality.GOOD;
        links.values().forEach(link -> link.quality = null);
    }

    /** Sends a copy of the bytes. */
    public void send(int from, int to, int channel, DirectBuffer buffer, int offset, int length) {
        sent++;
        Link link = link(from, to);
        LinkQuality current = link.quality == null ? quality : link.quality;
        if (link.isCut || happens(current.lostPerMille())) {
            return;
        }
        byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        int copies = happens(current.doubledPerMille()) ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            long atNs = clock.nanoTime() + delayNs(current);
            if (!happens(current.reorderedPerMille())) {
                atNs = Math.max(atNs, link.lastDeliveryNs);
                link.lastDeliveryNs = atNs;
            }
            inTransit.add(new Packet(atNs, nextOrdinal++, from, to, channel, link.stream, bytes));
        }
    }

    private long delayNs(LinkQuality current) {
        return current.minDelayNs() + random.nextLong(current.maxDelayNs() - current.minDelayNs() + 1);
    }

    private boolean happens(int perMille) {
        return perMille > 0 && random.nextInt(PER_MILLE) < perMille;
    }

    /**
     * Delivers what has arrived by now.
     *
     * @return packets delivered
     */
    public int deliver(Receiver receiver) {
        int count = 0;
        for (Packet next = inTransit.peek(); next != null && next.atNs <= clock.nanoTime(); next = inTransit.peek()) {
            inTransit.poll();
            Link link = link(next.from, next.to);
            if (!link.isCut && link.stream == next.stream) {
                receiver.onPacket(next.from, next.to, next.channel, next.bytes);
                delivered++;
                count++;
            }
        }
        return count;
    }

    /** Returns the packets that were sent. */
    public long sent() {
        return sent;
    }

    /** Returns the packets that arrived. */
    public long delivered() {
        return delivered;
    }
}
