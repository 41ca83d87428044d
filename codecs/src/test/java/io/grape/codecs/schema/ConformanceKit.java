package io.grape.codecs.schema;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grape.codecs.sbe.BooleanType;
import io.grape.codecs.sbe.Consistency;
import io.grape.codecs.sbe.CountEncoder;
import io.grape.codecs.sbe.CreateCollectionEncoder;
import io.grape.codecs.sbe.DeleteEncoder;
import io.grape.codecs.sbe.ElementType;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.ErrorReplyEncoder;
import io.grape.codecs.sbe.GetReplyEncoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.Metric;
import io.grape.codecs.sbe.ScrollEncoder;
import io.grape.codecs.sbe.SessionCloseEncoder;
import io.grape.codecs.sbe.SessionConnectEncoder;
import io.grape.codecs.sbe.SessionEventEncoder;
import io.grape.codecs.sbe.SessionKeepAliveEncoder;
import io.grape.codecs.sbe.SessionStatus;
import io.grape.codecs.sbe.UpsertEncoder;
import io.grape.codecs.sbe.WriteReplyEncoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.ToIntFunction;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** One session from its beginning to its end as frames: what an author of a client in another language compares with. */
public final class ConformanceKit {
    private static final long SESSION = 0x5E55_0001L;
    private static final long CLIENT = 0x1122_3344_5566_7788L;
    private static final int COLLECTION = 3;

    /**
     * A frame and what it means.
     *
     * @param name      unique in the kit
     * @param direction who sends it to whom
     * @param meaning   for people
     * @param bytes     of the frame
     */
    public record Sample(String name, String direction, String meaning, byte[] bytes) {}

    private final List<Sample> samples = new ArrayList<>();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();

    private ConformanceKit() {}

    /** Returns the frames, in the order in which they could be sent. */
    public static List<Sample> samples() {
        ConformanceKit kit = new ConformanceKit();
        kit.session();
        kit.writes();
        kit.repeatsAndRemovals();
        kit.reads();
        kit.refusals();
        return kit.samples;
    }

    private void toNode(String name, String meaning, ToIntFunction<MutableDirectBuffer> encoding) {
        add(name, "client to node", meaning, encoding);
    }

    private void toClient(String name, String meaning, ToIntFunction<MutableDirectBuffer> encoding) {
        add(name, "node to client", meaning, encoding);
    }

    private void add(String name, String direction, String meaning, ToIntFunction<MutableDirectBuffer> encoding) {
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(256);
        byte[] bytes = new byte[encoding.applyAsInt(buffer)];
        buffer.getBytes(0, bytes);
        samples.add(new Sample(name, direction, meaning, bytes));
    }

    private static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    private void session() {
        toNode("connect", "Opens a session; the answers are to come to a channel and stream of the client.", buffer -> {
            SessionConnectEncoder connect = new SessionConnectEncoder();
            connect.wrapAndApplyHeader(buffer, 0, header)
                    .correlationId(1)
                    .clientId(CLIENT)
                    .protocolVersion(SessionConnectEncoder.SCHEMA_VERSION)
                    .responseStreamId(2)
                    .responseChannel("aeron:udp?endpoint=localhost:40123");
            connect.putCredentials(new byte[0], 0, 0);
            return connect.limit();
        });
        toClient("connected", "The session is open; node 1 of three leads, and what it accepts is said.", buffer -> {
            SessionEventEncoder event = new SessionEventEncoder();
            event.wrapAndApplyHeader(buffer, 0, header)
                    .correlationId(1)
                    .sessionId(SESSION)
                    .status(SessionStatus.OPEN)
                    .code(ErrorCode.OK)
                    .nodeId(1)
                    .leaderNodeId(1)
                    .leaderTerm(4)
                    .maxMessageLength(131_072)
                    .maxBatchPoints(1024)
                    .commitIndex(17)
                    .groupId(0);
            SessionEventEncoder.MembersEncoder members = event.membersCount(3);
            for (int node = 1; node <= 3; node++) {
                members.next().nodeId(node).ingressEndpoint("10.0.0." + node + ":9410");
            }
            event.text("");
            return event.limit();
        });
        toNode("keep-alive", "Says that the session is still wanted; it is not answered.", buffer -> {
            SessionKeepAliveEncoder keepAlive = new SessionKeepAliveEncoder();
            keepAlive.wrapAndApplyHeader(buffer, 0, header).sessionId(SESSION);
            return keepAlive.limit();
        });
    }

