package io.grape.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.client.ClientFixture.Heard;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.GetReplyDecoder;
import io.grape.codecs.sbe.SearchReplyDecoder;
import io.grape.codecs.sbe.WriteReplyDecoder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.ManyToManyConcurrentArrayQueue;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** One outcome for one callback, and the reply is free again whatever the callback does. */
class CallbackReplyTest {
    private static final UnsafeBuffer WRITTEN = new UnsafeBuffer(ReplyFrames.write(1, 2, 33, 4, true));
    private static final UnsafeBuffer FOUND =
            new UnsafeBuffer(ReplyFrames.search(1, 2, new long[] {4}, new float[] {0.5f}));
    private static final UnsafeBuffer GOT = new UnsafeBuffer(ReplyFrames.get(1, 2, new long[] {2}, 1));

    private final ManyToManyConcurrentArrayQueue<CallbackReply> spare = new ManyToManyConcurrentArrayQueue<>(2);
    private final CallbackReply reply = new CallbackReply(spare);
    private final Heard heard = new Heard();

    private void answer(int templateId, UnsafeBuffer frame) {
        reply.onReply(templateId, frame, 0, frame.capacity());
    }

    private void assertIsFree() {
        assertThat(spare.poll()).isSameAs(reply);
        assertThat(spare.poll()).isNull();
    }

    @Test
    void eachKindOfCallbackHearsItsKindOfReply() {
        reply.forWrite(heard);
        answer(WriteReplyDecoder.TEMPLATE_ID, WRITTEN);
        assertIsFree();
        reply.forSearch(heard);
        answer(SearchReplyDecoder.TEMPLATE_ID, FOUND);
        assertIsFree();
        reply.forGet(heard);
        answer(GetReplyDecoder.TEMPLATE_ID, GOT);
        assertIsFree();
        assertThat(heard.lines).containsExactly("written 33", "hits 41 of 1000: 4@0.5v1", "points 42: 2=20[2.0]");
    }

    @Test
    void aReplyOfAnotherKindIsAnErrorOfTheRequest() {
        reply.forWrite(heard);
        answer(GetReplyDecoder.TEMPLATE_ID, GOT);
        assertIsFree();
        reply.forSearch(heard);
        answer(WriteReplyDecoder.TEMPLATE_ID, WRITTEN);
        assertIsFree();
        reply.forGet(heard);
        answer(SearchReplyDecoder.TEMPLATE_ID, FOUND);
        assertIsFree();
        assertThat(heard.lines)
                .containsExactly(
                        "INTERNAL A reply of template 42 does not answer this request.",
                        "INTERNAL A reply of template " + WriteReplyDecoder.TEMPLATE_ID
                                + " does not answer this request.",
                        "INTERNAL A reply of template " + SearchReplyDecoder.TEMPLATE_ID
                                + " does not answer this request.");
    }

    @Test
    void aReplyWhoseCallbackFailsIsFreeAllTheSame() {
        GetCallback failing = new GetCallback() {
            @Override
            public void onPoints(PointCursor points) {
                throw new IllegalStateException("of the caller");
            }

            @Override
            public void onError(ErrorCode code, String text) {}
        };
        reply.forGet(failing);
        assertThatThrownBy(() -> answer(GetReplyDecoder.TEMPLATE_ID, GOT)).hasMessage("of the caller");
        assertIsFree();
    }

    @Test
    void partsAreHeardByWritesAlone() {
        List<String> parts = new ArrayList<>();
        WriteCallback listening = new WriteCallback() {
            @Override
            public void onWritten(int groupId, long index, int changed, boolean duplicate) {
                parts.add("written " + groupId + " " + index + " " + changed + " " + duplicate);
            }

            @Override
            public void onPart(int groupId, long index) {
                parts.add("part " + groupId + " " + index);
            }

            @Override
            public void onError(ErrorCode code, String text) {}
        };
        reply.forSearch(heard).onPart(1, 5);
        reply.giveBack();
        reply.forWrite(listening).onPart(2, 6);
        answer(WriteReplyDecoder.TEMPLATE_ID, WRITTEN);
        assertThat(parts).containsExactly("part 2 6", "written 0 33 4 true");
        assertThat(heard.lines).isEmpty();
    }

    @Test
    void anOutcomeOfNoRequestIsABug() {
        assertThatThrownBy(() -> reply.onError(ErrorCode.TIMED_OUT, "late"))
                .hasMessageContaining("An outcome came for no request: late")
                .isInstanceOfSatisfying(
                        GrapeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL));
    }
}
