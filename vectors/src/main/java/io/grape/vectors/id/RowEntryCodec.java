package io.grape.vectors.id;

import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.core.util.ReadResolvable;
import net.openhft.chronicle.hash.serialization.SizedReader;
import net.openhft.chronicle.hash.serialization.SizedWriter;
import net.openhft.chronicle.wire.WireIn;
import net.openhft.chronicle.wire.WireOut;
import org.jspecify.annotations.Nullable;

/** Writes a {@link RowEntry} as segment, ordinal, version. */
@SuppressWarnings("rawtypes") // as the map declares it
final class RowEntryCodec implements SizedReader<RowEntry>, SizedWriter<RowEntry>, ReadResolvable<RowEntryCodec> {
    static final RowEntryCodec INSTANCE = new RowEntryCodec();
    static final int BYTES = 2 * Integer.BYTES + Long.BYTES;

    @Override
    public RowEntry read(Bytes in, long size, @Nullable RowEntry using) {
        RowEntry entry = using == null ? new RowEntry() : using;
        int segment = in.readInt();
        int ordinal = in.readInt();
        return entry.set(segment, ordinal, in.readLong());
    }

    @Override
    public long size(RowEntry entry) {
        return BYTES;
    }

    @Override
    public void write(Bytes out, long size, RowEntry entry) {
        out.writeInt(entry.segment());
        out.writeInt(entry.ordinal());
        out.writeLong(entry.version());
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
    public RowEntryCodec readResolve() {
        return INSTANCE;
    }
}
