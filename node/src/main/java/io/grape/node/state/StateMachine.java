package io.grape.node.state;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.CreateCollectionDecoder;
import io.grape.codecs.sbe.DeleteDecoder;
import io.grape.codecs.sbe.DropCollectionDecoder;
import io.grape.codecs.sbe.EntryType;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.PointIdDecoder;
import io.grape.codecs.sbe.RenameCollectionDecoder;
import io.grape.codecs.sbe.TimeAdvanceDecoder;
import io.grape.codecs.sbe.UpsertDecoder;
import io.grape.node.request.UpsertView;
import io.grape.raft.pipeline.EntryApplier;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntFunction;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Applies committed commands: exactly once for each (client, sequence), each batch as a whole.
 *
 * <p>A command that the state refuses is still remembered, so that its repetition gets the same answer. Thread: the apply
 * agent's; {@link #catalog()} and {@link #sample} may be used by any.
 */
public final class StateMachine implements EntryApplier, AutoCloseable {
    private final ClientTable clients;
    private final ExpectedVersions expected = new ExpectedVersions();
    private final StoreFactory stores;
    private final Replies replies;
    private final int maxCollections;
    private final AppliedEffects effects = new AppliedEffects();

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

    private int nextCollectionId = 1;

    private long sessionId;
    private long correlationId;
    private long sequence;
    private long index;
    private volatile int clientCount;

    /**
     * @param stores         makes the stores of new collections
     * @param replies        hears what became of each write
     * @param maxClients     clients whose sequences are remembered
     * @param maxCollections collections that may live at once
     */
    public StateMachine(StoreFactory stores, Replies replies, int maxClients, int maxCollections) {
        this.stores = stores;
        this.replies = replies;
        this.clients = new ClientTable(maxClients);
        this.maxCollections = maxCollections;
    }

    /** Returns the collections as of the last applied entry. Any thread. */
    public Catalog catalog() {
        return catalog;
    }

    /** Returns which entries changed something. Any thread, for what is applied. */
    public AppliedEffects effects() {
        return effects;
    }

    /** Returns the number of clients whose writes are remembered. Any thread. */
    public int clientCount() {
        return clientCount;
    }

    /** Returns all of the state that is not in stores, as bytes. Thread: the apply agent's. */
    public byte[] save() {
        return StateCodec.encode(nextCollectionId, catalog, clients);
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
        for (StateCodec.Described found : StateCodec.decodeCollections(bytes)) {
            CollectionStore store = opened.apply(found.id());
            next = next.with(new Collection(found.id(), found.name(), found.dimension(), found.metric(), store));
        }
        nextCollectionId = StateCodec.nextCollectionId(state);
        List<Collection> replaced = catalog.all();
        expected.close();
        version = 2 * appliedIndex - 1;
        effects.reset(appliedIndex);
        clients.decode(bytes);
        clientCount = clients.size();
        catalog = next;
        version = 2 * appliedIndex;
        replaced.forEach(collection -> collection.store().close());
    }

    @Override
    @HotPath
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void apply(long entryIndex, short entryType, DirectBuffer payload, int offset, int length) {
        version++;
        index = entryIndex;
        effects.note(entryIndex, false);
        if (entryType == EntryType.COMMAND.value()) {
            header.wrap(payload, offset);
            switch (header.templateId()) {
                case UpsertDecoder.TEMPLATE_ID -> onUpsert(payload, offset);
                case DeleteDecoder.TEMPLATE_ID -> onDelete(payload, offset);
                case CreateCollectionDecoder.TEMPLATE_ID -> onCreate(payload, offset);
                case DropCollectionDecoder.TEMPLATE_ID -> onDrop(payload, offset);
                case RenameCollectionDecoder.TEMPLATE_ID -> onRename(payload, offset);
                case TimeAdvanceDecoder.TEMPLATE_ID -> onTimeAdvance(payload, offset);
                default -> unknownCommand(header.templateId());
            }
        }
        version++;
    }

