package io.grape.benchmarks.journal;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.archive.Archive;
import io.aeron.archive.ArchiveThreadingMode;
import io.aeron.archive.ArchivingMediaDriver;
import io.aeron.archive.client.AeronArchive;
import io.aeron.archive.status.RecordingPos;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.agrona.concurrent.status.CountersReader;

/**
 * Aeron Archive: messages of 512 bytes over IPC into a recording, until the recording has reached the end of the batch. With
 * file sync level 1 or 2 the archive forces each block that it records before it counts it.
 *
 * <p>Driver and archive run in this process with one thread each and yielding idle strategies, since a batch waits for them.
 */
final class ArchiveLoop implements Contender {
    private static final int MESSAGE_BYTES = 512;
    private static final int STREAM_ID = 1;
    private static final String IPC = "aeron:ipc?term-length=16m";

    private final Path directory;
    private final int syncLevel;
    private final ArchivingMediaDriver driver;
    private final AeronArchive archive;
    private final ExclusivePublication publication;
    private final CountersReader counters;
    private final int recordedCounterId;
    private final int messagesPerBatch;
    private final IdleStrategy idle = YieldingIdleStrategy.INSTANCE;
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[MESSAGE_BYTES]);

    private ArchiveLoop(
            Path directory, int syncLevel, int messagesPerBatch, ArchivingMediaDriver driver, AeronArchive archive) {
        this.directory = directory;
        this.syncLevel = syncLevel;
        this.messagesPerBatch = messagesPerBatch;
        this.driver = driver;
        this.archive = archive;
        this.publication = archive.addRecordedExclusivePublication(IPC, STREAM_ID);
        this.counters = archive.context().aeron().countersReader();
        this.recordedCounterId = awaitCounter(publication.sessionId());
    }

    static ArchiveLoop open(Path parent, int syncLevel, int segmentBytes, int batchBytes) {
        Path directory = parent.resolve("archive-" + syncLevel + "-" + batchBytes);
        String aeronDirectory = directory.resolve("driver").toString();
        ArchivingMediaDriver driver = ArchivingMediaDriver.launch(
                new MediaDriver.Context()
                        .aeronDirectoryName(aeronDirectory)
                        .threadingMode(ThreadingMode.SHARED)
                        .sharedIdleStrategy(YieldingIdleStrategy.INSTANCE)
                        .dirDeleteOnStart(true)
                        .dirDeleteOnShutdown(true),
                new Archive.Context()
                        .aeronDirectoryName(aeronDirectory)
                        .archiveDir(directory.resolve("archive").toFile())
                        .deleteArchiveOnStart(true)
                        .threadingMode(ArchiveThreadingMode.SHARED)
                        .idleStrategySupplier(() -> YieldingIdleStrategy.INSTANCE)
                        .segmentFileLength(segmentBytes)
                        .fileSyncLevel(syncLevel)
                        .catalogFileSyncLevel(syncLevel)
                        .controlChannelEnabled(false)
                        .archiveClientContext(new AeronArchive.Context().controlResponseChannel("aeron:ipc"))
                        .recordingEventsEnabled(false)
                        .replicationChannel("aeron:udp?endpoint=localhost:0"));
        AeronArchive archive = AeronArchive.connect(new AeronArchive.Context()
                .aeron(Aeron.connect(new Aeron.Context().aeronDirectoryName(aeronDirectory)))
                .ownsAeronClient(true)
                .controlRequestChannel("aeron:ipc")
                .controlResponseChannel("aeron:ipc"));
        return new ArchiveLoop(directory, syncLevel, Math.max(1, batchBytes / MESSAGE_BYTES), driver, archive);
    }

    private int awaitCounter(int sessionId) {
        int counterId = RecordingPos.findCounterIdBySession(counters, sessionId, archive.archiveId());
        while (counterId == CountersReader.NULL_COUNTER_ID) {
            idle.idle();
            counterId = RecordingPos.findCounterIdBySession(counters, sessionId, archive.archiveId());
        }
        return counterId;
    }

    @Override
    public String name() {
        return "Aeron Archive 1.51.0, file sync level " + syncLevel;
    }

    @Override
    public void batch() {
        long position = 0;
        for (int i = 0; i < messagesPerBatch; i++) {
            position = publication.offer(message);
            while (position < 0) {
                idle.idle();
                position = publication.offer(message);
            }
        }
        while (counters.getCounterValue(recordedCounterId) < position) {
            idle.idle();
        }
    }

    @Override
    public void close() throws IOException {
        publication.close();
        archive.close();
        driver.close();
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        }
    }
}
