package io.grape.node.query;

/**
 * Who this node says it is.
 *
 * @param nodeId        its number
 * @param syncPolicy    when a write counts as durable
 * @param dataDirectory where its data lies
 * @param version       of Grape
 */
public record NodeIdentity(int nodeId, String syncPolicy, String dataDirectory, String version) {}
