package io.grape.client.gather;

import io.grape.client.session.ReplyHandler;
import io.grape.codecs.sbe.GetReplyDecoder;
import io.grape.codecs.sbe.GetReplyEncoder;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/** Puts the points that several groups returned back into the order in which they were asked for. */
public final class GetGather extends Gather {
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final GetReplyDecoder reply = new GetReplyDecoder();
    private final int[] owners;
    private final int[] groupOfPart;
    private final long[] idsMost;
    private final long[] idsLeast;
    private final long[] versions;
    private final byte[][] vectors;
    private final byte[][] payloads;
    private int dimension;
    private int groupId;
    private long index;

    /**
     * @param owners      group of each point, in the order asked
     * @param groupOfPart group of each part
     */
    public GetGather(ReplyHandler target, int[] owners, int[] groupOfPart) {
        super(target, groupOfPart.length);
        this.owners = owners;
        this.groupOfPart = groupOfPart;
        this.idsMost = new long[owners.length];
        this.idsLeast = new long[owners.length];
        this.versions = new long[owners.length];
        this.vectors = new byte[owners.length][];
        this.payloads = new byte[owners.length][];
    }

    @Override
    boolean take(int part, int templateId, DirectBuffer buffer, int offset, int length) {
        if (templateId != GetReplyDecoder.TEMPLATE_ID) {
            return false;
        }
        reply.wrapAndApplyHeader(buffer, offset, header);
        groupId = reply.groupId();
        index = reply.index();
        int dimensionOfPart = reply.dimension();
        dimension = Math.max(dimension, dimensionOfPart);
        int[] asked = asked(groupOfPart[part]);
        GetReplyDecoder.PointsDecoder points = reply.points();
        if (points.count() != asked.length) {
            return false;
        }
        int[] payloadLengths = new int[asked.length];
        for (int i = 0; points.hasNext(); i++) {
            points.next();
            idsMost[asked[i]] = points.id().most();
            idsLeast[asked[i]] = points.id().least();
            versions[asked[i]] = points.version();
            payloadLengths[i] = points.payloadLength();
        }
        takeBytes(asked, payloadLengths, dimensionOfPart);
        target.onPart(groupId, index);
        return true;
    }

    private void takeBytes(int[] asked, int[] payloadLengths, int dimensionOfPart) {
        byte[] allVectors = new byte[reply.vectorsLength()];
        reply.getVectors(allVectors, 0, allVectors.length);
        byte[] allPayloads = new byte[reply.payloadsLength()];
        reply.getPayloads(allPayloads, 0, allPayloads.length);
        int vectorBytes = dimensionOfPart * Float.BYTES;
        int vectorAt = 0;
        int payloadAt = 0;
        for (int i = 0; i < asked.length; i++) {
            boolean carries = versions[asked[i]] >= 0 && vectorBytes > 0;
            vectors[asked[i]] = slice(allVectors, vectorAt, carries ? vectorBytes : 0);
            payloads[asked[i]] = slice(allPayloads, payloadAt, payloadLengths[i]);
            vectorAt += carries ? vectorBytes : 0;
            payloadAt += payloadLengths[i];
        }
    }

    private static byte[] slice(byte[] bytes, int at, int length) {
        byte[] slice = new byte[length];
        System.arraycopy(bytes, at, slice, 0, length);
        return slice;
    }

    private int[] asked(int group) {
        int count = 0;
        for (int owner : owners) {
            count += owner == group ? 1 : 0;
        }
        int[] asked = new int[count];
        int next = 0;
        for (int i = 0; i < owners.length; i++) {
            if (owners[i] == group) {
                asked[next++] = i;
            }
        }
        return asked;
    }

    @Override
    void finish() {
        ExpandableArrayBuffer frame = new ExpandableArrayBuffer(1024);
        GetReplyEncoder merged = new GetReplyEncoder()
                .wrapAndApplyHeader(frame, 0, new MessageHeaderEncoder())
                .groupId(groupId)
                .index(index)
                .dimension(dimension);
        GetReplyEncoder.PointsEncoder points = merged.pointsCount(owners.length);
        for (int i = 0; i < owners.length; i++) {
            points.next()
                    .version(versions[i])
                    .payloadLength(payloads[i].length)
                    .id()
                    .most(idsMost[i])
                    .least(idsLeast[i]);
        }
        byte[] allVectors = join(vectors);
        byte[] allPayloads = join(payloads);
        merged.putVectors(allVectors, 0, allVectors.length).putPayloads(allPayloads, 0, allPayloads.length);
        int length = MessageHeaderEncoder.ENCODED_LENGTH + merged.encodedLength();
        target.onReply(GetReplyDecoder.TEMPLATE_ID, frame, 0, length);
    }

    private static byte[] join(byte[][] parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] joined = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, joined, at, part.length);
            at += part.length;
        }
        return joined;
    }
}
