package io.grape.simulation.world;

import io.grape.raft.journal.segment.FileOps;
import io.grape.raft.journal.segment.JournalFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * One machine's disk, which outlives its processes.
 *
 * <p>What was written and not forced survives a power cut sector by sector, in any combination. Names likewise: a file that was
 * made or removed since its directory was last forced may or may not be there. A sector is written whole or not at all.
 */
public final class VirtualDisk implements FileOps {
    /** What a disk writes whole or not at all. */
    public static final int SECTOR_BYTES = 512;

    private final SplittableRandom random;
    private final long capacityBytes;
    private TreeMap<Path, VirtualFile> files = new TreeMap<>();
    private TreeMap<Path, VirtualFile> forcedNames = new TreeMap<>();
    private boolean isFull;
    private boolean failsNextForce;
    private boolean forgetsForces;
    private long forces;

    /**
     * @param capacityBytes in all
     * @param random        draws what survives
     */
    public VirtualDisk(long capacityBytes, SplittableRandom random) {
        this.capacityBytes = capacityBytes;
        this.random = random;
    }

    SplittableRandom random() {
        return random;
    }

    /** Leaves no room, or gives it back. */
    public void full(boolean newFull) {
        isFull = newFull;
    }

    /** Makes the next force fail. */
    public void failNextForce() {
        failsNextForce = true;
    }

    /** Takes back a failure that has not happened. */
    public void noFailure() {
        failsNextForce = false;
    }

    /** From now on forces answer that all is well and do nothing: a disk that lies. */
    public void forgetForces() {
        forgetsForces = true;
    }

    boolean forgetsForces() {
        return forgetsForces;
    }

    boolean mustFailForce() {
        forces++;
        boolean fails = failsNextForce;
        failsNextForce = false;
        return fails;
    }

    void onWrite(Path path, int growthBytes) throws IOException {
        if (growthBytes > 0 && usableBytes(path) < growthBytes) {
            throw new IOException("No space left on device (simulated write to " + path + ")");
        }
    }

    /** The power goes. */
    public void cutPower() {
        TreeMap<Path, VirtualFile> survivors = new TreeMap<>();
        TreeMap<Path, VirtualFile> all = new TreeMap<>(forcedNames);
        all.putAll(files);
        for (Map.Entry<Path, VirtualFile> entry : all.entrySet()) {
            boolean isCertain = entry.getValue() == files.get(entry.getKey())
                    && entry.getValue() == forcedNames.get(entry.getKey());
            if (isCertain || random.nextBoolean()) {
                survivors.put(entry.getKey(), entry.getValue());
            }
        }
        survivors.values().forEach(file -> file.cutPower(random));
        files = survivors;
        forcedNames = new TreeMap<>(survivors);
        failsNextForce = false;
    }

    /** The process is killed, and the machine goes on. */
    public void kill() {
        files.values().forEach(VirtualFile::kill);
        failsNextForce = false;
    }

    /**
     * Flips one bit of what is on the platters, in a file other than the newest.
     *
     * @return whether anything was flipped
     */
    public boolean flipBit(String suffix) {
        List<VirtualFile> found = files.values().stream()
                .filter(file -> file.path().toString().endsWith(suffix))
                .toList();
        if (found.size() < 2) {
            return false;
        }
        VirtualFile file = found.get(random.nextInt(found.size() - 1));
        return file.flipBit(random, (int) file.length());
    }

    /** Returns whether a flipped bit is still there. */
    public boolean isDamaged() {
        return files.values().stream().anyMatch(VirtualFile::isDamaged);
    }

    /** Returns how often a force was asked for. */
    public long forces() {
        return forces;
    }

    @Override
    public void createDirectories(Path directory) {}

    @Override
    public List<Path> list(Path directory, String suffix) {
        return files.keySet().stream()
                .filter(path ->
                        directory.equals(path.getParent()) && path.toString().endsWith(suffix))
                .toList();
    }

    @Override
    public JournalFile create(Path path) throws IOException {
        if (files.containsKey(path)) {
            throw new IOException(path + " exists");
        }
        VirtualFile file = new VirtualFile(this, path);
        files.put(path, file);
        return file;
    }

    @Override
    public JournalFile open(Path path, boolean readOnly) throws IOException {
        VirtualFile file = files.get(path);
        if (file == null) {
            throw new IOException(path + " does not exist");
        }
        return file;
    }

    @Override
    public void delete(Path path) {
        files.remove(path);
    }

    @Override
    public void forceDirectory(Path directory) {
        if (!forgetsForces) {
            forcedNames = new TreeMap<>(files);
        }
    }

    @Override
    public long usableBytes(Path directory) {
        if (isFull) {
            return 0;
        }
        long used = 0;
        for (VirtualFile file : files.values()) {
            used += file.length();
        }
        return capacityBytes - used;
    }
}
