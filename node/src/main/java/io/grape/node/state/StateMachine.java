package io.grape.node.state;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.ChangeNodeDecoder;
import io.grape.codecs.sbe.CreateCollectionDecoder;
import io.grape.codecs.sbe.DeleteDecoder;
import io.grape.codecs.sbe.DropCollectionDecoder;
import io.grape.codecs.sbe.EntryType;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.PointIdDecoder;
import io.grape.codecs.sbe.RenameCollectionDecoder;
import io.grape.codecs.sbe.SetCatalogDecoder;
import io.grape.codecs.sbe.TimeAdvanceDecoder;
import io.grape.codecs.sbe.UpsertDecoder;
import io.grape.node.request.UpsertView;
import io.grape.raft.pipeline.EntryApplier;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.agrona.DirectBuffer;

/**
 * Applies committed commands: exactly once for each (client, sequence), each batch as a whole.
 *
 * <p>A command that the state refuses is still remembered, so that its repetition gets the same answer. Thread: the apply
 * agent's; {@link #catalog()} and {@link #sample} may be used by any.
 */
public final class StateMachine implements EntryApplier, AutoCloseable {
    private final ClientWrites writes;
    private final ExpectedVersions expected = new ExpectedVersions();
    private final StoreFactory stores;
    private final int maxCollections;
    private final GroupCommands commands;
    private final Ownership ownership;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final UpsertView upsert = new UpsertView();
    private final DeleteDecoder delete = new DeleteDecoder();
    private final CreateCollectionDecoder create = new CreateCollectionDecoder();
    private final DropCollectionDecoder drop = new DropCollectionDecoder();
    private final RenameCollectionDecoder rename = new RenameCollectionDecoder();
    private final TimeAdvanceDecoder advance = new TimeAdvanceDecoder();

    private volatile Catalog catalog = Catalog.EMPTY;
    /** Odd while an entry is being applied; every index is applied once and in order, so half of it is the index. */
    private volatile long version;

    private volatile int nextCollectionId = 1;
    /** Index of the entry of group 0 that changed the collections last, as far as this group knows. */
    private volatile long catalogRevision;

    private long index;

    /**
     * @param stores         makes the stores of new collections
     * @param replies        hears what became of each write
     * @param maxClients     clients whose sequences are remembered
     * @param maxCollections collections that may live at once
     */
    public StateMachine(StoreFactory stores, Replies replies, int maxClients, int maxCollections) {
        this(stores, replies, maxClients, maxCollections, GroupCommands.NONE);
    }

    /** As given, for a group that replicates more than points. */
    public StateMachine(
            StoreFactory stores, Replies replies, int maxClients, int maxCollections, GroupCommands commands) {
        this.commands = commands;
        this.ownership = new Ownership(commands);
        this.stores = stores;
        this.writes = new ClientWrites(new ClientTable(maxClients), replies);
        this.maxCollections = maxCollections;
        commands.bind(new Rows());
    }

    /** What commands of the group may do with its points and clients. */
    private final class Rows implements GroupRows {
        @Override
        public Catalog catalog() {
            return catalog;
        }

        @Override
        public void forEachClient(ClientConsumer consumer) {
            writes.clients().forEach(consumer);
        }

        @Override
        public void mergeClient(long clientId, ByteBuffer window, long entryIndex) {
            writes.merge(clientId, window, entryIndex);
        }
    }

    /** Returns the collections as of the last applied entry. Any thread. */
    public Catalog catalog() {
        return catalog;
    }

    /** Returns which entries changed something. Any thread, for what is applied. */
    public AppliedEffects effects() {
        return writes.effects();
    }

    /** Returns what the group replicates beside points. Its methods say which thread may use them. */
    public GroupCommands commands() {
        return commands;
    }

    /** Returns the index of the entry of group 0 that changed the collections last, as far as this group knows. Any thread. */
    public long catalogRevision() {
        return catalogRevision;
    }

