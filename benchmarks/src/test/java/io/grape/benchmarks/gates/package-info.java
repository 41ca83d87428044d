/**
 * The rules of the house as tests over every module: which module may know which, how large a file may be, what may not
 * be called, and what a hot path may not do.
 *
 * <p>They live in the last module because it is built after all others. They read the sources and the class files that
 * the same build has just made, found from the repository's root, so a new module is under the rules without a line
 * here. Each rule is also shown a bad example, because a rule that never fails guards nothing.
 */
package io.grape.benchmarks.gates;
