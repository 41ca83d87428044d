package io.grape.raft.core.membership;

import io.grape.codecs.sbe.GroupConfigurationDecoder;
import io.grape.codecs.sbe.GroupConfigurationEncoder;
import io.grape.codecs.sbe.GroupConfigurationEncoder.VotersEncoder;
import io.grape.codecs.sbe.GroupSizeEncodingDecoder;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** A membership as the payload of a CONFIGURATION entry: a GroupConfiguration message, header included. */
public final class ConfigurationCodec {
    private static final int GROUPS = 3;
    private static final int GROUP_HEADER = GroupSizeEncodingDecoder.ENCODED_LENGTH;

    private ConfigurationCodec() {}

    /** Returns the bytes of a membership. */
    public static DirectBuffer encode(Membership membership) {
        int nodes = membership.incomingCount() + membership.outgoingCount() + membership.learnerCount();
        MutableDirectBuffer buffer = new UnsafeBuffer(
                new byte
                        [MessageHeaderEncoder.ENCODED_LENGTH
                                + GroupConfigurationEncoder.BLOCK_LENGTH
                                + GROUPS * GROUP_HEADER
                                + nodes * VotersEncoder.sbeBlockLength()]);
        GroupConfigurationEncoder encoder =
                new GroupConfigurationEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        VotersEncoder voters = encoder.votersCount(membership.incomingCount());
        for (int i = 0; i < membership.incomingCount(); i++) {
            int node = membership.incoming(i);
            voters.next().nodeId(node).diskId(membership.diskId(node));
        }
        GroupConfigurationEncoder.OutgoingEncoder outgoing = encoder.outgoingCount(membership.outgoingCount());
        for (int i = 0; i < membership.outgoingCount(); i++) {
            int node = membership.outgoing(i);
            outgoing.next().nodeId(node).diskId(membership.diskId(node));
        }
        GroupConfigurationEncoder.LearnersEncoder learners = encoder.learnersCount(membership.learnerCount());
        for (int i = 0; i < membership.learnerCount(); i++) {
            int node = membership.learner(i);
            learners.next().nodeId(node).diskId(membership.diskId(node));
        }
        return buffer;
    }

    /** Returns the membership, or null if the bytes are not one. */
    public static @Nullable Membership decode(DirectBuffer buffer, int offset, int length) {
        int fixed = MessageHeaderDecoder.ENCODED_LENGTH;
        if (length < fixed || offset < 0 || length > buffer.capacity() - offset) {
            return null;
        }
        MessageHeaderDecoder header = new MessageHeaderDecoder().wrap(buffer, offset);
        if (header.schemaId() != MessageHeaderDecoder.SCHEMA_ID
                || header.templateId() != GroupConfigurationDecoder.TEMPLATE_ID) {
            return null;
        }
        int[][] sets = new int[GROUPS][];
        Long2LongHashMap disks = new Long2LongHashMap(0);
        int position = offset + fixed + header.blockLength();
        int end = offset + length;
        GroupSizeEncodingDecoder size = new GroupSizeEncodingDecoder();
        for (int g = 0; g < GROUPS; g++) {
            if (end - position < GROUP_HEADER) {
                return null;
            }
            size.wrap(buffer, position);
            int block = size.blockLength();
            int count = size.numInGroup();
            position += GROUP_HEADER;
            if (block < Integer.BYTES || (long) block * count > end - position) {
                return null;
            }
            sets[g] = new int[count];
            for (int i = 0; i < count; i++) {
                sets[g][i] = buffer.getInt(position, java.nio.ByteOrder.LITTLE_ENDIAN);
                if (sets[g][i] < 0) {
                    return null;
                }
                if (block >= Integer.BYTES + Long.BYTES) {
                    long disk = buffer.getLong(position + Integer.BYTES, java.nio.ByteOrder.LITTLE_ENDIAN);
                    if (disk != 0) {
                        disks.put(sets[g][i], disk);
                    }
                }
                position += block;
            }
        }
        return Membership.of(sets[0], sets[1], sets[2], disks::get);
    }
}
