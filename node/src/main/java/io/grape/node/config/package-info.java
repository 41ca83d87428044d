/**
 * What a node is told: records that check themselves, and the YAML file they are read from.
 *
 * <p>Immutable, for any thread. Knows no other part of the node.
 */
@NullMarked
package io.grape.node.config;

import org.jspecify.annotations.NullMarked;
