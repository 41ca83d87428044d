package io.grape.node;

import io.grape.raft.pipeline.GroupTable;
import io.grape.transport.NodeTransport;
import io.grape.transport.driver.IdleMode;
import io.grape.transport.driver.WakeableIdle;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.IdleStrategy;

/**
 * How the threads of a node wait, and which wakes which: a write passes from the driver to the pipeline, to the disk and back, to
 * the state machine and out through the driver, and none of them should sleep on while the one before it is done.
 *
 * <pre>
 *   driver --&gt; pipeline --&gt; driver, force, apply, query
 *   force  --&gt; pipeline
 *   apply  --&gt; driver, pipeline
 *   query  --&gt; driver
 * </pre>
 *
 * <p>Wired by the starting thread, before the threads run.
 */
final class NodeThreads {
    private static final int GROUPS_ASKED = 64;

    private final WakeableIdle pipeline;
    private final WakeableIdle force;
    private final WakeableIdle apply;
    private final WakeableIdle query;

    NodeThreads(IdleMode mode, NodeTransport transport) {
        this.pipeline = transport.pollerIdle(mode);
        this.force = new WakeableIdle(mode, WakeableIdle.WOKEN_NS);
        this.apply = new WakeableIdle(mode, WakeableIdle.WOKEN_NS);
        this.query = new WakeableIdle(mode, WakeableIdle.WOKEN_NS);
        force.wakes(pipeline);
        apply.wakes(transport.driverIdle());
        apply.wakes(pipeline);
        query.wakes(transport.driverIdle());
    }

    /** Tells when the pipeline has made work for the force thread. */
    void forceWhen(BooleanSupplier hasWork) {
        pipeline.wakes(force, hasWork);
    }

    /** The pipeline has made work for the apply thread when a group has committed what is not applied. */
    void appliesOf(GroupTable groups) {
        pipeline.wakes(apply, () -> hasUnapplied(groups));
    }

    /** Of very many groups it is cheaper to wake the apply thread than to ask each one. */
    private static boolean hasUnapplied(GroupTable groups) {
        if (groups.count() > GROUPS_ASKED) {
            return true;
        }
        for (int slot = 0; slot < groups.count(); slot++) {
            if (groups.at(slot).published().get() > groups.at(slot).applied().get()) {
                return true;
            }
        }
        return false;
    }

    /** Tells when the pipeline has made work for the query thread. */
    void queryWhen(BooleanSupplier hasWork) {
        pipeline.wakes(query, hasWork);
    }

    IdleStrategy pipeline() {
        return pipeline;
    }

    IdleStrategy force() {
        return force;
    }

    IdleStrategy apply() {
        return apply;
    }

    IdleStrategy query() {
        return query;
    }
}
