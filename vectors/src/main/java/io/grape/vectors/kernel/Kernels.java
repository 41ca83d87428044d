package io.grape.vectors.kernel;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the kernel once, when this class is first used, and logs which and why. */
public final class Kernels {
    private static final Logger LOGGER = LoggerFactory.getLogger(Kernels.class);
    private static final String VECTOR_MODULE = "jdk.incubator.vector";
    private static final DistanceKernel CHOSEN = choose(ModuleLayer.boot());

    private Kernels() {}

    /** The kernel of this process. */
    public static DistanceKernel chosen() {
        return CHOSEN;
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
