package io.grape.codecs;

import static io.grape.codecs.BlockShape.block;

import io.grape.codecs.sbe.AppendEntriesDecoder;
import io.grape.codecs.sbe.AppendOutcome;
import io.grape.codecs.sbe.AppendReplyDecoder;
import io.grape.codecs.sbe.BeatState;
import io.grape.codecs.sbe.BooleanType;
import io.grape.codecs.sbe.ChangeNodeDecoder;
import io.grape.codecs.sbe.ChangesReplyDecoder;
import io.grape.codecs.sbe.CollectionsReplyDecoder;
import io.grape.codecs.sbe.Consistency;
import io.grape.codecs.sbe.CountDecoder;
import io.grape.codecs.sbe.CountReplyDecoder;
import io.grape.codecs.sbe.CreateCollectionDecoder;
import io.grape.codecs.sbe.DeleteDecoder;
import io.grape.codecs.sbe.DropCollectionDecoder;
import io.grape.codecs.sbe.ElementType;
import io.grape.codecs.sbe.EntryType;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.ErrorReplyDecoder;
import io.grape.codecs.sbe.FormClusterDecoder;
import io.grape.codecs.sbe.GetDecoder;
import io.grape.codecs.sbe.GetReplyDecoder;
import io.grape.codecs.sbe.GroupConfigurationDecoder;
import io.grape.codecs.sbe.HandoffAction;
import io.grape.codecs.sbe.HandoffCommandDecoder;
import io.grape.codecs.sbe.IdFilter;
import io.grape.codecs.sbe.ImportChunkDecoder;
import io.grape.codecs.sbe.InstallSnapshotDecoder;
import io.grape.codecs.sbe.InstallSnapshotReplyDecoder;
import io.grape.codecs.sbe.IntroductionDecoder;
import io.grape.codecs.sbe.LifeVerdict;
import io.grape.codecs.sbe.ListCollectionsDecoder;
import io.grape.codecs.sbe.Metric;
import io.grape.codecs.sbe.MigrationAction;
import io.grape.codecs.sbe.MigrationCommandDecoder;
import io.grape.codecs.sbe.MoveShardDecoder;
import io.grape.codecs.sbe.NodeHeartbeatDecoder;
import io.grape.codecs.sbe.NodeHeartbeatReplyDecoder;
import io.grape.codecs.sbe.ReadChangesDecoder;
import io.grape.codecs.sbe.RenameCollectionDecoder;
import io.grape.codecs.sbe.RouteQueryDecoder;
import io.grape.codecs.sbe.RouteReplyDecoder;
import io.grape.codecs.sbe.ScrollDecoder;
import io.grape.codecs.sbe.SearchBatchDecoder;
import io.grape.codecs.sbe.SearchBatchReplyDecoder;
import io.grape.codecs.sbe.SearchDecoder;
import io.grape.codecs.sbe.SearchReplyDecoder;
import io.grape.codecs.sbe.SessionCloseDecoder;
import io.grape.codecs.sbe.SessionConnectDecoder;
import io.grape.codecs.sbe.SessionEventDecoder;
import io.grape.codecs.sbe.SessionKeepAliveDecoder;
import io.grape.codecs.sbe.SessionStatus;
import io.grape.codecs.sbe.SetCatalogDecoder;
import io.grape.codecs.sbe.StatusDecoder;
import io.grape.codecs.sbe.StatusReplyDecoder;
import io.grape.codecs.sbe.TimeAdvanceDecoder;
import io.grape.codecs.sbe.TimeoutNowDecoder;
import io.grape.codecs.sbe.UpsertDecoder;
import io.grape.codecs.sbe.VoteReplyDecoder;
import io.grape.codecs.sbe.VoteRequestDecoder;
import io.grape.codecs.sbe.WriteReplyDecoder;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The shape of every message of the schema, by template id.
 *
 * <p>Lengths and offsets come from the generated decoders; only the order of groups and data is written down here, and a
 * test compares it with the schema. When a block grows, its old length is the offset of the first new field. Never written after the class is initialised; any thread.
 */
