/**
 * The node's way in: polls the transport, checks each frame and each request, and copies what is fit into the pipeline.
 *
 * <p>One agent, one thread. What can be refused by looking at the request and the catalog is refused here, before it
 * costs a log entry; what only the replicated state can tell is checked again when the entry is applied.
 */
@NullMarked
package io.grape.node.ingress;

import org.jspecify.annotations.NullMarked;
