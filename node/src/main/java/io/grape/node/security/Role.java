package io.grape.node.security;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.CountDecoder;
import io.grape.codecs.sbe.CreateCollectionDecoder;
import io.grape.codecs.sbe.DeleteDecoder;
import io.grape.codecs.sbe.DropCollectionDecoder;
import io.grape.codecs.sbe.GetDecoder;
import io.grape.codecs.sbe.ListCollectionsDecoder;
import io.grape.codecs.sbe.ReadChangesDecoder;
import io.grape.codecs.sbe.RenameCollectionDecoder;
import io.grape.codecs.sbe.RouteQueryDecoder;
import io.grape.codecs.sbe.ScrollDecoder;
import io.grape.codecs.sbe.SearchBatchDecoder;
import io.grape.codecs.sbe.SearchDecoder;
import io.grape.codecs.sbe.StatusDecoder;
import io.grape.codecs.sbe.UpsertDecoder;

/** What a client may do; each role may do what the one before it may. */
public enum Role {
    /** Search and read. */
    READ(1),
    /** Store and delete points. */
    WRITE(2),
    /** Make and drop collections, and everything else. */
    ADMIN(3);

    private final int rank;

    Role(int rank) {
        this.rank = rank;
    }

    /** Returns whether a client in this role may send a request of this kind. A kind that is not known here needs ADMIN. */
    @HotPath
    public boolean allows(int templateId) {
        return rank >= required(templateId).rank;
    }

    @HotPath
    private static Role required(int templateId) {
        return switch (templateId) {
            case SearchDecoder.TEMPLATE_ID,
                    GetDecoder.TEMPLATE_ID,
                    ListCollectionsDecoder.TEMPLATE_ID,
                    StatusDecoder.TEMPLATE_ID,
                    CountDecoder.TEMPLATE_ID,
                    ScrollDecoder.TEMPLATE_ID,
                    SearchBatchDecoder.TEMPLATE_ID,
                    ReadChangesDecoder.TEMPLATE_ID,
                    RouteQueryDecoder.TEMPLATE_ID -> READ;
            case UpsertDecoder.TEMPLATE_ID, DeleteDecoder.TEMPLATE_ID -> WRITE;
            case CreateCollectionDecoder.TEMPLATE_ID,
                    DropCollectionDecoder.TEMPLATE_ID,
                    RenameCollectionDecoder.TEMPLATE_ID -> ADMIN;
            default -> ADMIN;
        };
    }
}