final class FrameShapes {
    private static final long[] BOOLEAN_TYPE =
            meanings(1, Arrays.stream(BooleanType.values()).mapToInt(BooleanType::value));
    private static final long[] METRIC =
            meanings(1, Arrays.stream(Metric.values()).mapToInt(Metric::value));
    private static final long[] ELEMENT_TYPE =
            meanings(1, Arrays.stream(ElementType.values()).mapToInt(ElementType::value));
    private static final long[] CONSISTENCY =
            meanings(1, Arrays.stream(Consistency.values()).mapToInt(Consistency::value));
    private static final long[] ID_FILTER =
            meanings(1, Arrays.stream(IdFilter.values()).mapToInt(IdFilter::value));
    private static final long[] STATUS =
            meanings(1, Arrays.stream(SessionStatus.values()).mapToInt(SessionStatus::value));
    private static final long[] ENTRY_TYPE =
            meanings(1, Arrays.stream(EntryType.values()).mapToInt(EntryType::value));
    private static final long[] OUTCOME =
            meanings(1, Arrays.stream(AppendOutcome.values()).mapToInt(AppendOutcome::value));
    private static final long[] LIFE_VERDICT =
            meanings(1, Arrays.stream(LifeVerdict.values()).mapToInt(LifeVerdict::value));
    private static final long[] BEAT_STATE =
            meanings(1, Arrays.stream(BeatState.values()).mapToInt(BeatState::value));
    private static final long[] ERROR_CODE =
            meanings(2, Arrays.stream(ErrorCode.values()).mapToInt(ErrorCode::value));

    private static final long[] MIGRATION_ACTION =
            meanings(1, Arrays.stream(MigrationAction.values()).mapToInt(MigrationAction::value));
    private static final long[] HANDOFF_ACTION =
            meanings(1, Arrays.stream(HandoffAction.values()).mapToInt(HandoffAction::value));

    private static final @Nullable BlockShape[] BY_TEMPLATE = new BlockShape[160];

    static {
        sessions();
        writes();
        commands();
        reads();
        replies();
        listings();
        elections();
        replication();
        liveness();
        collections();
        handoffs();
    }

    private FrameShapes() {}

    /** Returns the shape of a template, or null when there is no such template. */
    @HotPath
    static @Nullable BlockShape of(int templateId) {
        return templateId >= 0 && templateId < BY_TEMPLATE.length ? BY_TEMPLATE[templateId] : null;
    }

    private static void handoffs() {
        put(
                MigrationCommandDecoder.TEMPLATE_ID,
                block(MigrationCommandDecoder.BLOCK_LENGTH)
                        .enums(uint8(MigrationCommandDecoder.actionEncodingOffset(), MIGRATION_ACTION)));
        put(
                HandoffCommandDecoder.TEMPLATE_ID,
                block(HandoffCommandDecoder.BLOCK_LENGTH)
                        .enums(uint8(HandoffCommandDecoder.actionEncodingOffset(), HANDOFF_ACTION)));
        put(
                ImportChunkDecoder.TEMPLATE_ID,
                block(ImportChunkDecoder.BLOCK_LENGTH)
                        .enums(uint8(ImportChunkDecoder.isEndEncodingOffset(), BOOLEAN_TYPE))
                        .data(1));
        put(MoveShardDecoder.TEMPLATE_ID, block(MoveShardDecoder.BLOCK_LENGTH));
    }

    private static void sessions() {
        put(
                SessionConnectDecoder.TEMPLATE_ID,
                block(SessionConnectDecoder.BLOCK_LENGTH).data(2));
        BlockShape member =
                block(SessionEventDecoder.MembersDecoder.sbeBlockLength()).data(1);
        put(
                SessionEventDecoder.TEMPLATE_ID,
                block(SessionEventDecoder.commitIndexEncodingOffset())
                        .since(2, SessionEventDecoder.groupIdEncodingOffset())
                        .since(3, SessionEventDecoder.BLOCK_LENGTH)
                        .enums(
                                uint8(SessionEventDecoder.statusEncodingOffset(), STATUS),
                                uint16(SessionEventDecoder.codeEncodingOffset(), ERROR_CODE))
                        .groups(member)
                        .data(1));
        put(SessionKeepAliveDecoder.TEMPLATE_ID, block(SessionKeepAliveDecoder.BLOCK_LENGTH));
        put(SessionCloseDecoder.TEMPLATE_ID, block(SessionCloseDecoder.BLOCK_LENGTH));
    }

