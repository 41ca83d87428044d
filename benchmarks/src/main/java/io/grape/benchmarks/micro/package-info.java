/**
 * JMH benchmarks of what runs for every message, one class for each part.
 *
 * <p>{@link io.grape.benchmarks.micro.MicroBenchmarks} runs them with the allocation profiler: bytes per operation are a
 * gate wherever they run, times only mean something beside other times of the same machine and hour.
 */
package io.grape.benchmarks.micro;
