package io.grape.node.metrics;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.CreateCollectionDecoder;
import io.grape.codecs.sbe.DeleteDecoder;
import io.grape.codecs.sbe.DropCollectionDecoder;
import io.grape.codecs.sbe.GetDecoder;
import io.grape.codecs.sbe.SearchDecoder;
import io.grape.codecs.sbe.UpsertDecoder;

/** Requests that are timed. */
enum RequestKind {
    SEARCH("search", 0),
    GET("get", 1),
    UPSERT("upsert", 2),
    DELETE("delete", 3),
    COLLECTION("collection", 4);

    /** A request that is not timed: an answer to it may come late by design, or more than once. */
    static final int NOT_TIMED = -1;

    static final int COUNT = 5;

    private final String label;
    private final int slot;

    RequestKind(String label, int slot) {
        this.label = label;
        this.slot = slot;
    }

    String label() {
        return label;
    }

    int slot() {
        return slot;
    }

    /** Returns the slot of a request's kind, or {@link #NOT_TIMED}. */
    @HotPath
    static int slotOf(int templateId) {
        return switch (templateId) {
            case SearchDecoder.TEMPLATE_ID -> 0;
            case GetDecoder.TEMPLATE_ID -> 1;
            case UpsertDecoder.TEMPLATE_ID -> 2;
            case DeleteDecoder.TEMPLATE_ID -> 3;
            case CreateCollectionDecoder.TEMPLATE_ID, DropCollectionDecoder.TEMPLATE_ID -> 4;
            default -> NOT_TIMED;
        };
    }
}
