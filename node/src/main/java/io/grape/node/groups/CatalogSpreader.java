package io.grape.node.groups;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.FormClusterEncoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.node.state.CatalogEntry;
import io.grape.node.state.StateMachine;
import io.grape.shards.ShardHash;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.ExpandableArrayBuffer;

/**
 * Tells the data groups that this node leads what group 0 knows, as far as it is applied here: each proposes the whole
 * catalog into its own log when group 0 has a newer one. Group 0's leader records what the cluster was formed with.
 *
 * <p>Nothing is lost when a leader dies between group 0's entry and the data group's: whoever leads the data group next sees
 * the same difference. Nothing goes back: the entry names the revision, and an older one changes nothing. A group without a
 * leader gets it when it has one.
 *
 * <p>Thread: the inbound agent's. Allocates when there is something to tell.
 */
public final class CatalogSpreader implements InboundDuty {
    /**
     * Before a proposal whose effect is not seen is made again in the same term: one that was taken is committed then, and the
     * first store of a process takes seconds to make.
     */
    private static final long AGAIN_NS = TimeUnit.SECONDS.toNanos(2);

    private final HostedGroup metadata;
    private final ClusterState cluster;
    private final HostedGroup[] data;
    private final long[] proposedRevision;
    private final long[] proposedTerm;
    private final long[] proposedNs;
    private final int shardCount;
    private final Proposals proposals;
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(512);
    private long formProposedNs;
    private boolean formProposed;

    /**
     * @param groups    of this node
     * @param cluster   group 0's
     * @param proposals where the entries go
     */
    public CatalogSpreader(HostedGroups groups, ClusterState cluster, Proposals proposals) {
        List<HostedGroup> hosted = groups.data();
        this.metadata = groups.metadata();
        this.cluster = cluster;
        this.data = hosted.toArray(HostedGroup[]::new);
        this.proposedRevision = new long[data.length];
        this.proposedTerm = new long[data.length];
        this.proposedNs = new long[data.length];
        this.shardCount = groups.router().table().shardCount();
        this.proposals = proposals;
    }

    @Override
    @HotPath
    public int doWork(long nowNs) {
        int work = 0;
        if (!cluster.isFormed() && isReady(metadata) && (!formProposed || nowNs - formProposedNs >= AGAIN_NS)) {
            work += form(nowNs);
        }
        long revision = metadata.state().catalogRevision();
        for (int i = 0; i < data.length; i++) {
            StateMachine told = data[i].state();
            boolean isDue = told.catalogRevision() < revision
                    && data[i].status().isLeader()
                    && (proposedRevision[i] < revision
                            || proposedTerm[i] != data[i].status().term()
                            || nowNs - proposedNs[i] >= AGAIN_NS);
            if (isDue) {
                work += tell(i, nowNs);
            }
        }
        return work;
    }

    /** A leader that has not applied its predecessors' entries may believe that nothing was formed. */
    @HotPath
    private static boolean isReady(HostedGroup group) {
        return group.status().isLeader()
                && group.appliedIndex().getAsLong() >= group.status().readyIndex();
    }

    private int form(long nowNs) {
        FormClusterEncoder form = new FormClusterEncoder()
                .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .shardCount(shardCount)
                .groupCount(data.length)
                .hashVersion(ShardHash.VERSION);
        int length = MessageHeaderEncoder.ENCODED_LENGTH + form.encodedLength();
        if (!proposals.offer(metadata.groupId(), buffer, length)) {
            return 0;
        }
        formProposed = true;
        formProposedNs = nowNs;
        return 1;
    }

    private int tell(int i, long nowNs) {
        CatalogEntry entry = metadata.state().catalogEntry();
        int length = entry.encode(buffer);
        if (!proposals.offer(data[i].groupId(), buffer, length)) {
            return 0;
        }
        proposedRevision[i] = entry.revision();
        proposedTerm[i] = data[i].status().term();
        proposedNs[i] = nowNs;
        return 1;
    }
}
