package io.grape.client;

import io.grape.client.session.AeronNetwork;
import io.grape.client.session.ClientCore;
import io.grape.client.session.SessionConfig;
import io.grape.codecs.GrapeException;
import io.grape.transport.StreamId;
import io.grape.transport.driver.DriverConfig;
import io.grape.transport.driver.DriverHandle;
import io.grape.transport.driver.IdleMode;
import java.security.SecureRandom;

/** Opens what a client stands on: driver, network, polling thread, first session. Stateless. */
final class Connector {
    /** Three publications of requests and three images of replies, with their terms. */
    private static final long CLIENT_SPACE_BYTES = 40L * 1024 * 1024;

    /** Leaves the low stream ids to the cluster. */
    private static final int FIRST_IPC_STREAM_ID = 1_000;

    private Connector() {}

    /**
     * Opens a core that one node at least has answered.
     *
     * @param clientId identity of its writes
     * @throws GrapeException TIMED_OUT if no node answers, or the code with which the node refused
     */
    static ClientCore open(ClientConfig config, long clientId, SecureRandom random) {
        DriverConfig driver = config.aeronDirectory() == null
                ? DriverConfig.embedded().withRequiredSpace(CLIENT_SPACE_BYTES)
                : DriverConfig.external(config.aeronDirectory());
        IdleMode idle = IdleMode.of(config.idleStrategy());
        DriverHandle handle = DriverHandle.forClient(driver.withIdleMode(idle), random.nextLong());
        AeronNetwork network = AeronNetwork.open(
                handle,
                config.responseHost(),
                config.usesIpc(),
                config.usesIpc() ? random.nextInt(FIRST_IPC_STREAM_ID, Integer.MAX_VALUE) : StreamId.EGRESS,
                System::nanoTime);
        SessionConfig session = new SessionConfig(
                config.endpoints(),
                clientId,
                config.firstSequence(),
                config.attemptTimeout().toNanos(),
                config.maxInFlight(),
                config.pinned(),
                config.credentials());
        ClientCore core =
                new ClientCore(session, network, System::nanoTime, handle.pollerIdle(idle), random.nextLong());
        core.start();
        try {
            core.awaitSession(config.connectTimeout().toNanos());
        } catch (GrapeException failed) {
            core.close();
            throw failed;
        }
        return core;
    }
}
