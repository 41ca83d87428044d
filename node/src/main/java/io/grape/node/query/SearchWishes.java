package io.grape.node.query;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.BooleanType;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.IdFilter;
import io.grape.codecs.sbe.SearchDecoder;
import io.grape.node.config.NodeLimits;
import io.grape.vectors.query.IdSet;
import io.grape.vectors.query.SearchParameters;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * What a {@code Search} asks for besides the vector and k, read into parameters that are used again. What an older client
 * does not say has its usual meaning. Thread: the query agent's.
 */
final class SearchWishes {
    private static final int ID_BYTES = 2 * Long.BYTES;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private final SearchParameters parameters = new SearchParameters();

    /** What was read. */
    @HotPath
    SearchParameters parameters() {
        return parameters;
    }

    /**
     * Reads a request.
     *
     * @param request stands behind its vector
     * @param message that holds it
     * @return OK, INVALID_EF or INVALID_FILTER
     */
    @HotPath
    ErrorCode read(SearchDecoder request, DirectBuffer message) {
        parameters.reset();
        int ef = request.ef();
        if (ef != SearchDecoder.efNullValue()) {
            if (ef < 0 || ef > NodeLimits.MAX_EF) {
                return ErrorCode.INVALID_EF;
            }
            parameters.beam(ef);
        }
        parameters.exact(request.exact() == BooleanType.TRUE).scoreLimit(request.scoreLimit());
        IdFilter filter = request.filter();
        int bytes = request.filterIdsLength();
        if (filter != IdFilter.ALLOW && filter != IdFilter.DENY) {
            return bytes == 0 ? ErrorCode.OK : ErrorCode.INVALID_FILTER;
        }
        if (bytes == 0 || bytes % ID_BYTES != 0 || bytes > NodeLimits.MAX_FILTER_IDS * ID_BYTES) {
            return ErrorCode.INVALID_FILTER;
        }
        parameters.idsMean(filter == IdFilter.ALLOW ? SearchParameters.Ids.ALLOWED : SearchParameters.Ids.DENIED);
        readIds(message, request.limit() + SearchDecoder.filterIdsHeaderLength(), bytes);
        return ErrorCode.OK;
    }

    @HotPath
    private void readIds(DirectBuffer message, int offset, int bytes) {
        IdSet ids = parameters.ids();
        for (int at = offset; at < offset + bytes; at += ID_BYTES) {
            ids.add(message.getLong(at, ORDER), message.getLong(at + Long.BYTES, ORDER));
        }
    }
}
