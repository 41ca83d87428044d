package io.grape.vectors.id;

import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.core.util.ReadResolvable;
import net.openhft.chronicle.hash.serialization.SizedReader;
import net.openhft.chronicle.hash.serialization.SizedWriter;
import net.openhft.chronicle.wire.WireIn;
import net.openhft.chronicle.wire.WireOut;
import org.jspecify.annotations.Nullable;

/**
 * Writes a {@link PointKey} as two longs. Hand-written, because the map's generated value types need the Java compiler
 * at run time: with them the first map of a process took about 3 s to open, without them 1.2 s.
 */
@SuppressWarnings("rawtypes") // as the map declares it
final class PointKeyCodec implements SizedReader<PointKey>, SizedWriter<PointKey>, ReadResolvable<PointKeyCodec> {
    static final PointKeyCodec INSTANCE = new PointKeyCodec();
    static final int BYTES = 2 * Long.BYTES;

    @Override
    public PointKey read(Bytes in, long size, @Nullable PointKey using) {
        PointKey key = using == null ? new PointKey() : using;
        long most = in.readLong();
        return key.set(most, in.readLong());
    }

    @Override
    public long size(PointKey key) {
        return BYTES;
    }

    @Override
    public void write(Bytes out, long size, PointKey key) {
        out.writeLong(key.idMost());
        out.writeLong(key.idLeast());
    }

    @Override
    public void readMarshallable(WireIn wire) {
        // No state.
    }

    @Override
    public void writeMarshallable(WireOut wire) {
        // No state.
    }

    @Override
    public PointKeyCodec readResolve() {
        return INSTANCE;
    }
}
