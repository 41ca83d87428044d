package io.grape.node.state;

import io.grape.codecs.sbe.ElementType;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.SetCatalogDecoder;
import io.grape.codecs.sbe.SetCatalogEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * All collections as of a revision: what a data group is told of group 0's catalog. Immutable.
 *
 * @param revision         index of the entry of group 0 that changed the collections last
 * @param nextCollectionId no collection had this id or a later one
 * @param collections      by ascending id
 */
public record CatalogEntry(long revision, int nextCollectionId, List<CollectionShape> collections) {
    /** Copies the list. */
    public CatalogEntry {
        collections = List.copyOf(collections);
    }

    /** Encodes it as a {@code SetCatalog} command and returns the length in bytes. */
    public int encode(MutableDirectBuffer buffer) {
        SetCatalogEncoder encoder = new SetCatalogEncoder()
                .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .revision(revision)
                .nextCollectionId(nextCollectionId);
        SetCatalogEncoder.CollectionsEncoder each = encoder.collectionsCount(collections.size());
        for (CollectionShape collection : collections) {
            byte[] name = collection.name().getBytes(StandardCharsets.UTF_8);
            each.next()
                    .collectionId(collection.id())
                    .dimension(collection.dimension())
                    .metric(collection.metric())
                    .elementType(ElementType.FLOAT32)
                    .putName(name, 0, name.length);
        }
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    /** Reads a {@code SetCatalog} command. */
    static CatalogEntry decode(DirectBuffer payload, int offset) {
        SetCatalogDecoder decoder =
                new SetCatalogDecoder().wrapAndApplyHeader(payload, offset, new MessageHeaderDecoder());
        long revision = decoder.revision();
        int nextId = decoder.nextCollectionId();
        List<CollectionShape> collections = new ArrayList<>();
        for (SetCatalogDecoder.CollectionsDecoder each : decoder.collections()) {
            collections.add(new CollectionShape(each.collectionId(), each.name(), each.dimension(), each.metric()));
        }
        return new CatalogEntry(revision, nextId, collections);
    }
}