    /**
     * Returns the collections as a data group is told of them. Any thread; in group 0, changes that are being applied are
     * either in it as a whole or not at all, and a revision never comes with fewer changes than it stands for.
     */
    public CatalogEntry catalogEntry() {
        // Written in the opposite order.
        long revision = catalogRevision;
        List<CollectionShape> shapes =
                catalog.all().stream().map(CollectionShape::of).toList();
        return new CatalogEntry(revision, nextCollectionId, shapes);
    }

    /** Returns the number of clients whose writes are remembered. Any thread. */
    public int clientCount() {
        return writes.clientCount();
    }

    /** Returns all of the state that is not in stores, as bytes. Thread: the apply agent's. */
    public byte[] save() {
        return StateCodec.encode(nextCollectionId, catalogRevision, catalog, commands.save(), writes.clients());
    }

    /**
     * Takes the state of an index in place of what there is, and closes the stores that it replaces. Thread: the apply
     * agent's, or before it runs.
     *
     * @param appliedIndex last entry that is part of the state
     * @param state        what {@link #save} returned
     * @param opened       the stores of that state by collection id
     */
    public void load(long appliedIndex, byte[] state, IntFunction<CollectionStore> opened) {
        ByteBuffer bytes = ByteBuffer.wrap(state);
        Catalog next = Catalog.EMPTY;
        for (CollectionShape found : StateCodec.decodeCollections(bytes)) {
            next = next.with(found.on(opened.apply(found.id())));
        }
        List<Collection> replaced = catalog.all();
        expected.close();
        version = 2 * appliedIndex - 1;
        writes.effects().reset(appliedIndex);
        commands.load(StateCodec.decodeCommands(bytes));
        writes.load(bytes);
        nextCollectionId = StateCodec.nextCollectionId(state);
        catalog = next;
        catalogRevision = StateCodec.catalogRevision(state);
        version = 2 * appliedIndex;
        replaced.forEach(collection -> collection.store().close());
    }

    @Override
    @HotPath
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void apply(long entryIndex, short entryType, DirectBuffer payload, int offset, int length) {
        version++;
        index = entryIndex;
        writes.effects().note(entryIndex, false);
        if (entryType == EntryType.COMMAND.value()) {
            header.wrap(payload, offset);
            switch (header.templateId()) {
                case UpsertDecoder.TEMPLATE_ID -> onUpsert(payload, offset);
                case DeleteDecoder.TEMPLATE_ID -> onDelete(payload, offset);
                case CreateCollectionDecoder.TEMPLATE_ID -> onCreate(payload, offset);
                case DropCollectionDecoder.TEMPLATE_ID -> onDrop(payload, offset);
                case RenameCollectionDecoder.TEMPLATE_ID -> onRename(payload, offset);
                case TimeAdvanceDecoder.TEMPLATE_ID -> onTimeAdvance(payload, offset);
                case ChangeNodeDecoder.TEMPLATE_ID -> onChangeNode(payload, offset);
                case SetCatalogDecoder.TEMPLATE_ID -> onSetCatalog(CatalogEntry.decode(payload, offset));
                default -> onOther(header.templateId(), payload, offset, length);
            }
        }
        version++;
    }

    private void onOther(int templateId, DirectBuffer payload, int offset, int length) {
        if (commands.apply(templateId, index, payload, offset, length)) {
            return;
        }
        // Skipping it would let this replica's state differ from that of a replica that knows the command.
        throw new IllegalStateException("entry " + index + " holds command " + templateId
                + ", which this version does not know: run the version that wrote it, or a newer one");
    }

