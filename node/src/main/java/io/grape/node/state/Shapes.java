package io.grape.node.state;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.Metric;
import io.grape.vectors.model.VectorCheck;

/** Translates the wire's metrics into those of the vector module, which does not know the wire. */
public final class Shapes {
    private Shapes() {}

    /** Returns the vector module's metric. */
    @HotPath
    public static io.grape.vectors.model.Metric metric(Metric metric) {
        return switch (metric) {
            case DOT -> io.grape.vectors.model.Metric.DOT;
            case COSINE -> io.grape.vectors.model.Metric.COSINE;
            case EUCLIDEAN -> io.grape.vectors.model.Metric.EUCLIDEAN;
            default -> throw unknownMetric();
        };
    }

    /** Returns the wire's code for what is wrong with a vector. */
    @HotPath
    public static ErrorCode refusal(VectorCheck.Verdict verdict) {
        return switch (verdict) {
            case OK -> ErrorCode.OK;
            case ZERO_VECTOR -> ErrorCode.ZERO_VECTOR;
            default -> ErrorCode.NOT_FINITE;
        };
    }

    private static IllegalArgumentException unknownMetric() {
        return new IllegalArgumentException("no such metric; the request check refuses it before");
    }
}
