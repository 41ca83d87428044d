/**
 * Who may do what: roles, keys of clients, and the interface behind which another way to authenticate can stand.
 *
 * <p>It knows nothing of sessions, wires or threads: the inbound agent asks, one connect at a time.
 */
@NullMarked
package io.grape.node.security;

import org.jspecify.annotations.NullMarked;
