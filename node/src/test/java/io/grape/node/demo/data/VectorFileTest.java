package io.grape.node.demo.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VectorFileTest {
    private static final float[][] ROWS = {{1.5f, -2, 0.25f}, {0, 0.001f, 1000}};

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void writeAFile() throws IOException {
        file = directory.resolve("small.gvec");
        write(file, VectorEncoding.FLOAT32, ROWS);
    }

    @Test
    void float32RowsComeBackBitForBit() throws IOException {
        try (VectorFile opened = VectorFile.open(file)) {
            assertThat(opened.count()).isEqualTo(2);
            assertThat(opened.dimension()).isEqualTo(3);
            assertThat(opened.encoding()).isEqualTo(VectorEncoding.FLOAT32);
            assertThat(opened.label(1)).isEqualTo("tweede \u00e9");
            assertThat(row(opened, 0)).containsExactly(ROWS[0]);
            assertThat(row(opened, 1)).containsExactly(ROWS[1]);
        }
    }

    @Test
    void scaledRowsComeBackWithinHalfAStep() throws IOException {
        VectorFileWriter.Summary summary = write(file, VectorEncoding.INT16_SCALED, ROWS);
        try (VectorFile opened = VectorFile.open(file)) {
            for (int i = 0; i < ROWS.length; i++) {
                float[] found = row(opened, i);
                for (int j = 0; j < found.length; j++) {
                    float largest = i == 0 ? 2 : 1000;
                    assertThat(Math.abs(found[j] - ROWS[i][j])).isLessThanOrEqualTo(largest / 32767 * 0.501f);
                }
            }
        }
        // 0.001 beside 1000 is lost altogether; the summary says so.
        assertThat(summary.largestError()).isBetween(0.0009, 0.0011);
    }

    @Test
    void aZeroRowStaysZeroWhenScaled() throws IOException {
        write(file, VectorEncoding.INT16_SCALED, new float[][] {{0, 0, 0}, {0, 0, 1}});
        try (VectorFile opened = VectorFile.open(file)) {
            assertThat(row(opened, 0)).containsExactly(0, 0, 0);
        }
    }

    @Test
    void bytesComeBackExactlyAndOtherNumbersAreRefused() throws IOException {
        write(file, VectorEncoding.UINT8, new float[][] {{0, 128, 255}, {1, 2, 3}});
        try (VectorFile opened = VectorFile.open(file)) {
            assertThat(row(opened, 0)).containsExactly(0, 128, 255);
        }
        assertThatThrownBy(() -> write(file, VectorEncoding.UINT8, new float[][] {{0, 1.5f, 2}, {1, 2, 3}}))
                .hasMessageContaining("1.5");
        assertThatThrownBy(() -> write(file, VectorEncoding.UINT8, new float[][] {{0, 256, 2}, {1, 2, 3}}))
                .hasMessageContaining("256");
    }

    @Test
    void everyFlippedByteIsNoticed() throws IOException {
        byte[] good = Files.readAllBytes(file);
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 0x10;
            Files.write(file, bad);
            assertThatThrownBy(() -> VectorFile.open(file))
                    .as("byte %d", i)
                    .isInstanceOfSatisfying(
                            GrapeException.class,
                            refused -> assertThat(refused.code())
                                    .isIn(ErrorCode.DATA_CORRUPT, ErrorCode.DATA_FORMAT_UNSUPPORTED));
        }
    }

    @Test
    void everyTruncationIsNoticed() throws IOException {
        byte[] good = Files.readAllBytes(file);
        for (int length = 0; length < good.length; length++) {
            Files.write(file, Arrays.copyOf(good, length));
            assertCorrupt("truncated to " + length);
        }
    }

    @Test
    void aNewerFormatIsRefusedAsSuch() throws IOException {
        rewrite(bytes -> bytes.putInt(VectorFile.FORMAT_VERSION_OFFSET, 2));
        assertThatThrownBy(() -> VectorFile.open(file))
                .isInstanceOfSatisfying(
                        GrapeException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.DATA_FORMAT_UNSUPPORTED))
                .hasMessageContaining("format version 2");
    }

    @Test
    void fieldsThatContradictEachOtherAreRefusedEvenWithAGoodChecksum() throws IOException {
        byte[] good = Files.readAllBytes(file);
        List<Consumer<ByteBuffer>> damages = List.of(
                bytes -> bytes.putInt(VectorFile.FORMAT_VERSION_OFFSET, 0),
                bytes -> bytes.putInt(VectorFile.ENCODING_OFFSET, 3),
                bytes -> bytes.putInt(VectorFile.ENCODING_OFFSET, 1),
                bytes -> bytes.putInt(VectorFile.COUNT_OFFSET, 0),
                bytes -> bytes.putInt(VectorFile.COUNT_OFFSET, -1),
                bytes -> bytes.putInt(VectorFile.COUNT_OFFSET, Integer.MAX_VALUE),
                bytes -> bytes.putInt(VectorFile.DIMENSION_OFFSET, 0),
                bytes -> bytes.putInt(VectorFile.DIMENSION_OFFSET, 4097),
                bytes -> bytes.putLong(VectorFile.LABELS_OFFSET_OFFSET, 65),
                bytes -> bytes.putLong(VectorFile.FILE_LENGTH_OFFSET, 1),
                bytes -> bytes.put(64 + 24, (byte) 200),
                bytes -> bytes.put(64 + 24, (byte) 0),
                bytes -> bytes.put(64 + 25, (byte) 0xFF),
                bytes -> bytes.putInt(VectorFile.COUNT_OFFSET, 1).putInt(VectorFile.DIMENSION_OFFSET, 6),
                // 36 bytes of rows instead of 24 leave room for fewer labels than there are rows.
                bytes -> bytes.putInt(VectorFile.COUNT_OFFSET, 9)
                        .putInt(VectorFile.DIMENSION_OFFSET, 1)
                        .putLong(VectorFile.LABELS_OFFSET_OFFSET, 64 + 36));
        for (int i = 0; i < damages.size(); i++) {
            Files.write(file, good);
            rewrite(damages.get(i));
            assertCorrupt("damage " + i);
        }
    }

    @Test
    void anAbsentFileIsAnIoFailure() {
        assertThatThrownBy(() -> VectorFile.open(directory.resolve("absent"))).isInstanceOf(IOException.class);
    }

    @Test
    void aRowOutOfRangeOrATargetOfAnotherLengthIsRefused() throws IOException {
        try (VectorFile opened = VectorFile.open(file)) {
            assertThatThrownBy(() -> opened.vector(2, new float[3])).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> opened.vector(-1, new float[3])).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> opened.vector(0, new float[4])).hasMessageContaining("4 components");
        }
    }

    @Test
    void anUnfinishedFileLeavesNothingBehind() throws IOException {
        Path target = directory.resolve("unfinished.gvec");
        try (VectorFileWriter writer =
                VectorFileWriter.create(target, VectorEncoding.FLOAT32, List.of("one", "two"), 3)) {
            writer.add(ROWS[0]);
            assertThatThrownBy(writer::finish).hasMessageContaining("1 rows were added, 2 were announced");
            assertThatThrownBy(() -> writer.add(new float[2])).hasMessageContaining("2 components");
        }
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aShapeThatCannotBeReadBackIsNotWritten() {
        Path target = directory.resolve("refused.gvec");
        assertThatThrownBy(() -> VectorFileWriter.create(target, VectorEncoding.FLOAT32, List.of(), 3))
                .hasMessageContaining("0 labels");
        assertThatThrownBy(() -> VectorFileWriter.create(target, VectorEncoding.FLOAT32, List.of("one"), 5000))
                .hasMessageContaining("5000");
        assertThatThrownBy(() -> VectorFileWriter.create(target, VectorEncoding.FLOAT32, List.of("x".repeat(256)), 3))
                .hasMessageContaining("256");
    }

    private void assertCorrupt(String what) {
        assertThatThrownBy(() -> VectorFile.open(file))
                .as(what)
                .isInstanceOfSatisfying(
                        GrapeException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.DATA_CORRUPT))
                .hasMessageContaining(file.toString());
    }

    private void rewrite(Consumer<ByteBuffer> change) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        change.accept(buffer);
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length - 4);
        buffer.putInt(bytes.length - 4, (int) crc.getValue());
        Files.write(file, bytes);
    }

    private static float[] row(VectorFile file, int row) {
        float[] target = new float[file.dimension()];
        file.vector(row, target);
        return target;
    }

    private static VectorFileWriter.Summary write(Path file, VectorEncoding encoding, float[][] rows)
            throws IOException {
        try (VectorFileWriter writer =
                VectorFileWriter.create(file, encoding, List.of("eerste", "tweede \u00e9"), rows[0].length)) {
            for (float[] row : rows) {
                writer.add(row);
            }
            return writer.finish();
        }
    }
}