    private static void writes() {
        put(
                CreateCollectionDecoder.TEMPLATE_ID,
                block(CreateCollectionDecoder.knownIndexEncodingOffset())
                        .since(2, CreateCollectionDecoder.BLOCK_LENGTH)
                        .enums(
                                uint8(CreateCollectionDecoder.metricEncodingOffset(), METRIC),
                                uint8(CreateCollectionDecoder.elementTypeEncodingOffset(), ELEMENT_TYPE))
                        .data(1));
        put(
                DropCollectionDecoder.TEMPLATE_ID,
                block(DropCollectionDecoder.knownIndexEncodingOffset()).since(2, DropCollectionDecoder.BLOCK_LENGTH));
        put(
                UpsertDecoder.TEMPLATE_ID,
                block(UpsertDecoder.knownIndexEncodingOffset())
                        .since(2, UpsertDecoder.groupIdEncodingOffset())
                        .since(3, UpsertDecoder.BLOCK_LENGTH)
                        .groups(block(UpsertDecoder.PointsDecoder.expectedVersionEncodingOffset())
                                .since(2, UpsertDecoder.PointsDecoder.sbeBlockLength()))
                        .data(2));
        put(
                DeleteDecoder.TEMPLATE_ID,
                block(DeleteDecoder.knownIndexEncodingOffset())
                        .since(2, DeleteDecoder.groupIdEncodingOffset())
                        .since(3, DeleteDecoder.BLOCK_LENGTH)
                        .groups(block(DeleteDecoder.PointsDecoder.expectedVersionEncodingOffset())
                                .since(2, DeleteDecoder.PointsDecoder.sbeBlockLength())));
    }

    private static void commands() {
        put(TimeAdvanceDecoder.TEMPLATE_ID, block(TimeAdvanceDecoder.BLOCK_LENGTH));
        put(ChangeNodeDecoder.TEMPLATE_ID, block(ChangeNodeDecoder.BLOCK_LENGTH).data(1));
        put(FormClusterDecoder.TEMPLATE_ID, block(FormClusterDecoder.BLOCK_LENGTH));
        put(
                SetCatalogDecoder.TEMPLATE_ID,
                block(SetCatalogDecoder.BLOCK_LENGTH)
                        .groups(block(SetCatalogDecoder.CollectionsDecoder.sbeBlockLength())
                                .enums(
                                        uint8(SetCatalogDecoder.CollectionsDecoder.metricEncodingOffset(), METRIC),
                                        uint8(
                                                SetCatalogDecoder.CollectionsDecoder.elementTypeEncodingOffset(),
                                                ELEMENT_TYPE))
                                .data(1)));
    }

    private static void reads() {
        put(
                GetDecoder.TEMPLATE_ID,
                block(GetDecoder.groupIdEncodingOffset())
                        .since(3, GetDecoder.BLOCK_LENGTH)
                        .enums(
                                uint8(GetDecoder.consistencyEncodingOffset(), CONSISTENCY),
                                uint8(GetDecoder.withVectorsEncodingOffset(), BOOLEAN_TYPE))
                        .groups(block(GetDecoder.PointsDecoder.sbeBlockLength())));
        put(
                SearchDecoder.TEMPLATE_ID,
                block(SearchDecoder.groupIdEncodingOffset())
                        .since(3, SearchDecoder.BLOCK_LENGTH)
                        .enums(
                                uint8(SearchDecoder.consistencyEncodingOffset(), CONSISTENCY),
                                uint8(SearchDecoder.exactEncodingOffset(), BOOLEAN_TYPE),
                                uint8(SearchDecoder.filterEncodingOffset(), ID_FILTER))
                        .data(1)
                        .dataSince(3, 2));
        put(
                ListCollectionsDecoder.TEMPLATE_ID,
                block(ListCollectionsDecoder.groupIdEncodingOffset())
                        .since(3, ListCollectionsDecoder.BLOCK_LENGTH)
                        .enums(uint8(ListCollectionsDecoder.consistencyEncodingOffset(), CONSISTENCY)));
        put(
                StatusDecoder.TEMPLATE_ID,
                block(StatusDecoder.groupIdEncodingOffset()).since(3, StatusDecoder.BLOCK_LENGTH));
        put(RouteQueryDecoder.TEMPLATE_ID, block(RouteQueryDecoder.BLOCK_LENGTH));
    }

    private static void replies() {
        put(
                WriteReplyDecoder.TEMPLATE_ID,
                block(WriteReplyDecoder.BLOCK_LENGTH)
                        .enums(uint8(WriteReplyDecoder.duplicateEncodingOffset(), BOOLEAN_TYPE)));
        put(
                ErrorReplyDecoder.TEMPLATE_ID,
                block(ErrorReplyDecoder.pointEncodingOffset())
                        .since(2, ErrorReplyDecoder.BLOCK_LENGTH)
                        .enums(uint16(ErrorReplyDecoder.codeEncodingOffset(), ERROR_CODE))
                        .data(1));
        put(
                GetReplyDecoder.TEMPLATE_ID,
                block(GetReplyDecoder.momentEncodingOffset())
                        .since(3, GetReplyDecoder.BLOCK_LENGTH)
                        .groups(block(GetReplyDecoder.PointsDecoder.sbeBlockLength()))
                        .data(2));
        put(
                SearchReplyDecoder.TEMPLATE_ID,
                block(SearchReplyDecoder.shardsHashEncodingOffset())
                        .since(3, SearchReplyDecoder.BLOCK_LENGTH)
                        .enums(uint8(SearchReplyDecoder.exactEncodingOffset(), BOOLEAN_TYPE))
                        .groups(block(SearchReplyDecoder.HitsDecoder.sbeBlockLength())));
    }

