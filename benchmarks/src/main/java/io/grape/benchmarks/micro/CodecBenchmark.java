package io.grape.benchmarks.micro;

import io.grape.codecs.FrameCheck;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.UpsertDecoder;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Encoding, checking and decoding of an upsert of 100-d vectors and of an append of 512-byte entries. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class CodecBenchmark {
    private static final int DIMENSION = 100;
    private static final int ENTRY_LENGTH = 512;

    @Param({"1", "16", "256"})
    public int count;

    private final SampleFrames frames = new SampleFrames();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final UpsertDecoder upsert = new UpsertDecoder();
    private UnsafeBuffer buffer;
    private UnsafeBuffer upsertFrame;
    private UnsafeBuffer appendFrame;
    private byte[] payload;

    @Setup
    public void encode() {
        payload = new byte[count * Math.max(DIMENSION * Float.BYTES, ENTRY_LENGTH)];
        buffer = new UnsafeBuffer(new byte[payload.length + 64 * count + 1024]);
        upsertFrame = copy(frames.upsert(buffer, count, DIMENSION, payload));
        appendFrame = copy(frames.append(buffer, count, ENTRY_LENGTH, payload));
    }

    @Benchmark
    public int encodeUpsert() {
        return frames.upsert(buffer, count, DIMENSION, payload);
    }

    @Benchmark
    public int encodeAppend() {
        return frames.append(buffer, count, ENTRY_LENGTH, payload);
    }

    @Benchmark
    public ErrorCode checkUpsert() {
        return FrameCheck.check(upsertFrame, 0, upsertFrame.capacity());
    }

    @Benchmark
    public ErrorCode checkAppend() {
        return FrameCheck.check(appendFrame, 0, appendFrame.capacity());
    }

    /** Reads the ids of all points; the vectors are left where they are. */
    @Benchmark
    public long decodeUpsert() {
        upsert.wrapAndApplyHeader(upsertFrame, 0, header);
        long sum = upsert.sequence();
        UpsertDecoder.PointsDecoder points = upsert.points();
        while (points.hasNext()) {
            sum += points.next().id().least();
        }
        return sum + upsert.vectorsLength();
    }

    private UnsafeBuffer copy(int length) {
        byte[] bytes = new byte[length];
        buffer.getBytes(0, bytes);
        return new UnsafeBuffer(bytes);
    }
}
