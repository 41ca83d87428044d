package io.grape.vectors.kernel;

import io.grape.vectors.model.HotPath;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the kernel once, when this class is first used, and logs which and why. */
public final class Kernels {
    private static final Logger LOGGER = LoggerFactory.getLogger(Kernels.class);
    private static final String VECTOR_MODULE = "jdk.incubator.vector";
    private static final DistanceKernel CHOSEN = choose(ModuleLayer.boot());

    private static volatile boolean warm = true;

    private Kernels() {}

    /** The kernel of this process, for any thread. */
    public static DistanceKernel chosen() {
        return CHOSEN;
    }

    /** The kernel for one searcher, which may be used before {@link #chosen} is fast. For one thread. */
    public static DistanceKernel forSearcher() {
        return !warm && CHOSEN instanceof PanamaKernel panama ? new StartingKernel(panama) : CHOSEN;
    }

    /** Says that this process will have the kernel compiled before it is used. Before the first searcher is made. */
    public static void awaitWarmUp() {
        warm = false;
    }

    /** Says that the kernel is compiled. Any thread. */
    public static void warmedUp() {
        warm = true;
    }

    @HotPath
    static boolean isWarm() {
        return warm;
    }

    /** The kernel of int8 vectors of this process. */
    public static ByteKernel bytes() {
        return CHOSEN instanceof ScalarKernel ? new ScalarByteKernel() : new PanamaByteKernel();
    }

    /** The scan of 1-bit codes of this process. */
    public static FastScan fastScan() {
        return CHOSEN instanceof ScalarKernel ? new ScalarFastScan() : new PanamaFastScan();
    }

    static DistanceKernel choose(ModuleLayer layer) {
        if (layer.findModule(VECTOR_MODULE).isEmpty()) {
            LOGGER.warn(
                    "kernel=scalar reason=\"module {} is not loaded; start the JVM with --add-modules={}\"",
                    VECTOR_MODULE,
                    VECTOR_MODULE);
            return new ScalarKernel();
        }
        int bits = PanamaKernel.bits();
        if (bits < 128 || bits > DistanceKernel.ROW_ALIGNMENT_BYTES * Byte.SIZE) {
            LOGGER.warn("kernel=scalar reason=\"vector width {} bits does not divide the row alignment\"", bits);
            return new ScalarKernel();
        }
        LOGGER.info("kernel=panama bits={} reason=\"preferred width of this machine\"", bits);
        return new PanamaKernel();
    }
}
