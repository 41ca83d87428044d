package io.grape.node;

import io.grape.codecs.GrapeException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.AgentTerminationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an agent threw: the node must stop, because its memory and its disk may no longer agree.
 *
 * <p>The first failure is kept as the node's last word; the agent that failed does no more work. Any thread.
 */
final class FatalHandler implements ErrorHandler {
    private static final Logger LOG = LoggerFactory.getLogger(FatalHandler.class);

    private final AtomicReference<@Nullable Throwable> first = new AtomicReference<>();
    private final CountDownLatch stopped;

    /**
     * @param stopped released when the node must stop
     */
    FatalHandler(CountDownLatch stopped) {
        this.stopped = stopped;
    }

    @Override
    public void onError(Throwable thrown) {
        Throwable failure = stop(thrown);
        throw new AgentTerminationException(failure);
    }

    /** Notes a failure of a thread that is no agent's, and lets the node stop. Returns what counts of it. */
    Throwable stop(Throwable thrown) {
        Throwable cause = thrown.getCause();
        Throwable failure = thrown instanceof AgentTerminationException && cause != null ? cause : thrown;
        if (first.compareAndSet(null, failure)) {
            String code = failure instanceof GrapeException known ? known.code().name() : "INTERNAL";
            LOG.error("node stops code={} text={}", code, failure.getMessage(), failure);
        }
        stopped.countDown();
        return failure;
    }

    /** Returns what stopped the node, or null. */
    @Nullable
    Throwable failure() {
        return first.get();
    }
}
