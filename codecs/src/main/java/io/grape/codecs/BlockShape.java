package io.grape.codecs;

import org.agrona.DirectBuffer;

/**
 * What one block and its tail look like: the fixed part, then repeating groups, then variable data.
 *
 * <p>A message is one such block; an element of a repeating group is another. Immutable; any thread.
 */
final class BlockShape {
    private static final EnumField[] NO_ENUMS = {};
    private static final BlockShape[] NO_GROUPS = {};

    private final int blockLength;
    private final EnumField[] enums;
    private final BlockShape[] groups;
    private final int dataCount;

    private BlockShape(int blockLength, EnumField[] enums, BlockShape[] groups, int dataCount) {
        this.blockLength = blockLength;
        this.enums = enums;
        this.groups = groups;
        this.dataCount = dataCount;
    }

    /** A block of so many bytes (of the oldest version that is still read), with nothing after it. */
    static BlockShape block(int blockLength) {
        return new BlockShape(blockLength, NO_ENUMS, NO_GROUPS, 0);
    }

    /** The same with enums in the fixed part. */
    BlockShape enums(EnumField... fields) {
        return new BlockShape(blockLength, fields, groups, dataCount);
    }

    /** The same with repeating groups after the fixed part, in wire order. */
    BlockShape groups(BlockShape... elements) {
        return new BlockShape(blockLength, enums, elements, dataCount);
    }

    /** The same with so many variable data fields at the end. */
    BlockShape data(int count) {
        return new BlockShape(blockLength, enums, groups, count);
    }

    int blockLength() {
        return blockLength;
    }

    EnumField[] enums() {
        return enums;
    }

    BlockShape[] groups() {
        return groups;
    }

    int dataCount() {
        return dataCount;
    }

    /**
     * Returns whether every enum of blocks that stand one after the other has a meaning. The blocks must lie in the buffer.
     *
     * @param offset of the first block
     * @param count  number of blocks
     * @param stride bytes from one block to the next
     */
    @HotPath
    boolean enumsHaveMeaning(DirectBuffer buffer, int offset, int count, int stride) {
        for (int field = 0; field < enums.length; field++) {
            for (int i = 0; i < count; i++) {
                if (!enums[field].hasMeaning(buffer, offset + i * stride)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Returns whether an element ends with its fixed part, so that all elements follow from the group's header. */
    @HotPath
    boolean isFixed() {
        return groups.length == 0 && dataCount == 0;
    }
}
