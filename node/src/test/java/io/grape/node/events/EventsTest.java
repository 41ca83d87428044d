package io.grape.node.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventsTest {
    @TempDir
    private Path directory;

    @Test
    void whatHappenedIsInTheRecording() throws Exception {
        Path file = directory.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("io.grape.Leadership");
            recording.enable("io.grape.SlowForce");
            recording.enable("io.grape.SlowRequest");
            recording.enable("io.grape.CheckpointStep");
            recording.start();
            LeadershipEvent.record(3, 7, 2, true);
            SlowForceEvent.record(SlowForceEvent.THRESHOLD_NS - 1);
            SlowForceEvent.record(30_000_000);
            SlowRequestEvent.record("search", false, 150_000_000);
            CheckpointStepEvent.record(1, "MANIFEST_DURABLE");
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("io.grape."))
                .toList();
        assertThat(events).hasSize(4);
        assertThat(find(events, "io.grape.Leadership").getInt("leader")).isEqualTo(2);
        assertThat(find(events, "io.grape.SlowForce").getLong("took")).isEqualTo(30_000_000);
        assertThat(find(events, "io.grape.SlowRequest").getString("kind")).isEqualTo("search");
        assertThat(find(events, "io.grape.CheckpointStep").getString("step")).isEqualTo("MANIFEST_DURABLE");
    }

    private static RecordedEvent find(List<RecordedEvent> events, String name) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