    @HotPath
    private void onUpsert(DirectBuffer payload, int offset) {
        upsert.wrap(payload, offset);
        UpsertDecoder fields = upsert.fields();
        ClientWindow window = writes.begin(
                index,
                fields.sessionId(),
                fields.correlationId(),
                fields.clientId(),
                fields.sequence(),
                fields.acknowledgedThrough(),
                fields.knownIndex());
        if (window == null) {
            return;
        }
        Collection collection = catalog.byId(fields.collectionId());
        if (collection == null) {
            writes.finishRefused(window, ErrorCode.UNKNOWN_COLLECTION);
            return;
        }
        if (collection.dimension() != upsert.dimension()) {
            writes.finishRefused(window, ErrorCode.DIMENSION_MISMATCH);
            return;
        }
        ErrorCode judged = ownership.judge(collection.id(), upsert);
        if (judged != ErrorCode.OK) {
            writes.finishDisowned(window, judged);
            return;
        }
        if (!expected.hold(collection, upsert)) {
            writes.finishMismatched(window, expected.point(), expected.version());
            return;
        }
        CollectionStore store = collection.store();
        int payloadOffset = upsert.payloadsOffset();
        int count = upsert.count();
        for (int i = 0; i < count; i++) {
            int payloadLength = upsert.payloadLength(i);
            store.upsert(
                    upsert.idMost(i),
                    upsert.idLeast(i),
                    index,
                    payload,
                    upsert.vectorOffset(i),
                    payload,
                    payloadOffset,
                    payloadLength);
            payloadOffset += payloadLength;
        }
        if (commands.watchesChanges()) {
            for (int i = 0; i < count; i++) {
                commands.changed(collection.id(), upsert.idMost(i), upsert.idLeast(i), index);
            }
        }
        writes.finish(window, count);
    }

    @HotPath
    private void onDelete(DirectBuffer payload, int offset) {
        delete.wrapAndApplyHeader(payload, offset, header);
        ClientWindow window = writes.begin(
                index,
                delete.sessionId(),
                delete.correlationId(),
                delete.clientId(),
                delete.sequence(),
                delete.acknowledgedThrough(),
                delete.knownIndex());
        if (window == null) {
            return;
        }
        Collection collection = catalog.byId(delete.collectionId());
        if (collection == null) {
            writes.finishRefused(window, ErrorCode.UNKNOWN_COLLECTION);
            return;
        }
        ErrorCode judged = ownership.judge(collection.id(), delete.points());
        if (judged != ErrorCode.OK) {
            writes.finishDisowned(window, judged);
            return;
        }
        delete.wrapAndApplyHeader(payload, offset, header);
        if (!expected.hold(collection, delete.points())) {
            writes.finishMismatched(window, expected.point(), expected.version());
            return;
        }
        delete.wrapAndApplyHeader(payload, offset, header);
        int removed = 0;
        boolean watched = commands.watchesChanges();
        DeleteDecoder.PointsDecoder points = delete.points();
        while (points.hasNext()) {
            PointIdDecoder id = points.next().id();
            if (watched) {
                commands.changed(collection.id(), id.most(), id.least(), index);
            }
            if (collection.store().delete(id.most(), id.least(), index)) {
                removed++;
            }
        }
        writes.finish(window, removed);
    }

    private void onCreate(DirectBuffer payload, int offset) {
        create.wrapAndApplyHeader(payload, offset, header);
        ClientWindow window = writes.begin(index, create);
        if (window == null) {
            return;
        }
        String name = create.name();
        Collection existing = catalog.byName(name);
        if (existing != null) {
            boolean same = existing.dimension() == create.dimension() && existing.metric() == create.metric();
            if (same) {
                writes.finish(window, existing.id());
                writes.effects().note(index, false);
            } else {
                writes.finishRefused(window, ErrorCode.COLLECTION_EXISTS);
            }
            return;
        }
        if (catalog.size() >= maxCollections) {
            writes.finishRefused(window, ErrorCode.COLLECTION_LIMIT);
            return;
        }
        int id = nextCollectionId;
        nextCollectionId = id + 1;
        CollectionStore store = stores.create(id, create.dimension(), create.metric());
        catalog = catalog.with(new Collection(id, name, create.dimension(), create.metric(), store));
        catalogRevision = index;
        writes.finish(window, id);
    }

