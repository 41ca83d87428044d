/**
 * Where the log goes. Logback finds this by itself when the first logger is asked for; nobody calls it.
 */
@NullMarked
package io.grape.node.log;

import org.jspecify.annotations.NullMarked;
