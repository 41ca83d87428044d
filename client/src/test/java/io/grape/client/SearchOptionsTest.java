package io.grape.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.FrameCheck;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.BooleanType;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.IdFilter;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.SearchDecoder;
import java.nio.ByteOrder;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What a search is told arrives, also in a buffer that held another search before. */
class SearchOptionsTest {
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private final RequestEncoder encoder = new RequestEncoder();

    @Test
    void everyOptionIsInTheMessage() {
        SearchDecoder sent =
                encode(SearchOptions.EXACT.withEf(77).withScoreLimit(0.5f).allowing(5, -1));
        assertThat(sent.exact()).isSameAs(BooleanType.TRUE);
        assertThat(sent.ef()).isEqualTo(77);
        assertThat(sent.scoreLimit()).isEqualTo(0.5f);
        assertThat(sent.filter()).isSameAs(IdFilter.ALLOW);
        assertThat(sent.k()).isEqualTo(3);
        assertThat(sent.skipVector()).isEqualTo(8);
        UnsafeBuffer ids = new UnsafeBuffer(new byte[32]);
        assertThat(sent.getFilterIds(ids, 0, 32)).isEqualTo(32);
        assertThat(ids.getLong(8, ByteOrder.LITTLE_ENDIAN)).isEqualTo(5);
        assertThat(ids.getLong(16, ByteOrder.LITTLE_ENDIAN)).isZero();
        assertThat(ids.getLong(24, ByteOrder.LITTLE_ENDIAN)).isEqualTo(-1);
    }

    @Test
    void withoutOptionsNothingIsLeftOfTheSearchBefore() {
        encode(SearchOptions.EXACT.withEf(77).withScoreLimit(0.5f).denying(1, 2, 3));
        SearchDecoder sent = encode(SearchOptions.DEFAULT);
        assertThat(sent.exact()).isSameAs(BooleanType.FALSE);
        assertThat(sent.ef()).isZero();
        assertThat(sent.scoreLimit()).isNaN();
        assertThat(sent.filter()).isSameAs(IdFilter.NONE);
        sent.skipVector();
        assertThat(sent.filterIdsLength()).isZero();
    }

    @Test
    void idsAreTakenAsTheyWereAndTooManyAreRefusedBeforeAnythingIsSent() {
        long[] ids = {1, 2};
        SearchOptions options = SearchOptions.DEFAULT.denying(ids);
        ids[0] = 9;
        assertThat(options.id(0)).isEqualTo(1);
        assertThat(options.filter()).isSameAs(IdFilter.DENY);
        RequestChecks.options(options);
        assertThatThrownBy(() -> RequestChecks.options(SearchOptions.DEFAULT.allowing(new long[4097])))
                .isInstanceOfSatisfying(
                        GrapeException.class, ex -> assertThat(ex.code()).isSameAs(ErrorCode.INVALID_FILTER));
    }

    private SearchDecoder encode(SearchOptions options) {
        int length = encoder.search(buffer, 4, new float[] {1, 2}, 3, Consistency.LOCAL, options, 1);
        new io.grape.codecs.sbe.SearchEncoder()
                .wrap(buffer, MessageHeaderDecoder.ENCODED_LENGTH)
                .groupId(1);
        assertThat(FrameCheck.check(buffer, 0, length)).isSameAs(ErrorCode.OK);
        return new SearchDecoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder());
    }
}