    private void onDrop(DirectBuffer payload, int offset) {
        drop.wrapAndApplyHeader(payload, offset, header);
        ClientWindow window = writes.begin(index, drop);
        if (window == null) {
            return;
        }
        Collection collection = catalog.byId(drop.collectionId());
        if (collection == null) {
            writes.finishRefused(window, ErrorCode.UNKNOWN_COLLECTION);
            return;
        }
        remove(collection);
        catalogRevision = index;
        writes.finish(window, 1);
    }

    private void onRename(DirectBuffer payload, int offset) {
        rename.wrapAndApplyHeader(payload, offset, header);
        ClientWindow window = writes.begin(index, rename);
        if (window == null) {
            return;
        }
        Collection collection = catalog.byId(rename.collectionId());
        if (collection == null) {
            writes.finishRefused(window, ErrorCode.UNKNOWN_COLLECTION);
            return;
        }
        String name = rename.name();
        Collection existing = catalog.byName(name);
        if (existing != null && existing.id() != collection.id()) {
            writes.finishRefused(window, ErrorCode.COLLECTION_EXISTS);
            return;
        }
        catalog = catalog.without(collection).with(collection.named(name));
        catalogRevision = index;
        writes.finish(window, 1);
    }

    private void remove(Collection collection) {
        catalog = catalog.without(collection);
        expected.forget(collection.id());
        collection.store().close();
    }

    /** A data group learns of the collections: those that it does not have are made, those that are gone are removed. */
    private void onSetCatalog(CatalogEntry told) {
        if (told.revision() <= catalogRevision) {
            return;
        }
        Set<Integer> live = new HashSet<>();
        told.collections().forEach(shape -> live.add(shape.id()));
        for (Collection collection : catalog.all()) {
            if (!live.contains(collection.id())) {
                remove(collection);
            }
        }
        Catalog next = catalog.renamed(told.collections());
        for (CollectionShape shape : told.collections()) {
            if (next.byId(shape.id()) == null) {
                next = next.with(shape.on(stores.create(shape.id(), shape.dimension(), shape.metric())));
            }
        }
        catalog = next;
        nextCollectionId = told.nextCollectionId();
        catalogRevision = told.revision();
    }

    private void onChangeNode(DirectBuffer payload, int offset) {
        ChangeNodeDecoder change = new ChangeNodeDecoder().wrapAndApplyHeader(payload, offset, header);
        ClientWindow window = writes.begin(index, change);
        if (window == null) {
            return;
        }
        ErrorCode code = commands.changeNode(change.nodeId(), change.endpoint());
        if (code == ErrorCode.OK) {
            writes.finish(window, 1);
        } else {
            writes.finishRefused(window, code);
        }
    }

    /** Time passes for all replicas alike, and clients that wrote nothing for long are forgotten. */
    private void onTimeAdvance(DirectBuffer payload, int offset) {
        advance.wrapAndApplyHeader(payload, offset, header);
        writes.advance(advance.elapsedMs(), advance.expiryMs());
    }

    /**
     * Reads the applied index and the hash of the state at that index as one pair.
     *
     * @return false when entries were being applied all the while; try again
     */
    public boolean sample(StateSample sample) {
        for (int attempt = 0; attempt < 1_000; attempt++) {
            long before = version;
            if ((before & 1) == 0) {
                sample.set(before / 2, catalog.hash() + writes.clients().hash() + hashOfRest(), catalog.points());
                if (version == before) {
                    return true;
                }
            }
            Thread.onSpinWait();
        }
        return false;
    }

    private long hashOfRest() {
        return commands.hash() * 31 + catalogRevision * 0xBF58_476D_1CE4_E5B9L;
    }

    /** Closes the stores. The apply agent must have stopped. */
    @Override
    public void close() {
        expected.close();
        for (Collection collection : catalog.all()) {
            collection.store().close();
        }
    }
}
