package io.grape.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ChangeNodeDecoder;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.MoveShardDecoder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an operator asks of a scripted node. */
class AdminScenario extends ClientFixture {
    @Test
    void shardsAreMovedAndMovesGivenUpByTheLeaderOfGroupZero() {
        cluster.groups = 2;
        startNodes(1);
        cluster.script = FakeNode::acknowledge;
        try (GrapeClient client = GrapeClient.connect(patient().build())) {
            ShardAdmin shards = client.shards();
            assertThat(shards.table().shardCount()).isEqualTo(16);
            assertThat(shards.table().groupOf(3)).isEqualTo(2);
            shards.move(3, 1);
            shards.giveUp(4);
            cluster.script = (node, request) -> node.refuse(request, ErrorCode.INVALID_CONFIGURATION, -1, -1);
            assertThatThrownBy(() -> shards.move(99, 1))
                    .isInstanceOfSatisfying(
                            GrapeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION));
        }
        List<String> sent = new ArrayList<>();
        for (Request each : cluster.requests) {
            if (each.templateId() == MoveShardDecoder.TEMPLATE_ID) {
                MoveShardDecoder move =
                        new MoveShardDecoder().wrapAndApplyHeader(each.buffer(), 0, new MessageHeaderDecoder());
                sent.add(move.shard() + " to " + move.destination());
            }
        }
        assertThat(sent).containsExactly("3 to 1", "4 to -1", "99 to 1");
    }

    @Test
    void nodesJoinWithAnEndpointAndLeaveWithout() {
        startNodes(1);
        cluster.script = FakeNode::acknowledge;
        try (GrapeClient client = GrapeClient.connect(patient().build())) {
            ClusterAdmin admin = client.admin();
            admin.addNode(4, "host:9004");
            admin.removeNode(2);
            assertThatThrownBy(() -> admin.addNode(5, " ")).hasMessageContaining("has an endpoint");
        }
        List<String> sent = new ArrayList<>();
        for (Request each : cluster.requests) {
            if (each.templateId() == ChangeNodeDecoder.TEMPLATE_ID) {
                ChangeNodeDecoder change =
                        new ChangeNodeDecoder().wrapAndApplyHeader(each.buffer(), 0, new MessageHeaderDecoder());
                sent.add(change.sequence() + ": " + change.nodeId() + " '" + change.endpoint() + "'");
            }
        }
        assertThat(sent).containsExactly("1: 4 'host:9004'", "2: 2 ''");
    }
}
