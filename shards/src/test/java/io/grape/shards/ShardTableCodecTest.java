package io.grape.shards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.FrameCheck;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.RouteReplyDecoder;
import io.grape.codecs.sbe.RouteReplyEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardTableCodecTest {
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private final RouteReplyEncoder encoder = new RouteReplyEncoder();
    private final RouteReplyDecoder decoder = new RouteReplyDecoder();

    @ParameterizedTest
    @ValueSource(ints = {1, 64, 1024, 16_384})
    void aTableSurvivesTheWire(int shardCount) {
        ShardTable table = arbitrary(shardCount, new Random(shardCount));
        int length = encode(table, table.epoch() - 1);
        assertThat(FrameCheck.check(buffer, 0, length)).isSameAs(ErrorCode.OK);
        assertThat(ShardTableCodec.decode(wrapped())).isEqualTo(table);
    }

    @Test
    void onlyTheLeadersAreSentToWhoHoldsATableAsNew() {
        ShardTable table = arbitrary(1024, new Random(1));
        int length = encode(table, table.epoch());
        assertThat(length).isLessThan(64 + 48 * table.groupCount());
        assertThat(FrameCheck.check(buffer, 0, length)).isSameAs(ErrorCode.OK);
        assertThat(ShardTableCodec.decode(wrapped())).isNull();
    }

    @Test
    void anotherHashIsRefused() {
        start().hashVersion(2).epoch(1).shardCount(1).groupsCount(0);
        encoder.putShardToGroup(new byte[2], 0, 2).putShardEpochs(new byte[8], 0, 8);
        refused(ErrorCode.UNSUPPORTED_VERSION, "hash version 2");
    }

    @Test
    void aTableOfTheWrongLengthIsRefused() {
        start().hashVersion(1).epoch(1).shardCount(2).groupsCount(0);
        encoder.putShardToGroup(new byte[2], 0, 2).putShardEpochs(new byte[16], 0, 16);
        refused(ErrorCode.MALFORMED_MESSAGE, "shardToGroup has 2 bytes instead of 4");
        start().hashVersion(1).epoch(1).shardCount(2).groupsCount(0);
        encoder.putShardToGroup(new byte[4], 0, 4).putShardEpochs(new byte[8], 0, 8);
        refused(ErrorCode.MALFORMED_MESSAGE, "shardEpochs has 8 bytes instead of 16");
        start().hashVersion(1).epoch(1).shardCount(3).groupsCount(0);
        encoder.putShardToGroup(new byte[6], 0, 6).putShardEpochs(new byte[24], 0, 24);
        refused(ErrorCode.INVALID_CONFIGURATION, "power of two");
    }

    @Test
    void membersOfABrokenLengthAreRefused() {
        start().hashVersion(1)
                .epoch(1)
                .shardCount(1)
                .groupsCount(1)
                .next()
                .groupId(0)
                .leaderNodeId(0)
                .putMembers(new byte[5], 0, 5);
        encoder.putShardToGroup(new byte[2], 0, 2).putShardEpochs(new byte[8], 0, 8);
        refused(ErrorCode.MALFORMED_MESSAGE, "members has 5 bytes instead of 4");
    }

    private void refused(ErrorCode code, String text) {
        assertThatThrownBy(() -> ShardTableCodec.decode(wrapped()))
                .isInstanceOfSatisfying(
                        GrapeException.class, e -> assertThat(e.code()).isSameAs(code))
                .hasMessageContaining(text);
    }

    private RouteReplyEncoder start() {
        return encoder.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .sessionId(1)
                .correlationId(2);
    }

    private int encode(ShardTable table, long heldEpoch) {
        ShardTableCodec.encode(table, heldEpoch, start());
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    private RouteReplyDecoder wrapped() {
        return decoder.wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder());
    }

    private static ShardTable arbitrary(int shardCount, Random random) {
        List<ShardGroup> groups = new ArrayList<>();
        for (int groupId = 0; groupId < 20; groupId += 2) {
            groups.add(new ShardGroup(groupId, random.nextInt(4) - 1, List.of(groupId, groupId + 1, 99)));
        }
        short[] owners = new short[shardCount];
        long[] epochs = new long[shardCount];
        for (int shard = 0; shard < shardCount; shard++) {
            owners[shard] = (short) (2 * random.nextInt(10));
            epochs[shard] = 1 + random.nextInt(1000);
        }
        return new ShardTable(1 + random.nextInt(1000), owners, epochs, groups);
    }
}
