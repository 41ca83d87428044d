/**
 * Other JVMs like this one, started with a main class and ended with this one. One thread each; knows nothing of what they do.
 */
@NullMarked
package io.grape.benchmarks.process;

import org.jspecify.annotations.NullMarked;
