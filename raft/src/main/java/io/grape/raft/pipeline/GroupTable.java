package io.grape.raft.pipeline;

import com.lmax.disruptor.Sequence;
import io.grape.codecs.HotPath;
import io.grape.raft.core.RaftGroup;
import io.grape.raft.journal.Journal;
import java.util.List;
import org.agrona.collections.Int2IntHashMap;

/**
 * The groups of one pipeline in dense slots: work is kept by slot, and a group id is looked up once an event.
 *
 * <p>Fixed at construction. Reading is for any thread, the groups' cores are the pipeline's. Allocates nothing after
 * construction.
 */
public final class GroupTable {
    /** The pipeline has no such group. */
    static final int NO_SLOT = -1;

    private final GroupSlot[] slots;
    private final Int2IntHashMap slotByGroupId;
    private final ReadySlots ready;

    private GroupTable(GroupSlot[] slots, Int2IntHashMap slotByGroupId) {
        this.slots = slots;
        this.slotByGroupId = slotByGroupId;
        this.ready = new ReadySlots(slots.length);
    }

    /** As {@link #of(Journal, List)}, for one group whose applied index the caller made. */
    public static GroupTable of(Journal journal, RaftGroup group, Sequence applied) {
        return of(new GroupSlot[] {
            new GroupSlot(group, journal.group(group.config().groupId()), applied)
        });
    }

    /**
     * Puts groups into slots, in the order of the list.
     *
     * @param journal that their logs belong to
     * @throws IllegalArgumentException if there is none, or two have the same id
     */
    public static GroupTable of(Journal journal, List<RaftGroup> groups) {
        GroupSlot[] slots = new GroupSlot[groups.size()];
        for (int slot = 0; slot < slots.length; slot++) {
            RaftGroup group = groups.get(slot);
            slots[slot] = new GroupSlot(group, journal.group(group.config().groupId()), new Sequence(0));
        }
        return of(slots);
    }

    /**
     * As {@link #of(Journal, List)}, for groups whose applied indexes the caller made.
     *
     * @param applied of each group, in the order of the list
     */
    public static GroupTable of(Journal journal, List<RaftGroup> groups, List<Sequence> applied) {
        if (applied.size() != groups.size()) {
            throw new IllegalArgumentException(groups.size() + " groups and " + applied.size() + " applied indexes");
        }
        GroupSlot[] slots = new GroupSlot[groups.size()];
        for (int slot = 0; slot < slots.length; slot++) {
            RaftGroup group = groups.get(slot);
            slots[slot] = new GroupSlot(group, journal.group(group.config().groupId()), applied.get(slot));
        }
        return of(slots);
    }

    private static GroupTable of(GroupSlot[] slots) {
        if (slots.length == 0) {
            throw new IllegalArgumentException("a pipeline needs a group");
        }
        Int2IntHashMap slotByGroupId = new Int2IntHashMap(slots.length * 2, 0.5f, NO_SLOT);
        for (int slot = 0; slot < slots.length; slot++) {
            if (slotByGroupId.put(slots[slot].groupId(), slot) != NO_SLOT) {
                throw new IllegalArgumentException("two groups have the id " + slots[slot].groupId());
            }
        }
        return new GroupTable(slots, slotByGroupId);
    }

    /** Returns how many groups there are. */
    public int count() {
        return slots.length;
    }

    /** Returns the group in a slot; slots go from 0 to {@link #count()}. */
    @HotPath
    public GroupSlot at(int slot) {
        return slots[slot];
    }

    /** Returns the slot of a group, or {@link #NO_SLOT}. */
    @HotPath
    int slotOf(int groupId) {
        return slotByGroupId.get(groupId);
    }

    /** Returns the node that this pipeline belongs to. */
    int nodeId() {
        return slots[0].group.config().nodeId();
    }

    /** Returns which groups have entries to apply. */
    ReadySlots ready() {
        return ready;
    }

    /** Publishes how far a group is, and tells the apply agent if there is more for it. */
    @HotPath
    void publish(int slot) {
        if (slots[slot].publish()) {
            ready.add(slot);
        }
    }
}
