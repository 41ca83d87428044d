package io.grape.codecs;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.schema.ConformanceKit;
import io.grape.codecs.schema.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class ConformanceKitTest {
    private static final Path KIT = Path.of("src/main/sbe/conformance/frames.txt");
    private static final String REGENERATE = "./mvnw -pl codecs test -Dtest=ConformanceKitTest -Dgrape.docs.write=true";

    @Test
    void theKitIsWhatTheEncodersWrite() throws IOException {
        String expected = ConformanceKit.text(Schema.load());
        if (Boolean.getBoolean("grape.docs.write")) {
            Files.createDirectories(KIT.getParent());
            Files.writeString(KIT, expected);
        }
        assertThat(Files.readString(KIT))
                .as("the kit does not follow the schema; regenerate it with: %s", REGENERATE)
                .isEqualTo(expected);
    }

    @Test
    void everyFrameOfTheKitIsOneThatANodeOrAClientAccepts() throws IOException {
        List<String> frames = Files.readAllLines(KIT).stream()
                .filter(line -> line.startsWith("bytes "))
                .map(line -> line.substring("bytes ".length()))
                .toList();
        assertThat(frames).hasSize(ConformanceKit.samples().size()).allSatisfy(hex -> {
            UnsafeBuffer frame = new UnsafeBuffer(HexFormat.of().parseHex(hex));
            assertThat(FrameCheck.check(frame, 0, frame.capacity())).isEqualTo(ErrorCode.OK);
        });
    }

    @Test
    void theSchemaTravelsInTheJar() {
        assertThat(FrameCheck.class.getResource("grape-codecs.xml")).isNotNull();
        assertThat(FrameCheck.class.getResource("conformance/frames.txt")).isNotNull();
    }
}
