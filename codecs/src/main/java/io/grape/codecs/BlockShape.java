package io.grape.codecs;

import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * What one block and its tail look like: the fixed part, then repeating groups, then variable data.
 *
 * <p>A message is one such block; an element of a repeating group is another. Immutable; any thread.
 */
final class BlockShape {
    private static final EnumField[] NO_ENUMS = {};
    private static final BlockShape[] NO_GROUPS = {};

    /** By schema version; the last one stands for all later versions. */
    private final int[] blockLengths;

    private final EnumField[] enums;
    private final BlockShape[] groups;

    /** By schema version, as the lengths are. */
    private final int[] dataCounts;

    private BlockShape(int[] blockLengths, EnumField[] enums, BlockShape[] groups, int[] dataCounts) {
        this.blockLengths = blockLengths;
        this.enums = enums;
        this.groups = groups;
        this.dataCounts = dataCounts;
    }

    /** A block of so many bytes (of the oldest version that is still read), with nothing after it. */
    static BlockShape block(int blockLength) {
        return new BlockShape(new int[] {blockLength}, NO_ENUMS, NO_GROUPS, new int[] {0});
    }

    /** The same with a longer fixed part from a schema version on. Versions rise from call to call. */
    BlockShape since(int version, int blockLength) {
        return new BlockShape(with(blockLengths, version, blockLength), enums, groups, dataCounts);
    }

    private static int[] with(int[] byVersion, int version, int value) {
        int[] longer = Arrays.copyOf(byVersion, version + 1);
        Arrays.fill(longer, byVersion.length, version, byVersion[byVersion.length - 1]);
        longer[version] = value;
        return longer;
    }

    /** The same with enums in the fixed part. */
    BlockShape enums(EnumField... fields) {
        return new BlockShape(blockLengths, fields, groups, dataCounts);
    }

    /** The same with repeating groups after the fixed part, in wire order. */
    BlockShape groups(BlockShape... elements) {
        return new BlockShape(blockLengths, enums, elements, dataCounts);
    }

    /** The same with so many variable data fields at the end. */
    BlockShape data(int count) {
        return new BlockShape(blockLengths, enums, groups, new int[] {count});
    }

    /** The same with more variable data fields from a schema version on. Versions rise from call to call. */
    BlockShape dataSince(int version, int count) {
        return new BlockShape(blockLengths, enums, groups, with(dataCounts, version, count));
    }

    /** Returns the least bytes of the fixed part in a frame of a schema version. */
    @HotPath
    int blockLength(int version) {
        return blockLengths[Math.min(version, blockLengths.length - 1)];
    }

    EnumField[] enums() {
        return enums;
    }

    BlockShape[] groups() {
        return groups;
    }

    /** Returns the variable data fields of a frame of a schema version. */
    @HotPath
    int dataCount(int version) {
        return dataCounts[Math.min(version, dataCounts.length - 1)];
    }

    /**
     * Returns whether every enum of blocks that stand one after the other has a meaning. The blocks must lie in the buffer.
     * Fields that an older sender's shorter block does not reach are not there to be looked at.
     *
     * @param offset of the first block
     * @param count  number of blocks
     * @param stride bytes of a block
     */
    @HotPath
    boolean enumsHaveMeaning(DirectBuffer buffer, int offset, int count, int stride) {
        for (int field = 0; field < enums.length; field++) {
            if (enums[field].end() > stride) {
                continue;
            }
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
        return groups.length == 0 && dataCounts[dataCounts.length - 1] == 0;
    }
}
