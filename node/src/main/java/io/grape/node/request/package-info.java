/**
 * Clients' requests as flyweights, and the checks that need nothing but the request and the catalog.
 *
 * <p>Used by the inbound agent before a request enters the pipeline and by the apply agent when it comes out. Knows no
 * session, no Raft and no Aeron.
 */
@NullMarked
package io.grape.node.request;

import org.jspecify.annotations.NullMarked;
