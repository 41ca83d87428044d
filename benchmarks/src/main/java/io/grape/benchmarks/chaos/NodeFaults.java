package io.grape.benchmarks.chaos;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What goes wrong in one node, in a file that the node process and the conductor both map: the conductor writes, the node reads.
 *
 * <pre>
 * NodeFaults, native byte order
 * offset  size  field
 *      0     4  messages lost to peers, per mille
 *      4     4  messages held back, per mille
 *      8     4  longest hold, microseconds
 *     12     4  messages doubled, per mille
 *     16     4  the disk has no room: 1
 *     20     4  each force takes so much longer, microseconds
 *     64     4  nothing is sent to peer 0: 1; then peer 1, 2 ...
 * </pre>
 */
final class NodeFaults implements AutoCloseable {
    static final String FILE_NAME = "faults";
    private static final int LENGTH = 4096;
    private static final int LOST = 0;
    private static final int HELD = 4;
    private static final int HOLD_US = 8;
    private static final int DOUBLED = 12;
    private static final int DISK_FULL = 16;
    private static final int FORCE_DELAY_US = 20;
    private static final int CUTS = 64;

    private final MappedByteBuffer mapping;
    private final UnsafeBuffer buffer;

    private NodeFaults(MappedByteBuffer mapping) {
        this.mapping = mapping;
        this.buffer = new UnsafeBuffer(mapping);
    }

    static NodeFaults open(Path nodeDirectory) throws IOException {
        try (FileChannel channel = FileChannel.open(
                nodeDirectory.resolve(FILE_NAME),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            MappedByteBuffer mapping = channel.map(MapMode.READ_WRITE, 0, LENGTH);
            mapping.order(ByteOrder.nativeOrder());
            return new NodeFaults(mapping);
        }
    }

    /** Everything is well again. */
    void heal() {
        for (int offset = 0; offset < LENGTH; offset += Integer.BYTES) {
            buffer.putIntVolatile(offset, 0);
        }
    }

    void cut(int peer, boolean isCut) {
        buffer.putIntVolatile(CUTS + peer * Integer.BYTES, isCut ? 1 : 0);
    }

    boolean isCut(int peer) {
        return buffer.getIntVolatile(CUTS + peer * Integer.BYTES) != 0;
    }

    void network(int lostPerMille, int doubledPerMille, int heldPerMille, int holdUs) {
        buffer.putIntVolatile(LOST, lostPerMille);
        buffer.putIntVolatile(DOUBLED, doubledPerMille);
        buffer.putIntVolatile(HOLD_US, holdUs);
        buffer.putIntVolatile(HELD, heldPerMille);
    }

    int lostPerMille() {
        return buffer.getIntVolatile(LOST);
    }

    int doubledPerMille() {
        return buffer.getIntVolatile(DOUBLED);
    }

    int heldPerMille() {
        return buffer.getIntVolatile(HELD);
    }

    int holdUs() {
        return buffer.getIntVolatile(HOLD_US);
    }

    void diskFull(boolean isFull) {
        buffer.putIntVolatile(DISK_FULL, isFull ? 1 : 0);
    }

    boolean isDiskFull() {
        return buffer.getIntVolatile(DISK_FULL) != 0;
    }

    void forceDelayUs(int delay) {
        buffer.putIntVolatile(FORCE_DELAY_US, delay);
    }

    int forceDelayUs() {
        return buffer.getIntVolatile(FORCE_DELAY_US);
    }

    @Override
    public void close() {
        mapping.force();
    }
}
