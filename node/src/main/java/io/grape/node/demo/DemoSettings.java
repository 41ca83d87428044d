package io.grape.node.demo;

import java.io.BufferedReader;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the demo is asked to do.
 *
 * @param nodes      number of processes
 * @param wordFile   vector file to load
 * @param directory  holds the cluster's files; removed after a demo that went well, unless kept
 * @param syncPolicy force, async or none
 * @param mainClass  program of the node processes
 * @param keep       leave the cluster running
 * @param terminal   the output is a terminal: progress may redraw itself
 * @param promptFrom where typed words come from; null for no prompt
 */
public record DemoSettings(
        int nodes,
        Path wordFile,
        Path directory,
        String syncPolicy,
        String mainClass,
        boolean keep,
        boolean terminal,
        @Nullable BufferedReader promptFrom) {}