    private void writes() {
        toNode("create", "Write 1 of the client: makes the collection films, 2 components, cosine.", buffer -> {
            CreateCollectionEncoder create = new CreateCollectionEncoder();
            create.wrapAndApplyHeader(buffer, 0, header)
                    .sessionId(SESSION)
                    .correlationId(2)
                    .clientId(CLIENT)
                    .sequence(1)
                    .acknowledgedThrough(0)
                    .dimension(2)
                    .metric(Metric.COSINE)
                    .elementType(ElementType.FLOAT32)
                    .knownIndex(17)
                    .name("films");
            return create.limit();
        });
        toClient("created", "It is committed at index 18 of group 0; its id is " + COLLECTION + ".", buffer -> {
            WriteReplyEncoder reply = new WriteReplyEncoder();
            reply.wrapAndApplyHeader(buffer, 0, header)
                    .sessionId(SESSION)
                    .correlationId(2)
                    .groupId(0)
                    .index(18)
                    .changed(COLLECTION)
                    .duplicate(BooleanType.FALSE);
            return reply.limit();
        });
        toNode(
                "upsert",
                "Write 2: point 7 = (0.5, -2) with the payload p, and a new UUID = (0, 1) if there is none.",
                buffer -> {
                    UpsertEncoder upsert = new UpsertEncoder();
                    upsert.wrapAndApplyHeader(buffer, 0, header)
                            .sessionId(SESSION)
                            .correlationId(3)
                            .clientId(CLIENT)
                            .sequence(2)
                            .acknowledgedThrough(1)
                            .tableEpoch(1)
                            .collectionId(COLLECTION)
                            .dimension(2)
                            .knownIndex(4)
                            .groupId(1);
                    UpsertEncoder.PointsEncoder points = upsert.pointsCount(2);
                    points.next()
                            .payloadLength(1)
                            .expectedVersion(UpsertEncoder.PointsEncoder.expectedVersionNullValue());
                    points.id().most(0).least(7);
                    points.next().payloadLength(0).expectedVersion(-1);
                    points.id().most(0x0123_4567_89AB_4CDEL).least(0x8EDC_BA98_7654_3210L);
                    upsert.putVectors(floats(0.5f, -2, 0, 1), 0, 16);
                    upsert.putPayloads("p".getBytes(UTF_8), 0, 1);
                    return upsert.limit();
                });
    }

    private void repeatsAndRemovals() {
        toClient("upserted-again", "It was applied before, at index 9 of group 1: the answer of that time.", buffer -> {
            WriteReplyEncoder reply = new WriteReplyEncoder();
            reply.wrapAndApplyHeader(buffer, 0, header)
                    .sessionId(SESSION)
                    .correlationId(3)
                    .groupId(1)
                    .index(9)
                    .changed(2)
                    .duplicate(BooleanType.TRUE);
            return reply.limit();
        });
        toNode("delete", "Write 3: removes point 7, whatever its version is.", buffer -> {
            DeleteEncoder delete = new DeleteEncoder();
            delete.wrapAndApplyHeader(buffer, 0, header)
                    .sessionId(SESSION)
                    .correlationId(4)
                    .clientId(CLIENT)
                    .sequence(3)
                    .acknowledgedThrough(2)
                    .tableEpoch(1)
                    .collectionId(COLLECTION)
                    .knownIndex(9)
                    .groupId(1);
            DeleteEncoder.PointsEncoder points = delete.pointsCount(1);
            points.next().expectedVersion(DeleteEncoder.PointsEncoder.expectedVersionNullValue());
            points.id().most(0).least(7);
            return delete.limit();
        });
    }

