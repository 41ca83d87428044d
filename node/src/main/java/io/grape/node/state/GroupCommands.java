package io.grape.node.state;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.ErrorCode;
import org.agrona.DirectBuffer;

/**
 * What a group replicates beside points and clients: the cluster itself in group 0, the shards that it owns in a data group.
 *
 * <p>Part of the group's replicated state: the same entries must give the same answers on every replica. Thread: the apply
 * agent's; {@link #judge} is for any.
 */
public interface GroupCommands {
    /** A group that owns whatever it is sent and knows no command of its own. */
    GroupCommands NONE = new GroupCommands() {
        @Override
        public boolean apply(int templateId, long index, DirectBuffer payload, int offset, int length) {
            return false;
        }

        @Override
        @HotPath
        public ErrorCode judge(int collectionId, long idMost, long idLeast) {
            return ErrorCode.OK;
        }

        @Override
        public byte[] save() {
            return new byte[0];
        }

        @Override
        public void load(byte[] state) {
            if (state.length != 0) {
                throw new IllegalArgumentException("the state of a group with commands of its own, " + state.length
                        + " bytes, cannot be loaded into one without");
            }
        }

        @Override
        public long hash() {
            return 0;
        }
    };

    /**
     * Applies a committed command.
     *
     * @return false if the command is none of these; the state machine then refuses to go on
     */
    boolean apply(int templateId, long index, DirectBuffer payload, int offset, int length);

    /**
     * Says whether the group may write a point now: asked when a write arrives and again when it is applied.
     *
     * @return OK; NOT_OWNER, for good as far as this write is concerned; or MIGRATING, for a while
     */
    @HotPath
    ErrorCode judge(int collectionId, long idMost, long idLeast);

    /** Is given the points and clients of its group, once, before anything else. */
    default void bind(GroupRows rows) {}

    /** A point was stored or deleted by the entry of this index; asked for only while {@link #watchesChanges}. */
    default void changed(int collectionId, long idMost, long idLeast, long index) {}

    /** Returns whether {@link #changed} is to be told of each point. */
    @HotPath
    default boolean watchesChanges() {
        return false;
    }

    /**
     * A node joins the cluster or leaves it; only group 0 takes this.
     *
     * @param endpoint host:port, or empty for a node that leaves
     * @return OK, or why nothing was changed
     */
    default ErrorCode changeNode(int nodeId, String endpoint) {
        return ErrorCode.NOT_OWNER;
    }

    /** Returns all of it as bytes; equal states have equal bytes. */
    byte[] save();

    /** Takes what {@link #save} returned in place of what there is. */
    void load(byte[] state);

    /** Returns a hash of all of it. */
    long hash();
}
