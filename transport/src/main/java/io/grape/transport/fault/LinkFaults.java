package io.grape.transport.fault;

/** Decides the fate of each message to a peer; called by the sending thread only. */
public interface LinkFaults {
    /** Nothing goes wrong. */
    LinkFaults NONE = new LinkFaults() {
        @Override
        public int copies(int peerNodeId) {
            return 1;
        }

        @Override
        public long delayNs(int peerNodeId) {
            return 0;
        }
    };

    /**
     * Returns how often the next message to a peer is delivered.
     *
     * @param peerNodeId to whom
     * @return 0 loses it, 1 is as it should be, more duplicates it
     */
    int copies(int peerNodeId);

    /**
     * Returns how long the next copy to a peer is held back; later messages may overtake it.
     *
     * @param peerNodeId to whom
     * @return nanoseconds; 0 sends it now
     */
    long delayNs(int peerNodeId);
}
