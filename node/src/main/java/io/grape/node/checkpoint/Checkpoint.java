package io.grape.node.checkpoint;

import io.grape.raft.core.membership.ConfigurationCodec;
import io.grape.raft.core.membership.Membership;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A durable checkpoint, as the pipeline and the streams to followers use it.
 *
 * @param manifest   what it holds
 * @param bytes      the manifest as it is streamed
 * @param membership members as of its index
 */
@SuppressWarnings("ArrayRecordComponent") // never changed
public record Checkpoint(CheckpointManifest manifest, byte[] bytes, Membership membership) {
    /** Reads the members of a manifest. */
    public static Checkpoint of(CheckpointManifest manifest) {
        UnsafeBuffer encoded = new UnsafeBuffer(manifest.membership());
        Membership membership = ConfigurationCodec.decode(encoded, 0, encoded.capacity());
        if (membership == null) {
            throw new IllegalArgumentException("checkpoint " + manifest.index() + " holds no readable membership");
        }
        return new Checkpoint(manifest, manifest.encode(), membership);
    }

    /** Returns the last entry that is part of the state. */
    public long index() {
        return manifest.index();
    }
}
