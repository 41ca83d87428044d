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

    /** Returns whether every enum of the block has a meaning. The block must lie in the buffer. */
    @HotPath
    boolean enumsHaveMeaning(DirectBuffer buffer, int offset) {
        for (int i = 0; i < enums.length; i++) {
            if (!enums[i].hasMeaning(buffer, offset)) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether an element's length follows from the group's header alone, so that elements need no visit. */
    @HotPath
    boolean isFlat() {
        return enums.length == 0 && groups.length == 0 && dataCount == 0;
    }
}
