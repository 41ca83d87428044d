package io.grape.client;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.BooleanType;
import io.grape.codecs.sbe.GroupSizeEncodingDecoder;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.PointIdDecoder;
import io.grape.codecs.sbe.SearchReplyDecoder;
import io.grape.codecs.sbe.SearchReplyDecoder.HitsDecoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Walks the hits of one reply where it lies; allocates nothing.
 *
 * <p>Stands before the first hit when a callback receives it. Polling thread, during the callback only.
 */
public final class HitCursor {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int ID_MOST = HitsDecoder.idEncodingOffset() + PointIdDecoder.mostEncodingOffset();
    private static final int ID_LEAST = HitsDecoder.idEncodingOffset() + PointIdDecoder.leastEncodingOffset();
    private static final int SCORE = HitsDecoder.scoreEncodingOffset();
    private static final int VERSION = HitsDecoder.versionEncodingOffset();

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SearchReplyDecoder reply = new SearchReplyDecoder();
    private DirectBuffer buffer = new UnsafeBuffer(new byte[0]);
    private int hitOffset;
    private int hitLength;
    private int count;
    private int ordinal;

    /** Makes a cursor for replies that its owner has; the client hands out cursors of its own. */
    public HitCursor() {}

    /**
     * Stands before the first hit of a reply.
     *
     * @param source holds the reply's frame, which was checked
     * @param offset of its message header
     * @return this
     */
    @HotPath
    public HitCursor wrap(DirectBuffer source, int offset) {
        reply.wrapAndApplyHeader(source, offset, header);
        buffer = source;
        int group = reply.limit();
        hitLength = source.getShort(group + GroupSizeEncodingDecoder.blockLengthEncodingOffset(), ORDER) & 0xFFFF;
        count = source.getShort(group + GroupSizeEncodingDecoder.numInGroupEncodingOffset(), ORDER) & 0xFFFF;
        hitOffset = group + GroupSizeEncodingDecoder.ENCODED_LENGTH - hitLength;
        ordinal = 0;
        return this;
    }

    /**
     * Goes to the next hit.
     *
     * @return false if there is none
     */
    @HotPath
    public boolean next() {
        if (ordinal == count) {
            return false;
        }
        ordinal++;
        hitOffset += hitLength;
        return true;
    }

    /** Returns how many hits there are. */
    public int count() {
        return count;
    }

    /** Returns the lower 64 bits of the id of the hit that the cursor stands on. */
    @HotPath
    public long id() {
        return buffer.getLong(hitOffset + ID_LEAST, ORDER);
    }

    /** Returns the upper 64 bits of that id; zero for numeric ids. */
    @HotPath
    public long idMost() {
        return buffer.getLong(hitOffset + ID_MOST, ORDER);
    }

    /** Returns the inner product, cosine or distance of that hit, by the collection's metric. */
    @HotPath
    public float score() {
        return buffer.getFloat(hitOffset + SCORE, ORDER);
    }

    /** Returns the log index of the write that stored that hit's point. */
    @HotPath
    public long version() {
        return buffer.getLong(hitOffset + VERSION, ORDER);
    }

    /** Returns the group that answered. */
    public int groupId() {
        return reply.groupId();
    }

    /** Returns the index that the answer saw. */
    public long index() {
        return reply.index();
    }

    /** Returns the points compared. */
    public long scanned() {
        return reply.scanned();
    }

    /** Returns whether these are certain to be the nearest; an answer of an older node always is. */
    public boolean exact() {
        return reply.exact() != BooleanType.FALSE;
    }

    /** Returns the candidates kept in the graph; 0 if the graph was not asked. */
    public int ef() {
        return Math.max(0, reply.ef());
    }
}
