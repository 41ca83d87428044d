package io.grape.node.state;

import io.grape.codecs.HotPath;
import org.agrona.DirectBuffer;

/** A reusable look-up of single points. Owned by one thread; what was found holds until the next look-up. */
public interface StoreReader extends AutoCloseable {
    /**
     * Looks a point up.
     *
     * @return whether there is one; the other methods speak of it then
     */
    @HotPath
    boolean get(long idMost, long idLeast);

    /** Returns the point's version. */
    long version();

    /** Returns the vector as it was put, little-endian float32 from offset 0. */
    DirectBuffer vector();

    /** Returns the payload, from offset 0; {@link #payloadLength} bytes of it are meant. */
    DirectBuffer payload();

    /** Returns the length of the payload, 0 for none. */
    int payloadLength();

    @Override
    void close();
}
