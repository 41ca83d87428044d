package io.grape.client.gather;

import io.grape.client.session.ReplyHandler;
import io.grape.codecs.sbe.BooleanType;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.WriteReplyDecoder;
import io.grape.codecs.sbe.WriteReplyEncoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Adds up what the groups did of one batch. */
public final class WriteGather extends Gather {
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final WriteReplyDecoder reply = new WriteReplyDecoder();
    private int groupId;
    private long index;
    private int changed;
    private boolean isDuplicate;

    /** @param parts number of groups that the batch was divided over */
    public WriteGather(ReplyHandler target, int parts) {
        super(target, parts);
    }

    @Override
    boolean take(int part, int templateId, DirectBuffer buffer, int offset, int length) {
        if (templateId != WriteReplyDecoder.TEMPLATE_ID) {
            return false;
        }
        reply.wrapAndApplyHeader(buffer, offset, header);
        groupId = reply.groupId();
        index = reply.index();
        changed += reply.changed();
        isDuplicate |= reply.duplicate() == BooleanType.TRUE;
        target.onPart(groupId, index);
        return true;
    }

    @Override
    String partly(int succeeded, int all) {
        return " " + succeeded + " of the " + all
                + " groups that the batch was divided over have committed their part.";
    }

    @Override
    void finish() {
        UnsafeBuffer frame =
                new UnsafeBuffer(new byte[MessageHeaderEncoder.ENCODED_LENGTH + WriteReplyEncoder.BLOCK_LENGTH]);
        new WriteReplyEncoder()
                .wrapAndApplyHeader(frame, 0, new MessageHeaderEncoder())
                .groupId(groupId)
                .index(index)
                .changed(changed)
                .duplicate(isDuplicate ? BooleanType.TRUE : BooleanType.FALSE);
        target.onReply(WriteReplyDecoder.TEMPLATE_ID, frame, 0, frame.capacity());
    }
}
