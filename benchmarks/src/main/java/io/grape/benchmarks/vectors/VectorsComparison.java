package io.grape.benchmarks.vectors;

import io.grape.benchmarks.vectors.contender.ContenderMain;
import io.grape.benchmarks.vectors.data.VectorSet;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds what is not built, and searches in turns: in each round every contender is asked all queries at a beam before the next
 * beam, so that what else the machine does hits all alike. The first round of each warms up and is not counted.
 */
public final class VectorsComparison {
    private static final int[] BEAMS = {10, 14, 20, 28, 40, 56, 80, 112, 160, 224, 320, 448, 640, 900, 1280};
    private static final int[] FEW_BEAMS = {10, 20, 40, 80, 160, 320, 640};
    private static final int ROUNDS = 5;
    /** A beam that finds this much is the last one. */
    private static final double ENOUGH = 0.995;

    private final VectorSet set;
    private final List<Contender> contenders;
    private final PrintWriter out;
    private final boolean quick;

    VectorsComparison(VectorSet set, List<Contender> contenders, PrintWriter out, boolean quick) {
        this.set = set;
        this.contenders = contenders;
        this.out = out;
        this.quick = quick;
    }

    /** Builds indexes one after another; those that are there only if told to. */
    void build(boolean again) throws IOException {
        for (Contender contender : contenders) {
            if (again || !BuiltIndex.exists(contender, set)) {
                BuiltIndex.discard(contender, set);
                double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
                DriverProcess.Spent spent = DriverProcess.build(contender, set);
                BuiltIndex.write(contender, set, spent, load);
                out.printf(
                        "%s: %s built in %.1f s, %.1f s of processor time, load %.1f%n",
                        set.name(), contender.label(), spent.wallNs() / 1e9, spent.cpuNs() / 1e9, load);
                out.flush();
            }
        }
    }

    /** Searches all that are built. */
    VectorsResult search() throws IOException {
        int[] truth = truth();
        int[] beams = quick ? FEW_BEAMS : BEAMS;
        int rounds = quick ? 2 : ROUNDS;
        List<DriverProcess> drivers = new ArrayList<>();
        Map<Contender, Curve> curves = new LinkedHashMap<>();
        Map<Contender, Double> resident = new LinkedHashMap<>();
        try {
            for (Contender contender : contenders) {
                if (BuiltIndex.exists(contender, set)) {
                    drivers.add(DriverProcess.serve(contender, set));
                    curves.put(contender, new Curve(contender.label(), beams));
                }
            }
            int[] last = warmUp(drivers, beams, truth);
            for (int round = 0; round < rounds; round++) {
                for (int place = 0; place < beams.length; place++) {
                    for (int i = 0; i < drivers.size(); i++) {
                        if (place <= last[i]) {
                            DriverProcess driver = drivers.get(i);
                            DriverProcess.Pass pass = driver.search(beams[place]);
                            curve(curves, driver).add(place, pass, recall(pass.found(), truth));
                        }
                    }
                }
                out.println(set.name() + ": round " + (round + 1) + " of " + rounds);
                out.flush();
            }
            for (DriverProcess driver : drivers) {
                resident.put(driver.contender(), driver.residentBytes());
            }
        } finally {
            drivers.forEach(DriverProcess::close);
        }
        Map<Contender, BuiltIndex> built = new LinkedHashMap<>();
        for (Contender contender : curves.keySet()) {
            built.put(contender, BuiltIndex.read(contender, set));
        }
        return new VectorsResult(set, curves, built, resident);
    }

    private static Curve curve(Map<Contender, Curve> curves, DriverProcess driver) {
        Curve curve = curves.get(driver.contender());
        if (curve == null) {
            throw new IllegalStateException("no curve for " + driver.contender().label());
        }
        return curve;
    }

    /** Asks every contender at every beam up to the first that finds enough; returns the place of that beam. */
    private int[] warmUp(List<DriverProcess> drivers, int[] beams, int[] truth) throws IOException {
        int[] last = new int[drivers.size()];
        for (int i = 0; i < last.length; i++) {
            last[i] = beams.length - 1;
            for (int place = 0; place <= last[i]; place++) {
                DriverProcess.Pass pass = drivers.get(i).search(beams[place]);
                if (recall(pass.found(), truth) >= ENOUGH) {
                    last[i] = place;
                }
            }
        }
        return last;
    }

    private int[] truth() throws IOException {
        int[] truth = new int[set.queries() * VectorSet.TRUTH];
        ByteBuffer.wrap(Files.readAllBytes(set.truthFile()))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asIntBuffer()
                .get(truth);
        return truth;
    }

    private static double recall(int[] found, int[] truth) {
        int hits = 0;
        for (int first = 0; first < truth.length; first += VectorSet.TRUTH) {
            for (int i = first; i < first + ContenderMain.K; i++) {
                for (int j = first; j < first + VectorSet.TRUTH; j++) {
                    hits += found[i] == truth[j] ? 1 : 0;
                }
            }
        }
        return hits / (double) truth.length;
    }
}
