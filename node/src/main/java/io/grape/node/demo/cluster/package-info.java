/**
 * A cluster of real node processes on this machine: started, killed, stopped and restarted by number.
 *
 * <p>The demo, the system tests and the chaos runs use it, each on one thread. It knows how a process is started and
 * what a node's configuration file says; it knows nothing of collections, writes or searches.
 */
@NullMarked
package io.grape.node.demo.cluster;

import org.jspecify.annotations.NullMarked;
