package io.grape.shards.planner;

/** What the planner knows of each unit besides its place: how much it works and how large it is. Immutable; any thread. */
public final class UnitStats {
    private final double[] loads;
    private final long[] bytes;

    /**
     * Copies its arguments, which have one value for each unit.
     *
     * @param loads work of one replica, in any one measure; not negative
     * @param bytes size, bytes
     */
    public UnitStats(double[] loads, long[] bytes) {
        if (loads.length != bytes.length) {
            throw new IllegalArgumentException(loads.length + " loads and " + bytes.length + " sizes");
        }
        for (double load : loads) {
            if (!(load >= 0) || Double.isInfinite(load)) {
                throw new IllegalArgumentException("a load of " + load);
            }
        }
        this.loads = loads.clone();
        this.bytes = bytes.clone();
    }

    /** Stats of so many units of which nothing is known. */
    public static UnitStats unknown(int units) {
        return new UnitStats(new double[units], new long[units]);
    }

    /** Returns the number of units. */
    public int units() {
        return loads.length;
    }

    /** Returns the work of one replica of a unit. */
    public double load(int unit) {
        return loads[unit];
    }

    /** Returns the size of a unit, bytes. */
    public long bytes(int unit) {
        return bytes[unit];
    }

    double[] loads() {
        return loads.clone();
    }
}
