package io.grape.node.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.GetDecoder;
import io.grape.codecs.sbe.SearchDecoder;
import io.grape.codecs.sbe.StatusDecoder;
import io.grape.codecs.sbe.UpsertDecoder;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RequestMetricsTest {
    private final AtomicLong clock = new AtomicLong();
    private final RequestMetrics metrics = new RequestMetrics(clock::get);
    private final PrometheusRegistry registry = new PrometheusRegistry();

    RequestMetricsTest() {
        metrics.register(new Registrar(registry));
    }

    @Test
    void anAnswerIsTimedFromTheArrivalByKindAndOutcome() {
        ReplyRecorder apply = metrics.newRecorder();
        ReplyRecorder query = metrics.newRecorder();
        metrics.arrived(UpsertDecoder.TEMPLATE_ID, 1, 10, 500, 0);
        metrics.arrived(SearchDecoder.TEMPLATE_ID, 1, 11, 100, 0);
        metrics.arrived(GetDecoder.TEMPLATE_ID, 1, 12, 50, 0);
        clock.set(2_000_000);
        apply.answered(1, 10);
        query.answered(1, 11);
        query.refused(1, 12, ErrorCode.UNKNOWN_COLLECTION);
        String text = Scrape.text(registry);
        assertThat(text)
                .contains("grape_request_seconds_count{kind=\"upsert\",outcome=\"ok\"} 1")
                .contains("grape_request_seconds_sum{kind=\"search\",outcome=\"ok\"} 0.002")
                .contains("grape_request_seconds_count{kind=\"get\",outcome=\"refused\"} 1")
                .contains("grape_refused_total{code=\"UNKNOWN_COLLECTION\"} 1")
                .contains("grape_requests_total 3")
                .contains("grape_request_bytes_total 650");
    }

    @Test
    void whatWasNotAskedForOrIsNotTimedAddsNoTime() {
        ReplyRecorder recorder = metrics.newRecorder();
        metrics.arrived(StatusDecoder.TEMPLATE_ID, 1, 10, 20, 0);
        recorder.answered(1, 10);
        recorder.answered(1, 99);
        assertThat(Scrape.text(registry)).doesNotContain("grape_request_seconds_count");
    }

    @Test
    void repliesAreCountedAcrossThreads() {
        ReplyRecorder one = metrics.newRecorder();
        ReplyRecorder two = metrics.newRecorder();
        one.sent(100);
        two.sent(50);
        two.notTaken();
        assertThat(two.dropped()).isEqualTo(1);
        assertThat(Scrape.text(registry))
                .contains("grape_replies_total 2")
                .contains("grape_reply_bytes_total 150")
                .contains("grape_replies_dropped_total 1");
    }
}