    private void reads() {
        toNode("count", "How many points there are in group 1, at least as new as index 9.", buffer -> {
            CountEncoder count = new CountEncoder();
            count.wrapAndApplyHeader(buffer, 0, header)
                    .sessionId(SESSION)
                    .correlationId(6)
                    .minPosition(9)
                    .collectionId(COLLECTION)
                    .groupId(1)
                    .consistency(Consistency.AT_LEAST_POSITION);
            return count.limit();
        });
        toNode("scroll", "The first page of at most 100 points, with vectors.", buffer -> {
            ScrollEncoder scroll = new ScrollEncoder();
            scroll.wrapAndApplyHeader(buffer, 0, header)
                    .sessionId(SESSION)
                    .correlationId(7)
                    .minPosition(0)
                    .moment(-1)
                    .collectionId(COLLECTION)
                    .groupId(1)
                    .pageSize(100)
                    .fromStart(BooleanType.TRUE)
                    .consistency(Consistency.LINEARIZABLE)
                    .withVectors(BooleanType.TRUE)
                    .after()
                    .most(0)
                    .least(0);
            return scroll.limit();
        });
        toClient(
                "scrolled",
                "One point, of version 9; it is the last one. Get is answered by the same message.",
                buffer -> {
                    GetReplyEncoder reply = new GetReplyEncoder();
                    reply.wrapAndApplyHeader(buffer, 0, header)
                            .sessionId(SESSION)
                            .correlationId(7)
                            .groupId(1)
                            .index(10)
                            .dimension(2)
                            .moment(3)
                            .more(0);
                    GetReplyEncoder.PointsEncoder points = reply.pointsCount(1);
                    points.next().version(9).payloadLength(1);
                    points.id().most(0).least(7);
                    reply.putVectors(floats(0.5f, -2), 0, 8);
                    reply.putPayloads("p".getBytes(UTF_8), 0, 1);
                    return reply.limit();
                });
    }

    private void refusals() {
        toClient("refused", "Another node leads: send the same request, with the same sequence, to node 2.", buffer -> {
            ErrorReplyEncoder reply = new ErrorReplyEncoder();
            reply.wrapAndApplyHeader(buffer, 0, header)
                    .sessionId(SESSION)
                    .correlationId(8)
                    .code(ErrorCode.NOT_LEADER)
                    .retryAfterMs(0)
                    .leaderNodeId(2)
                    .tableEpoch(0)
                    .point(-1)
                    .currentVersion(ErrorReplyEncoder.currentVersionNullValue())
                    .text("this node does not lead");
            return reply.limit();
        });
        toNode("close", "The session is over; it is not answered.", buffer -> {
            SessionCloseEncoder close = new SessionCloseEncoder();
            close.wrapAndApplyHeader(buffer, 0, header).sessionId(SESSION);
            return close.limit();
        });
    }

    /** Returns the kit as text, as it lies in the jar. */
    public static String text(Schema schema) {
        StringBuilder text = new StringBuilder("""
                # Frames of one session, for authors of clients. Written by a test from the schema; see docs/wire-protocol.md.
                # A frame is four lines and its fields: name, who sends it to whom, meaning, bytes in hexadecimal; then every
                # field in the order of the wire. NNN x n begins a repeating group. Integers are little-endian in the bytes.
                """);
        Frames frames = new Frames(schema);
        for (Sample sample : samples()) {
            UnsafeBuffer buffer = new UnsafeBuffer(sample.bytes());
            Schema.Message message = message(schema, buffer);
            text.append("\nframe ").append(sample.name()).append(": ").append(message.name());
            text.append("\ndirection ").append(sample.direction());
            text.append("\nmeaning ").append(sample.meaning());
            text.append("\nbytes ")
                    .append(HexFormat.of().formatHex(sample.bytes()))
                    .append('\n');
            for (String value : frames.read(message, buffer, 0)) {
                text.append("  ").append(value).append('\n');
            }
        }
        return text.toString();
    }

    private static Schema.Message message(Schema schema, UnsafeBuffer buffer) {
        int templateId = buffer.getShort(2, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        return schema.messages().stream()
                .filter(each -> each.id() == templateId)
                .findFirst()
                .orElseThrow();
    }
}
