package io.grape.client.session;

import io.grape.codecs.sbe.ErrorCode;

/**
 * An ErrorReply.
 *
 * @param sessionId     session of the attempt that it answers
 * @param correlationId of the request
 * @param code          why
 * @param retryAfterMs  milliseconds to wait before a retry; -1 if a retry cannot help
 * @param leaderNodeId  leader as the node knows it, or -1
 * @param text          for people
 */
record Refusal(long sessionId, long correlationId, ErrorCode code, int retryAfterMs, int leaderNodeId, String text) {}
