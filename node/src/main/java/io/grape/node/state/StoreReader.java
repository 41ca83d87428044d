package io.grape.node.state;

import io.grape.codecs.HotPath;
import io.grape.vectors.PointReader;
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

    /** Begins a visit of all points. */
    void rewind();

    /**
     * Goes on to the next live point; one that lives throughout the visit is met at least once.
     *
     * @param maxRows rows that are looked at before it pauses
     */
    PointReader.Visit next(int maxRows);

    /** Returns the upper half of the id of the point that {@link #next} has come to. */
    long idMost();

    /** Returns the lower half of it. */
    long idLeast();

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
