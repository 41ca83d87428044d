package io.grape.codecs;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method that runs for every message or entry and therefore must not allocate, lock or throw in steady state.
 *
 * <p>A test reads the class files and refuses {@code new}, boxing, string concatenation and capturing lambdas in such
 * methods; the retention is {@code CLASS} because bytecode checks cannot see less.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.CONSTRUCTOR})
public @interface HotPath {}
