package io.grape.node.demo.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.GrapeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageSetConverterTest {
    @TempDir
    private Path directory;

    @Test
    void eachImageBecomesARowLabelledWithItsDigit() throws IOException {
        String summary = convert(images(2, 2, 3, 12), labels(2, 7, 0));

        assertThat(summary).contains("2 vectors of 6 components");
        try (VectorFile file = VectorFile.open(directory.resolve("target.gvec"))) {
            assertThat(file.label(0)).isEqualTo("7");
            assertThat(file.label(1)).isEqualTo("0");
            float[] row = new float[6];
            file.vector(1, row);
            assertThat(row).containsExactly(246, 247, 248, 249, 250, 251);
        }
    }

    @Test
    void filesThatContradictEachOtherOrThemselvesAreRefused() {
        assertRefused(images(2, 2, 3, 12), labels(3, 7, 0, 1));
        assertRefused(images(2, 2, 3, 11), labels(2, 7, 0));
        assertRefused(images(2, 2, 3, 12), labels(2, 7));
        assertRefused(images(0, 2, 3, 0), labels(0));
        assertRefused(images(2, 0, 3, 0), labels(2, 7, 0));
        assertRefused(images(1, 65, 65, 65 * 65), labels(1, 7));
        assertRefused(labels(2, 7, 0), labels(2, 7, 0));
        assertRefused(images(2, 2, 3, 12), images(2, 2, 3, 12));
        assertRefused(new byte[3], labels(2, 7, 0));
    }

    private void assertRefused(byte[] images, byte[] labels) {
        assertThatThrownBy(() -> convert(images, labels)).isInstanceOf(GrapeException.class);
    }

    private String convert(byte[] images, byte[] labels) throws IOException {
        return ImageSetConverter.convert(
                Files.write(directory.resolve("images"), images),
                Files.write(directory.resolve("labels"), labels),
                directory.resolve("target.gvec"));
    }

    /** The pixels count up from 240. */
    private static byte[] images(int count, int height, int width, int pixels) {
        ByteBuffer file = ByteBuffer.allocate(16 + pixels)
                .putInt(0x803)
                .putInt(count)
                .putInt(height)
                .putInt(width);
        for (int i = 0; i < pixels; i++) {
            file.put((byte) (240 + i));
        }
        return file.array();
    }

    private static byte[] labels(int count, int... digits) {
        ByteBuffer file = ByteBuffer.allocate(8 + digits.length).putInt(0x801).putInt(count);
        Arrays.stream(digits).forEach(digit -> file.put((byte) digit));
        return file.array();
    }
}
