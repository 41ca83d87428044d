/**
 * The client's machine: sessions with nodes, who leads, and each request until it has its one outcome.
 *
 * <p>{@link io.grape.client.session.ClientCore} is entered by callers on any thread and hands requests to one polling
 * thread, which owns everything else in here. It knows frames by their headers and by the fields that all requests
 * share; it never looks at vectors, and it reaches the network only through
 * {@link io.grape.client.session.ClientNetwork}, so that it also runs on a simulated one.
 */
@NullMarked
package io.grape.client.session;

import org.jspecify.annotations.NullMarked;
