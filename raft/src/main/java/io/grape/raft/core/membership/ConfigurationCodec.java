package io.grape.raft.core.membership;

import io.grape.codecs.sbe.GroupConfigurationDecoder;
import io.grape.codecs.sbe.GroupConfigurationEncoder;
import io.grape.codecs.sbe.GroupSizeEncodingDecoder;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
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
                                + nodes * Integer.BYTES]);
        GroupConfigurationEncoder encoder =
                new GroupConfigurationEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        GroupConfigurationEncoder.VotersEncoder voters = encoder.votersCount(membership.incomingCount());
        for (int i = 0; i < membership.incomingCount(); i++) {
            voters.next().nodeId(membership.incoming(i));
        }
        GroupConfigurationEncoder.OutgoingEncoder outgoing = encoder.outgoingCount(membership.outgoingCount());
        for (int i = 0; i < membership.outgoingCount(); i++) {
            outgoing.next().nodeId(membership.outgoing(i));
        }
        GroupConfigurationEncoder.LearnersEncoder learners = encoder.learnersCount(membership.learnerCount());
        for (int i = 0; i < membership.learnerCount(); i++) {
            learners.next().nodeId(membership.learner(i));
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
                position += block;
            }
        }
        return new Membership(sets[0], sets[1], sets[2]);
    }
}
