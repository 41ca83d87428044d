package io.grape.node.groups;

import io.grape.codecs.sbe.BooleanType;
import io.grape.codecs.sbe.HandoffAction;
import io.grape.codecs.sbe.HandoffCommandEncoder;
import io.grape.codecs.sbe.ImportChunkEncoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.MigrationAction;
import io.grape.codecs.sbe.MigrationCommandEncoder;
import io.grape.shards.handoff.MigrationTable;
import io.grape.shards.handoff.SourceView;
import io.grape.shards.handoff.group.ChunkHeader;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/** Encodes the commands of a hand-off and proposes them. Thread: the inbound agent's. */
final class HandoffProposals {
    private final Proposals proposals;
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(1 << 16);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final MigrationCommandEncoder migration = new MigrationCommandEncoder();
    private final HandoffCommandEncoder handoff = new HandoffCommandEncoder();
    private final ImportChunkEncoder chunk = new ImportChunkEncoder();

    HandoffProposals(Proposals proposals) {
        this.proposals = proposals;
    }

    boolean start(int shard, long migrationId, int source, int destination) {
        return migration(MigrationAction.START, shard, migrationId, source, destination);
    }

    boolean migration(MigrationAction action, MigrationTable.Entry entry) {
        return migration(
                action,
                entry.shard(),
                entry.migration().migrationId(),
                entry.migration().source(),
                entry.migration().destination());
    }

    private boolean migration(MigrationAction action, int shard, long migrationId, int source, int destination) {
        migration
                .wrapAndApplyHeader(buffer, 0, header)
                .action(action)
                .shard(shard)
                .migrationId(migrationId)
                .source(source)
                .destination(destination);
        int length = MessageHeaderEncoder.ENCODED_LENGTH + migration.encodedLength();
        return proposals.offer(HostedGroups.METADATA, buffer, length);
    }

    boolean handoff(int groupId, HandoffAction action, MigrationTable.Entry entry, long shardEpoch) {
        encode(groupId, action, entry).shardEpoch(shardEpoch);
        return offerHandoff(groupId);
    }

    boolean verify(int groupId, MigrationTable.Entry entry, SourceView source) {
        encode(groupId, HandoffAction.VERIFY, entry)
                .sealedIndex(source.holding().sealedIndex())
                .rows(source.sealed().rows())
                .digestHigh(source.sealed().high())
                .digestLow(source.sealed().low());
        return offerHandoff(groupId);
    }

    private HandoffCommandEncoder encode(int groupId, HandoffAction action, MigrationTable.Entry entry) {
        int source = entry.migration().source();
        int destination = entry.migration().destination();
        return handoff.wrapAndApplyHeader(buffer, 0, header)
                .action(action)
                .shard(entry.shard())
                .migrationId(entry.migration().migrationId())
                .otherGroup(groupId == source ? destination : source)
                .shardEpoch(0)
                .sealedIndex(0)
                .rows(0)
                .digestHigh(0)
                .digestLow(0);
    }

    private boolean offerHandoff(int groupId) {
        return proposals.offer(groupId, buffer, MessageHeaderEncoder.ENCODED_LENGTH + handoff.encodedLength());
    }

    boolean chunk(int groupId, ChunkHeader of, DirectBuffer rows, int length) {
        chunk.wrapAndApplyHeader(buffer, 0, header)
                .shard(of.shard())
                .migrationId(of.migrationId())
                .from(of.from())
                .to(of.to())
                .attempt(of.attempt())
                .number(of.number())
                .rowCount(of.rows())
                .crc(of.crc() & 0xFFFF_FFFFL)
                .isEnd(of.isEnd() ? BooleanType.TRUE : BooleanType.FALSE)
                .putRowBytes(rows, 0, length);
        return proposals.offer(groupId, buffer, MessageHeaderEncoder.ENCODED_LENGTH + chunk.encodedLength());
    }
}
