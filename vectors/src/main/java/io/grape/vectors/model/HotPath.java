package io.grape.vectors.model;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method that runs for every point or every search and must not allocate in steady state.
 *
 * <p>This module depends on no other part of Grape, so it has its own copy of the annotation. Retention is
 * {@code CLASS}, because the check that enforces it reads class files.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.CONSTRUCTOR})
public @interface HotPath {}
