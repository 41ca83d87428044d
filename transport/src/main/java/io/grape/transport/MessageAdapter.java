package io.grape.transport;

import io.aeron.Subscription;
import io.aeron.logbuffer.ControlledFragmentHandler;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.Header;
import io.grape.codecs.HotPath;
import java.util.function.IntConsumer;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.IntHashSet;
import org.jspecify.annotations.Nullable;

/**
 * Polls a subscription and hands on whole messages: fragments are put together, up to a longest message.
 *
 * <p>One thread. A message within one fragment is handed on where it lies; a longer one is copied together in a buffer
 * of its sender, which is freed when the sender's image goes. A message above the limit is counted and dropped, so that
 * no sender can make memory grow. A handler that does not take a message is offered it again.
 */
public final class MessageAdapter implements AutoCloseable {
    private static final int INITIAL_ASSEMBLY_LENGTH = 4096;

    private final Subscription subscription;
    private final int maxMessageLength;
    private final Int2ObjectHashMap<Assembly> assemblies = new Int2ObjectHashMap<>();
    private final IntHashSet images = new IntHashSet();
    private final IntHashSet departed = new IntHashSet();
    private final ControlledFragmentHandler fragmentHandler = this::onFragment;
    private int imageCount;
    private volatile long oversizedMessages;
    private @Nullable MessageHandler handler;
    private @Nullable IntConsumer departureListener;

    /** The fragments so far of one sender's message. */
    private static final class Assembly {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(INITIAL_ASSEMBLY_LENGTH);
        int length;
        int nextTermOffset;
        boolean isOpen;
        boolean isOversized;
    }

    /**
     * @param subscription     polled and closed by this adapter
     * @param maxMessageLength longest message that is handed on, bytes
     */
    public MessageAdapter(Subscription subscription, int maxMessageLength) {
        this.subscription = subscription;
        this.maxMessageLength = maxMessageLength;
    }

    /**
     * Sets who hears, on the polling thread, that a sender's stream is gone.
     *
     * @param listener takes the sender's Aeron session id
     */
    public void onDeparture(IntConsumer listener) {
        departureListener = listener;
    }

    /**
     * Hands on what has arrived.
     *
     * @param messageHandler takes the messages
     * @param limit          most fragments of this poll
     * @return fragments polled; above 0 if there was work
     */
    @HotPath
    public int poll(MessageHandler messageHandler, int limit) {
        handler = messageHandler;
        int connected = subscription.imageCount();
        if (connected != imageCount) {
            imageCount = connected;
            onImagesChanged();
        }
        return subscription.controlledPoll(fragmentHandler, limit);
    }

    private void onImagesChanged() {
        departed.clear();
        departed.addAll(images);
        images.clear();
        subscription.forEachImage(image -> images.add(image.sessionId()));
        departed.removeAll(images);
        IntHashSet.IntIterator gone = departed.iterator();
        while (gone.hasNext()) {
            int sessionId = gone.nextValue();
            assemblies.remove(sessionId);
            if (departureListener != null) {
                departureListener.accept(sessionId);
            }
        }
    }

    @HotPath
    private ControlledFragmentHandler.Action onFragment(DirectBuffer buffer, int offset, int length, Header header) {
        int flags = header.flags() & FrameDescriptor.UNFRAGMENTED & 0xFF;
        if (flags == (FrameDescriptor.UNFRAGMENTED & 0xFF)) {
            if (length > maxMessageLength) {
                countOversized();
                return ControlledFragmentHandler.Action.CONTINUE;
            }
            return deliver(buffer, offset, length, header.sessionId());
        }
        if ((flags & FrameDescriptor.BEGIN_FRAG_FLAG) != 0) {
            begin(buffer, offset, length, header);
            return ControlledFragmentHandler.Action.CONTINUE;
        }
        Assembly assembly = assemblies.get(header.sessionId());
        if (assembly == null || !assembly.isOpen) {
            return ControlledFragmentHandler.Action.CONTINUE;
        }
        return append(assembly, buffer, offset, length, header);
    }

    private void begin(DirectBuffer buffer, int offset, int length, Header header) {
        Assembly assembly = assemblies.get(header.sessionId());
        if (assembly == null) {
            assembly = new Assembly();
            assemblies.put(header.sessionId(), assembly);
        }
        assembly.isOpen = true;
        assembly.isOversized = length > maxMessageLength;
        assembly.length = 0;
        if (!assembly.isOversized) {
            assembly.buffer.putBytes(0, buffer, offset, length);
            assembly.length = length;
        }
        assembly.nextTermOffset = header.nextTermOffset();
    }

    private ControlledFragmentHandler.Action append(
            Assembly assembly, DirectBuffer buffer, int offset, int length, Header header) {
        if (header.termOffset() != assembly.nextTermOffset) {
            assembly.isOpen = false;
            return ControlledFragmentHandler.Action.CONTINUE;
        }
        boolean isLast = (header.flags() & FrameDescriptor.END_FRAG_FLAG) != 0;
        if (assembly.isOversized || assembly.length + length > maxMessageLength) {
            assembly.isOversized = true;
            assembly.nextTermOffset = header.nextTermOffset();
            if (isLast) {
                assembly.isOpen = false;
                countOversized();
            }
            return ControlledFragmentHandler.Action.CONTINUE;
        }
        assembly.buffer.putBytes(assembly.length, buffer, offset, length);
        if (!isLast) {
            assembly.length += length;
            assembly.nextTermOffset = header.nextTermOffset();
            return ControlledFragmentHandler.Action.CONTINUE;
        }
        ControlledFragmentHandler.Action action =
                deliver(assembly.buffer, 0, assembly.length + length, header.sessionId());
        if (action != ControlledFragmentHandler.Action.ABORT) {
            assembly.isOpen = false;
        }
        return action;
    }

    private ControlledFragmentHandler.Action deliver(DirectBuffer buffer, int offset, int length, int sessionId) {
        MessageHandler current = handler;
        if (current == null || !current.onMessage(buffer, offset, length, sessionId)) {
            return ControlledFragmentHandler.Action.ABORT;
        }
        return ControlledFragmentHandler.Action.CONTINUE;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void countOversized() {
        oversizedMessages++;
    }

    /** Returns how many messages were dropped because they were above the limit; any thread. */
    public long oversizedMessages() {
        return oversizedMessages;
    }

    /** Returns how many senders are connected; any thread. */
    public int senderCount() {
        return subscription.imageCount();
    }

    /** Returns the channel with the port that was bound, or null while the socket is not there yet. */
    public @Nullable String resolvedChannel() {
        return subscription.tryResolveChannelEndpointPort();
    }

    /** Closes the subscription. Idempotent. */
    @Override
    public void close() {
        subscription.close();
    }
}
