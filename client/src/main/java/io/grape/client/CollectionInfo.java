package io.grape.client;

import io.grape.codecs.sbe.ElementType;
import io.grape.codecs.sbe.Metric;

/**
 * A collection as the cluster described it.
 *
 * @param id          its number, which requests carry
 * @param name        1 to 128 characters of a-z, 0-9, _ and -
 * @param dimension   components of each vector
 * @param metric      how two vectors are compared
 * @param elementType type of one component
 * @param points      live points when it was asked
 */
public record CollectionInfo(int id, String name, int dimension, Metric metric, ElementType elementType, long points) {}
