/**
 * The command line: one class a command, picocli for the parsing, one place that turns errors into exit codes.
 *
 * <p>Entered by {@code main} on the main thread. Commands wire what other packages do and print what came of it; they
 * hold no logic of consensus, storage or search.
 */
@NullMarked
package io.grape.node.cli;

import org.jspecify.annotations.NullMarked;
