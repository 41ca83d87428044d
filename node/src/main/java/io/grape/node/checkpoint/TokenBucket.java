package io.grape.node.checkpoint;

/** A limit on bytes a second, with room for a short burst. Owned by one thread; the clock is the caller's. */
final class TokenBucket {
    private static final long NS_PER_SECOND = 1_000_000_000;

    private final long bytesPerSecond;
    private final long burstBytes;
    private long tokens;
    private long lastNs;
    private boolean started;

    TokenBucket(long bytesPerSecond, long burstBytes) {
        this.bytesPerSecond = bytesPerSecond;
        this.burstBytes = burstBytes;
        this.tokens = burstBytes;
    }

    /** Whether anything may go now. */
    boolean hasTokens(long nowNs) {
        long elapsedNs = started ? nowNs - lastNs : 0;
        if (!started || elapsedNs >= NS_PER_SECOND) {
            tokens = burstBytes;
            lastNs = nowNs;
            started = true;
        } else {
            long earned = elapsedNs * bytesPerSecond / NS_PER_SECOND;
            if (earned > 0) {
                tokens = Math.min(burstBytes, tokens + earned);
                lastNs = nowNs;
            }
        }
        return tokens > 0;
    }

    /** Takes what went; the balance may become negative. */
    void take(long bytes) {
        tokens -= bytes;
    }
}