    private static void listings() {
        BlockShape collection = block(CollectionsReplyDecoder.CollectionsDecoder.sbeBlockLength())
                .enums(
                        uint8(CollectionsReplyDecoder.CollectionsDecoder.metricEncodingOffset(), METRIC),
                        uint8(CollectionsReplyDecoder.CollectionsDecoder.elementTypeEncodingOffset(), ELEMENT_TYPE))
                .data(1);
        put(
                CollectionsReplyDecoder.TEMPLATE_ID,
                block(CollectionsReplyDecoder.BLOCK_LENGTH).groups(collection));
        put(
                StatusReplyDecoder.TEMPLATE_ID,
                block(StatusReplyDecoder.BLOCK_LENGTH).data(3));
        put(
                RouteReplyDecoder.TEMPLATE_ID,
                block(RouteReplyDecoder.BLOCK_LENGTH)
                        .groups(block(RouteReplyDecoder.GroupsDecoder.leaderTermEncodingOffset())
                                .since(3, RouteReplyDecoder.GroupsDecoder.sbeBlockLength())
                                .data(1))
                        .data(2));
    }

    private static void elections() {
        put(
                VoteRequestDecoder.TEMPLATE_ID,
                block(VoteRequestDecoder.diskIdEncodingOffset())
                        .since(2, VoteRequestDecoder.BLOCK_LENGTH)
                        .enums(
                                uint8(VoteRequestDecoder.preVoteEncodingOffset(), BOOLEAN_TYPE),
                                uint8(VoteRequestDecoder.leadershipTransferEncodingOffset(), BOOLEAN_TYPE)));
        put(
                VoteReplyDecoder.TEMPLATE_ID,
                block(VoteReplyDecoder.diskIdEncodingOffset())
                        .since(2, VoteReplyDecoder.BLOCK_LENGTH)
                        .enums(
                                uint8(VoteReplyDecoder.grantedEncodingOffset(), BOOLEAN_TYPE),
                                uint8(VoteReplyDecoder.preVoteEncodingOffset(), BOOLEAN_TYPE)));
        put(
                IntroductionDecoder.TEMPLATE_ID,
                block(IntroductionDecoder.BLOCK_LENGTH)
                        .enums(uint8(IntroductionDecoder.verdictEncodingOffset(), LIFE_VERDICT)));
        put(
                TimeoutNowDecoder.TEMPLATE_ID,
                block(TimeoutNowDecoder.diskIdEncodingOffset()).since(2, TimeoutNowDecoder.BLOCK_LENGTH));
    }

    private static void replication() {
        BlockShape entry = block(AppendEntriesDecoder.EntriesDecoder.sbeBlockLength())
                .enums(uint8(AppendEntriesDecoder.EntriesDecoder.entryTypeEncodingOffset(), ENTRY_TYPE));
        put(
                AppendEntriesDecoder.TEMPLATE_ID,
                block(AppendEntriesDecoder.diskIdEncodingOffset())
                        .since(2, AppendEntriesDecoder.BLOCK_LENGTH)
                        .groups(entry)
                        .data(1));
        put(
                AppendReplyDecoder.TEMPLATE_ID,
                block(AppendReplyDecoder.diskIdEncodingOffset())
                        .since(2, AppendReplyDecoder.BLOCK_LENGTH)
                        .enums(uint8(AppendReplyDecoder.outcomeEncodingOffset(), OUTCOME)));
        put(
                InstallSnapshotDecoder.TEMPLATE_ID,
                block(InstallSnapshotDecoder.diskIdEncodingOffset())
                        .since(2, InstallSnapshotDecoder.BLOCK_LENGTH)
                        .data(2));
        put(
                InstallSnapshotReplyDecoder.TEMPLATE_ID,
                block(InstallSnapshotReplyDecoder.diskIdEncodingOffset())
                        .since(2, InstallSnapshotReplyDecoder.BLOCK_LENGTH)
                        .enums(uint8(InstallSnapshotReplyDecoder.installedEncodingOffset(), BOOLEAN_TYPE)));
        put(
                GroupConfigurationDecoder.TEMPLATE_ID,
                block(GroupConfigurationDecoder.BLOCK_LENGTH)
                        .groups(
                                block(GroupConfigurationDecoder.VotersDecoder.diskIdEncodingOffset())
                                        .since(2, GroupConfigurationDecoder.VotersDecoder.sbeBlockLength()),
                                block(GroupConfigurationDecoder.OutgoingDecoder.diskIdEncodingOffset())
                                        .since(2, GroupConfigurationDecoder.OutgoingDecoder.sbeBlockLength()),
                                block(GroupConfigurationDecoder.LearnersDecoder.diskIdEncodingOffset())
                                        .since(2, GroupConfigurationDecoder.LearnersDecoder.sbeBlockLength())));
    }

