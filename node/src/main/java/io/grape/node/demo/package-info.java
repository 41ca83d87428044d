/**
 * The demo: a real cluster, real vectors, a killed leader, and the proof that nothing acknowledged was lost.
 *
 * <p>{@link io.grape.node.demo.Demo} conducts the steps on the caller's thread; each step is a class of its own that
 * the system tests use too. The package works through the public client only and knows nothing of a node's inside.
 */
@NullMarked
package io.grape.node.demo;

import org.jspecify.annotations.NullMarked;
