/**
 * Who is connected: sessions, the replies to them, and what is said when something is refused.
 *
 * <p>The inbound agent owns the sessions; any thread may look one up in the registry's snapshot and reply through a
 * {@link io.grape.node.session.ReplyPublisher} of its own.
 */
@NullMarked
package io.grape.node.session;

import org.jspecify.annotations.NullMarked;