    private void unknownCommand(int templateId) {
        // Skipping it would let this replica's state differ from that of a replica that knows the command.
        throw new IllegalStateException("entry " + index + " holds command " + templateId
                + ", which this version does not know: run the version that wrote it, or a newer one");
    }

    @HotPath
    private void onUpsert(DirectBuffer payload, int offset) {
        upsert.wrap(payload, offset);
        UpsertDecoder fields = upsert.fields();
        ClientWindow window = begin(
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
            finishRefused(window, ErrorCode.UNKNOWN_COLLECTION);
            return;
        }
        if (collection.dimension() != upsert.dimension()) {
            finishRefused(window, ErrorCode.DIMENSION_MISMATCH);
            return;
        }
        if (!expected.hold(collection, upsert)) {
            finishMismatched(window);
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
        finish(window, count);
    }

    @HotPath
    private void onDelete(DirectBuffer payload, int offset) {
        delete.wrapAndApplyHeader(payload, offset, header);
        ClientWindow window = begin(
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
            finishRefused(window, ErrorCode.UNKNOWN_COLLECTION);
            return;
        }
        if (!expected.hold(collection, delete.points())) {
            finishMismatched(window);
            return;
        }
        delete.wrapAndApplyHeader(payload, offset, header);
        int removed = 0;
        DeleteDecoder.PointsDecoder points = delete.points();
        while (points.hasNext()) {
            PointIdDecoder id = points.next().id();
            if (collection.store().delete(id.most(), id.least(), index)) {
                removed++;
            }
        }
        finish(window, removed);
    }

    private void onCreate(DirectBuffer payload, int offset) {
        create.wrapAndApplyHeader(payload, offset, header);
        ClientWindow window = begin(
                create.sessionId(),
                create.correlationId(),
                create.clientId(),
                create.sequence(),
                create.acknowledgedThrough(),
                create.knownIndex());
        if (window == null) {
            return;
        }
        String name = create.name();
        Collection existing = catalog.byName(name);
        if (existing != null) {
            boolean same = existing.dimension() == create.dimension() && existing.metric() == create.metric();
            if (same) {
                finish(window, existing.id());
                effects.note(index, false);
            } else {
                finishRefused(window, ErrorCode.COLLECTION_EXISTS);
            }
            return;
        }
        if (catalog.size() >= maxCollections) {
            finishRefused(window, ErrorCode.COLLECTION_LIMIT);
            return;
        }
        int id = nextCollectionId++;
        CollectionStore store = stores.create(id, create.dimension(), create.metric());
        catalog = catalog.with(new Collection(id, name, create.dimension(), create.metric(), store));
        finish(window, id);
    }

    private void onDrop(DirectBuffer payload, int offset) {
        drop.wrapAndApplyHeader(payload, offset, header);
        ClientWindow window = begin(
                drop.sessionId(),
                drop.correlationId(),
                drop.clientId(),
                drop.sequence(),
                drop.acknowledgedThrough(),
                drop.knownIndex());
        if (window == null) {
            return;
        }
        Collection collection = catalog.byId(drop.collectionId());
        if (collection == null) {
            finishRefused(window, ErrorCode.UNKNOWN_COLLECTION);
            return;
        }
        catalog = catalog.without(collection);
        expected.forget(collection.id());
        collection.store().close();
        finish(window, 1);
    }

    private void onRename(DirectBuffer payload, int offset) {
        rename.wrapAndApplyHeader(payload, offset, header);
        ClientWindow window = begin(
                rename.sessionId(),
                rename.correlationId(),
                rename.clientId(),
                rename.sequence(),
                rename.acknowledgedThrough(),
                rename.knownIndex());
        if (window == null) {
            return;
        }
        Collection collection = catalog.byId(rename.collectionId());
        if (collection == null) {
            finishRefused(window, ErrorCode.UNKNOWN_COLLECTION);
            return;
        }
        String name = rename.name();
        Collection existing = catalog.byName(name);
        if (existing != null && existing.id() != collection.id()) {
            finishRefused(window, ErrorCode.COLLECTION_EXISTS);
            return;
        }
        catalog = catalog.without(collection)
                .with(new Collection(
                        collection.id(), name, collection.dimension(), collection.metric(), collection.store()));
        finish(window, 1);
    }

    /** Time passes for all replicas alike, and clients that wrote nothing for long are forgotten. */
    private void onTimeAdvance(DirectBuffer payload, int offset) {
        advance.wrapAndApplyHeader(payload, offset, header);
        clients.advance(advance.elapsedMs(), advance.expiryMs());
        clientCount = clients.size();
    }

    /**
     * Looks the write up in its client's window.
     *
     * @return the window when the write is new; null when it was answered here
     */
    @HotPath
    private @Nullable ClientWindow begin(
            long session,
            long correlation,
            long clientId,
            long clientSequence,
            long acknowledgedThrough,
            long knownIndex) {
        sessionId = session;
        correlationId = correlation;
        sequence = clientSequence;
        ClientWindow window = clients.window(clientId, knownIndex);
        if (window == null) {
            replies.refused(session, correlation, ErrorCode.SESSION_EXPIRED);
            return null;
        }
        // A late copy of a write whose answer the client has had is dropped: nobody waits for it.
        if (!window.isAcknowledged(clientSequence)) {
            window.acknowledge(Math.min(acknowledgedThrough, clientSequence - 1));
            if (window.holds(clientSequence)) {
                repeatOutcome(window);
            } else if (window.isBeyond(clientSequence)) {
                replies.refused(session, correlation, ErrorCode.SEQUENCE_OUT_OF_WINDOW);
            } else if (!window.isNew(knownIndex)) {
                replies.refused(session, correlation, ErrorCode.SESSION_EXPIRED);
            } else {
                return window;
            }
        }
        clients.changed(window, index);
        return null;
    }

    @HotPath
    private void repeatOutcome(ClientWindow window) {
        short code = window.code(sequence);
        if (code == ErrorCode.OK.value()) {
            replies.written(sessionId, correlationId, window.index(sequence), window.changed(sequence), true);
        } else if (code == ErrorCode.VERSION_MISMATCH.value()) {
            replies.mismatched(sessionId, correlationId, window.changed(sequence), window.index(sequence));
        } else {
            replies.refused(sessionId, correlationId, ErrorCode.get(code));
        }
    }

    @HotPath
    private void finish(ClientWindow window, int changed) {
        window.put(sequence, index, changed, (short) ErrorCode.OK.value());
        effects.note(index, changed > 0);
        remember(window);
        replies.written(sessionId, correlationId, index, changed, false);
    }

    @HotPath
    private void finishRefused(ClientWindow window, ErrorCode code) {
        window.put(sequence, index, 0, (short) code.value());
        remember(window);
        replies.refused(sessionId, correlationId, code);
    }

    @HotPath
    private void finishMismatched(ClientWindow window) {
        window.put(sequence, expected.version(), expected.point(), (short) ErrorCode.VERSION_MISMATCH.value());
        remember(window);
        replies.mismatched(sessionId, correlationId, expected.point(), expected.version());
    }

    @HotPath
    private void remember(ClientWindow window) {
        clients.changed(window, index);
        clientCount = clients.size();
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
                sample.set(before / 2, hash(catalog) + clients.hash(), catalog.points());
                if (version == before) {
                    return true;
                }
            }
            Thread.onSpinWait();
        }
        return false;
    }

    private static long hash(Catalog catalog) {
        long hash = 0;
        for (Collection collection : catalog.all()) {
            long shape = collection.id() * 31L + collection.dimension();
            hash += (collection.store().stateHash() ^ shape) * 0x9E37_79B9_7F4A_7C15L;
        }
        return hash;
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
