/**
 * The schema as the tests see it: read from its XML by hand, so that what is generated from it can be checked against it.
 */
package io.grape.codecs.schema;
