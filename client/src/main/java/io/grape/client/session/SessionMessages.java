package io.grape.client.session;

import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.RouteQueryEncoder;
import io.grape.codecs.sbe.SessionCloseEncoder;
import io.grape.codecs.sbe.SessionConnectEncoder;
import io.grape.codecs.sbe.SessionKeepAliveEncoder;
import io.grape.codecs.sbe.StatusEncoder;
import org.agrona.ExpandableArrayBuffer;

/** Encodes the messages of a session into one scratch buffer; polling thread only. */
final class SessionMessages {
    /** Correlation id of the status requests by which a session shows that it lives; no caller's request has it. */
    static final long PING_CORRELATION_ID = -2;

    private static final int INITIAL_LENGTH = 512;

    private final long clientId;
    private final byte[] credentials;
    final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(INITIAL_LENGTH);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final SessionConnectEncoder connect = new SessionConnectEncoder();
    private final SessionKeepAliveEncoder keepAlive = new SessionKeepAliveEncoder();
    private final SessionCloseEncoder close = new SessionCloseEncoder();
    private final StatusEncoder status = new StatusEncoder();
    private final RouteQueryEncoder routes = new RouteQueryEncoder();

    SessionMessages(long clientId, byte[] credentials) {
        this.clientId = clientId;
        this.credentials = credentials.clone();
    }

    int connect(long correlationId, String responseChannel, int responseStreamId) {
        connect.wrapAndApplyHeader(buffer, 0, header)
                .correlationId(correlationId)
                .clientId(clientId)
                .protocolVersion(SessionConnectEncoder.SCHEMA_VERSION)
                .responseStreamId(responseStreamId)
                .responseChannel(responseChannel)
                .putCredentials(credentials, 0, credentials.length);
        return connect.limit();
    }

    int keepAlive(long sessionId) {
        keepAlive.wrapAndApplyHeader(buffer, 0, header).sessionId(sessionId);
        return keepAlive.limit();
    }

    int ping(long sessionId) {
        status.wrapAndApplyHeader(buffer, 0, header)
                .sessionId(sessionId)
                .correlationId(PING_CORRELATION_ID)
                .groupId(StatusEncoder.groupIdNullValue());
        return status.limit();
    }

    /** Asks who leads which group, and for the shard table if it is newer. */
    int routes(long sessionId, long heldEpoch) {
        routes.wrapAndApplyHeader(buffer, 0, header)
                .sessionId(sessionId)
                .correlationId(PING_CORRELATION_ID)
                .heldEpoch(heldEpoch);
        return routes.limit();
    }

    int close(long sessionId) {
        close.wrapAndApplyHeader(buffer, 0, header).sessionId(sessionId);
        return close.limit();
    }
}
