package io.grape.node.query;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.CollectionsReplyEncoder;
import io.grape.codecs.sbe.ElementType;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.GetDecoder;
import io.grape.codecs.sbe.ListCollectionsDecoder;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.RouteQueryDecoder;
import io.grape.codecs.sbe.SearchDecoder;
import io.grape.codecs.sbe.StatusDecoder;
import io.grape.node.groups.HostedGroup;
import io.grape.node.session.ReplyPublisher;
import io.grape.node.state.Collection;
import java.util.List;
import org.agrona.ExpandableDirectByteBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/**
 * Takes reads off a ring and answers them one after the other.
 *
 * <p>Thread: its own. A search allocates nothing; listing collections and status do.
 */
public final class QueryAgent implements Agent {
    private static final int LIMIT = 16;

    private final RingBuffer requests;
    private final QueryContext context;
    private final ReplyPublisher replies;
    private final SearchExecutor searches;
    private final GetExecutor gets;
    private final StatusExecutor statuses;
    private final MessageHandler onRequest = this::onRequest;

    private final ExpandableDirectByteBuffer reply = new ExpandableDirectByteBuffer(4096);
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final MessageHeaderEncoder replyHeader = new MessageHeaderEncoder();
    private final ListCollectionsDecoder list = new ListCollectionsDecoder();
    private final CollectionsReplyEncoder collections = new CollectionsReplyEncoder();

    /**
     * @param requests reads that may be answered now, each a whole frame
     * @param context  what they read
     * @param replies  the way back; used by this agent alone
     */
    public QueryAgent(RingBuffer requests, QueryContext context, ReplyPublisher replies) {
        this.requests = requests;
        this.context = context;
        this.replies = replies;
        this.searches = new SearchExecutor(context, replies);
        this.gets = new GetExecutor(context, replies);
        this.statuses = new StatusExecutor(context, replies);
    }

    @Override
    @HotPath
    public int doWork() {
        return requests.read(onRequest, LIMIT);
    }

    /** Returns the type under which a read of a group is put on the ring; the ring has no types below 1. */
    @HotPath
    public static int messageTypeOf(int groupId) {
        return groupId + 1;
    }

    @HotPath
    private void onRequest(int messageTypeId, MutableDirectBuffer message, int offset, int length) {
        HostedGroup group = context.groups().get(messageTypeId - 1);
        if (group == null) {
            throw notHosted(messageTypeId - 1);
        }
        header.wrap(message, offset);
        switch (header.templateId()) {
            case SearchDecoder.TEMPLATE_ID -> searches.execute(group, message, offset);
            case GetDecoder.TEMPLATE_ID -> gets.execute(group, message, offset);
            case ListCollectionsDecoder.TEMPLATE_ID -> onList(group, message, offset);
            case StatusDecoder.TEMPLATE_ID -> statuses.onStatus(group, message, offset);
            case RouteQueryDecoder.TEMPLATE_ID -> statuses.onRoute(message, offset);
            default -> unknownRead(header.templateId());
        }
    }

    private static IllegalStateException notHosted(int groupId) {
        return new IllegalStateException("a read of group " + groupId + " was let through, which is not here");
    }

    private static void unknownRead(int templateId) {
        throw new IllegalStateException("the request gate let through template " + templateId);
    }

    private void onList(HostedGroup answering, MutableDirectBuffer message, int offset) {
        list.wrapAndApplyHeader(message, offset, header);
        long index = answering.appliedIndex().getAsLong();
        List<Collection> all = answering.state().catalog().all();
        collections
                .wrapAndApplyHeader(reply, 0, replyHeader)
                .sessionId(list.sessionId())
                .correlationId(list.correlationId())
                .groupId(answering.groupId())
                .index(index);
        CollectionsReplyEncoder.CollectionsEncoder group = collections.collectionsCount(all.size());
        for (Collection collection : all) {
            group.next()
                    .collectionId(collection.id())
                    .dimension(collection.dimension())
                    .metric(collection.metric())
                    .elementType(ElementType.FLOAT32)
                    .points(collection.store().size())
                    .name(collection.name());
        }
        int length = MessageHeaderEncoder.ENCODED_LENGTH + collections.encodedLength();
        if (length > context.maxReplyLength()) {
            replies.refused(list.sessionId(), list.correlationId(), ErrorCode.MESSAGE_TOO_LARGE);
        } else {
            replies.send(list.sessionId(), reply, length);
        }
    }

    @Override
    public String roleName() {
        return "query";
    }
}