    private static void liveness() {
        BlockShape beat = block(NodeHeartbeatDecoder.GroupsDecoder.sbeBlockLength())
                .enums(uint8(NodeHeartbeatDecoder.GroupsDecoder.stateEncodingOffset(), BEAT_STATE));
        put(
                NodeHeartbeatDecoder.TEMPLATE_ID,
                block(NodeHeartbeatDecoder.BLOCK_LENGTH).groups(beat));
        BlockShape answer = block(NodeHeartbeatReplyDecoder.GroupsDecoder.sbeBlockLength())
                .enums(uint8(NodeHeartbeatReplyDecoder.GroupsDecoder.stateEncodingOffset(), BEAT_STATE));
        put(
                NodeHeartbeatReplyDecoder.TEMPLATE_ID,
                block(NodeHeartbeatReplyDecoder.BLOCK_LENGTH).groups(answer));
    }

    private static void collections() {
        put(
                CountDecoder.TEMPLATE_ID,
                block(CountDecoder.BLOCK_LENGTH).enums(uint8(CountDecoder.consistencyEncodingOffset(), CONSISTENCY)));
        put(CountReplyDecoder.TEMPLATE_ID, block(CountReplyDecoder.BLOCK_LENGTH));
        put(
                ScrollDecoder.TEMPLATE_ID,
                block(ScrollDecoder.BLOCK_LENGTH)
                        .enums(
                                uint8(ScrollDecoder.fromStartEncodingOffset(), BOOLEAN_TYPE),
                                uint8(ScrollDecoder.consistencyEncodingOffset(), CONSISTENCY),
                                uint8(ScrollDecoder.withVectorsEncodingOffset(), BOOLEAN_TYPE)));
        put(
                SearchBatchDecoder.TEMPLATE_ID,
                block(SearchBatchDecoder.BLOCK_LENGTH)
                        .enums(
                                uint8(SearchBatchDecoder.consistencyEncodingOffset(), CONSISTENCY),
                                uint8(SearchBatchDecoder.exactEncodingOffset(), BOOLEAN_TYPE))
                        .data(1));
        put(
                SearchBatchReplyDecoder.TEMPLATE_ID,
                block(SearchBatchReplyDecoder.BLOCK_LENGTH)
                        .groups(
                                block(SearchBatchReplyDecoder.QueriesDecoder.sbeBlockLength()),
                                block(SearchBatchReplyDecoder.HitsDecoder.sbeBlockLength())));
        put(
                RenameCollectionDecoder.TEMPLATE_ID,
                block(RenameCollectionDecoder.BLOCK_LENGTH).data(1));
        put(ReadChangesDecoder.TEMPLATE_ID, block(ReadChangesDecoder.BLOCK_LENGTH));
        put(
                ChangesReplyDecoder.TEMPLATE_ID,
                block(ChangesReplyDecoder.BLOCK_LENGTH)
                        .groups(block(ChangesReplyDecoder.ChangesDecoder.sbeBlockLength()))
                        .data(1));
    }

    private static void put(int templateId, BlockShape shape) {
        if (BY_TEMPLATE[templateId] != null) {
            throw new IllegalStateException("template " + templateId + " has two shapes");
        }
        BY_TEMPLATE[templateId] = shape;
    }

    private static EnumField uint8(int offset, long[] meanings) {
        return new EnumField(offset, 1, meanings);
    }

    private static EnumField uint16(int offset, long[] meanings) {
        return new EnumField(offset, 2, meanings);
    }

    /** The bit set of an enum's values but its null, which is the largest value that its length can hold. */
    private static long[] meanings(int length, IntStream values) {
        int nullValue = (1 << (Byte.SIZE * length)) - 1;
        long[] bits = new long[4];
        values.filter(value -> value != nullValue).forEach(value -> bits[value >>> 6] |= 1L << value);
        return bits;
    }
}
