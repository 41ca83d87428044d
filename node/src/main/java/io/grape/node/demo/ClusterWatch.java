package io.grape.node.demo;

import io.grape.client.ClientConfig;
import io.grape.client.GrapeClient;
import io.grape.client.NodeStatus;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.node.demo.cluster.Await;
import io.grape.node.demo.cluster.LocalCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Asks the running nodes of a cluster how they are, and waits until they are as wanted. One thread.
 */
public final class ClusterWatch {
    private static final int METADATA = 0;
    private static final Duration STATUS_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration CONNECT_ATTEMPT = Duration.ofSeconds(5);

    private final LocalCluster cluster;
    private final GrapeClient client;

    /**
     * @param cluster whose processes are asked
     * @param client  connected to it; stays open
     */
    public ClusterWatch(LocalCluster cluster, GrapeClient client) {
        this.cluster = cluster;
        this.client = client;
    }

    /**
     * Connects to a cluster whose processes have just been started.
     *
     * @param requestTimeout how long the client tries each request
     * @throws GrapeException TIMED_OUT, or IO_FAILURE with the end of the log of a node that did not come up
     */
    public static GrapeClient connect(LocalCluster cluster, Duration timeout, Duration requestTimeout) {
        ClientConfig config = ClientConfig.builder()
                .endpoints(cluster.endpoints())
                .connectTimeout(CONNECT_ATTEMPT)
                .requestTimeout(requestTimeout)
                .build();
        long deadlineNs = System.nanoTime() + timeout.toNanos();
        while (true) {
            cluster.requireRunning();
            try {
                return GrapeClient.connect(config);
            } catch (GrapeException notYet) {
                if (notYet.code() != ErrorCode.TIMED_OUT || System.nanoTime() - deadlineNs > 0) {
                    throw notYet;
                }
            }
        }
    }

    /** Returns what a node says of itself, or nothing if it does not run or does not answer within a second. */
    public Optional<NodeStatus> status(int nodeId) {
        return status(nodeId, METADATA);
    }

    private Optional<NodeStatus> status(int nodeId, int groupId) {
        if (!cluster.isRunning(nodeId)) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    client.node(nodeId).statusAsync(groupId).get(STATUS_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException | ExecutionException silent) {
            return Optional.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** Waits until a running node says that it leads group 0, and returns what the one of the highest term says. */
    public NodeStatus awaitLeader(Duration timeout) {
        AtomicReference<NodeStatus> leader = new AtomicReference<>();
        Await.until("a leader", timeout, () -> {
            for (NodeStatus status : statuses(METADATA)) {
                if (status.isLeader() && (leader.get() == null || leader.get().term() < status.term())) {
                    leader.set(status);
                }
            }
            return leader.get() != null;
        });
        return leader.get();
    }

    /**
     * Waits until every node of the cluster runs, answers, and has applied the same index of each group.
     *
     * @return number of groups, group 0 among them
     * @throws GrapeException INTERNAL if their state differs at the same index: replicas have diverged
     */
    public int awaitSameState(Duration timeout) {
        List<Integer> groups = client.groupIds();
        groups.forEach(groupId -> awaitSameState(groupId, timeout));
        awaitSameState(METADATA, timeout);
        return groups.size() + 1;
    }

    private void awaitSameState(int groupId, Duration timeout) {
        AtomicReference<List<NodeStatus>> last = new AtomicReference<>(List.of());
        Await.until("all nodes at one applied index of group " + groupId, timeout, () -> {
            List<NodeStatus> statuses = statuses(groupId);
            last.set(statuses);
            return statuses.size() == cluster.size()
                    && statuses.stream()
                                    .mapToLong(NodeStatus::appliedIndex)
                                    .distinct()
                                    .count()
                            == 1;
        });
        List<NodeStatus> statuses = last.get();
        if (statuses.stream().mapToLong(NodeStatus::stateHash).distinct().count() != 1) {
            throw new GrapeException(ErrorCode.INTERNAL, "replicas differ at the same applied index: " + statuses);
        }
    }

    private List<NodeStatus> statuses(int groupId) {
        List<NodeStatus> statuses = new ArrayList<>();
        for (int nodeId = 1; nodeId <= cluster.size(); nodeId++) {
            status(nodeId, groupId).ifPresent(statuses::add);
        }
        return statuses;
    }
}
