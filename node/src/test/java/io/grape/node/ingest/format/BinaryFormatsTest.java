package io.grape.node.ingest.format;

import static io.grape.node.ingest.format.Rows.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.node.demo.Repository;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BinaryFormatsTest {
    @TempDir
    private Path directory;

    private Path file(String name, byte[]... parts) throws IOException {
        Path file = directory.resolve(name);
        Files.deleteIfExists(file);
        Files.createFile(file);
        for (byte[] part : parts) {
            Files.write(file, part, java.nio.file.StandardOpenOption.APPEND);
        }
        return file;
    }

    private static void assertRefused(ThrowingCallable call, ErrorCode code, String text) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        GrapeException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(text);
    }

    @Test
    void vecsRowsAreFloatsBytesAndInts() throws IOException {
        Path fvecs = file("a.fvecs", InputFiles.fvecs(new float[][] {{1.5f, -2}, {3, 4}}));
        assertThat(Rows.read(fvecs, ReadOptions.DEFAULTS))
                .extracting(Rows.Seen::vector)
                .containsExactly(floats(1.5f, -2), floats(3, 4));
        assertThat(Rows.read(fvecs, ReadOptions.DEFAULTS, 1))
                .extracting(Rows.Seen::id)
                .containsExactly(1L);
        Path bvecs = file("a.bvecs", InputFiles.bvecs(0, 128, 255), InputFiles.bvecs(1, 2, 3));
        assertThat(Rows.read(bvecs, ReadOptions.DEFAULTS).getFirst().vector()).isEqualTo(floats(0, 128, 255));
        Path ivecs = file("a.ivecs", InputFiles.ivecs(-7, 1 << 20));
        assertThat(Rows.read(ivecs, ReadOptions.DEFAULTS).getFirst().vector()).isEqualTo(floats(-7, 1 << 20));
        assertThat(InputFormat.FVECS.dimension(fvecs, ReadOptions.DEFAULTS)).isEqualTo(2);
    }

    @Test
    void vecsThatAreCutOrContradictThemselvesAreRefusedWithThePlace() throws IOException {
        byte[] whole = InputFiles.fvecs(new float[][] {{1, 2}, {3, 4}});
        Path cut = file("cut.fvecs", java.util.Arrays.copyOf(whole, whole.length - 1));
        assertRefused(() -> Rows.read(cut, ReadOptions.DEFAULTS), ErrorCode.DATA_CORRUPT, "ends 11 bytes into row 1");
        Path mixed = file("mixed.ivecs", InputFiles.ivecs(1, 2, 3), InputFiles.ivecs(9, 8), new byte[4]);
        assertRefused(
                () -> Rows.read(mixed, ReadOptions.DEFAULTS),
                ErrorCode.DATA_CORRUPT,
                "row 1 at byte 16 has dimension 2");
        Path empty = file("empty.fvecs");
        assertRefused(() -> Rows.read(empty, ReadOptions.DEFAULTS), ErrorCode.DATA_CORRUPT, "is empty");
        Path wide = file("wide.fvecs", new byte[] {-1, -1, -1, 127});
        assertRefused(() -> Rows.read(wide, ReadOptions.DEFAULTS), ErrorCode.DATA_CORRUPT, "dimension 2147483647");
    }

    @Test
    void npyOfAllVersionsAndTypesIsRead() throws IOException {
        byte[] floats = InputFiles.little(16)
                .putFloat(1)
                .putFloat(2)
                .putFloat(3)
                .putFloat(4)
                .array();
        for (int major = 1; major <= 3; major++) {
            Path file = file("v" + major, InputFiles.npy(major, "<f4", "2, 2", floats));
            assertThat(InputFormat.detect(file)).isEqualTo(InputFormat.NPY);
            assertThat(Rows.read(file, ReadOptions.DEFAULTS))
                    .extracting(Rows.Seen::vector)
                    .containsExactly(floats(1, 2), floats(3, 4));
        }
        byte[] doubles = InputFiles.little(16).putDouble(0.1).putDouble(-1e300).array();
        assertThat(Rows.read(file("d.npy", InputFiles.npy(1, "<f8", "1, 2", doubles)), ReadOptions.DEFAULTS)
                        .getFirst()
                        .vector())
                .isEqualTo(floats(0.1f, Float.NEGATIVE_INFINITY));
        assertThat(Rows.read(
                                file("i.npy", InputFiles.npy(1, "|i1", "1, 2", new byte[] {-1, 127})),
                                ReadOptions.DEFAULTS)
                        .getFirst()
                        .vector())
                .isEqualTo(floats(-1, 127));
        assertThat(Rows.read(
                                file("u.npy", InputFiles.npy(1, "|u1", "1, 2", new byte[] {-1, 127})),
                                ReadOptions.DEFAULTS)
                        .getFirst()
                        .vector())
                .isEqualTo(floats(255, 127));
        byte[] halves = InputFiles.little(4)
                .putShort(Float.floatToFloat16(0.5f))
                .putShort(Float.floatToFloat16(-2))
                .array();
        assertThat(Rows.read(file("h.npy", InputFiles.npy(2, "<f2", "1, 2", halves)), ReadOptions.DEFAULTS)
                        .getFirst()
                        .vector())
                .isEqualTo(floats(0.5f, -2));
    }

    @Test
    void npyThatCannotBeReadIsRefusedWithTheReason() throws IOException {
        byte[] data = new byte[16];
        Path big = file("big.npy", InputFiles.npy(1, ">f4", "2, 2", data));
        assertRefused(() -> Rows.read(big, ReadOptions.DEFAULTS), ErrorCode.DATA_FORMAT_UNSUPPORTED, "'>f4'");
        Path flat = file("flat.npy", InputFiles.npy(1, "<f4", "4,", data));
        assertRefused(() -> Rows.read(flat, ReadOptions.DEFAULTS), ErrorCode.DATA_CORRUPT, "two dimensions");
        Path shorter = file("short.npy", InputFiles.npy(1, "<f4", "3, 2", data));
        assertRefused(() -> Rows.read(shorter, ReadOptions.DEFAULTS), ErrorCode.DATA_CORRUPT, "3 rows of 8 bytes");
        Path later = file("later.npy", InputFiles.npy(4, "<f4", "2, 2", data));
        assertRefused(() -> Rows.read(later, ReadOptions.DEFAULTS), ErrorCode.DATA_FORMAT_UNSUPPORTED, "version 4");
        byte[] fortran = new String(
                        InputFiles.npy(1, "<f4", "2, 2", data), java.nio.charset.StandardCharsets.ISO_8859_1)
                .replace("False", "True ")
                .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        Path turned = file("turned.npy", fortran);
        assertRefused(
                () -> Rows.read(turned, ReadOptions.DEFAULTS), ErrorCode.DATA_FORMAT_UNSUPPORTED, "Fortran order");
        Path tiny = file("tiny.npy", new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
        assertRefused(() -> Rows.read(tiny, ReadOptions.DEFAULTS), ErrorCode.DATA_CORRUPT, "too short");
    }

    @Test
    void anHdf5DataSetIsReadInBlocks() throws IOException {
        Path path = directory.resolve("ann.hdf5");
        float[][] train = new float[700][300];
        for (int row = 0; row < train.length; row++) {
            train[row][0] = row;
            train[row][299] = -row;
        }
        try (WritableHdfFile file = HdfFile.write(path)) {
            file.putDataset("train", train);
            file.putDataset("small", new double[][] {{0.5, 1}, {2, 3}});
            file.putDataset("line", new int[] {1, 2});
        }
        assertThat(InputFormat.detect(path)).isEqualTo(InputFormat.HDF5);
        var rows = Rows.read(path, ReadOptions.DEFAULTS, 650);
        assertThat(rows).hasSize(50);
        assertThat(rows.getLast().vector()).hasSize(300).startsWith(699f).endsWith(-699f);
        assertThat(Rows.read(path, new ReadOptions(null, null, null, null, "/small", 10)))
                .extracting(Rows.Seen::id, Rows.Seen::vector)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(10L, floats(0.5f, 1)),
                        org.assertj.core.groups.Tuple.tuple(11L, floats(2, 3)));
        assertRefused(
                () -> Rows.read(path, new ReadOptions(null, null, null, null, "line", 0)),
                ErrorCode.DATA_FORMAT_UNSUPPORTED,
                "shape [2]");
        assertRefused(
                () -> Rows.read(path, new ReadOptions(null, null, null, null, "absent", 0)),
                ErrorCode.DATA_CORRUPT,
                "absent");
    }

    @Test
    void ourOwnFilesGiveTheirLabelsAsPayloads() throws IOException {
        var rows = Rows.read(Repository.wordFile(), ReadOptions.DEFAULTS, 19_998);
        assertThat(rows).hasSize(2);
        assertThat(rows.getFirst().vector()).hasSize(100);
        assertThat(rows.getFirst().payload()).isNotEmpty();
        assertThat(InputFormat.detect(Repository.wordFile())).isEqualTo(InputFormat.GVEC);
    }

    @Test
    void whatAFileIsIsToldByItsBytesThenItsNameThenItsText() throws IOException {
        assertThat(InputFormat.detect(file("x.csv", InputFiles.npy(1, "<f4", "0, 2", new byte[0]))))
                .isEqualTo(InputFormat.NPY);
        assertThat(InputFormat.detect(file("x.TSV", new byte[0]))).isEqualTo(InputFormat.TSV);
        assertThat(InputFormat.detect(file("x.h5", new byte[0]))).isEqualTo(InputFormat.HDF5);
        assertThat(InputFormat.detect(file("x.dat", " {\"vector\":[1]}".getBytes())))
                .isEqualTo(InputFormat.JSONL);
        Path unknown = file("x.bin", new byte[] {1, 2, 3});
        assertRefused(() -> InputFormat.detect(unknown), ErrorCode.DATA_FORMAT_UNSUPPORTED, "--format");
        Path parquet = file("x.parquet", "PAR1....".getBytes());
        assertRefused(() -> InputFormat.detect(parquet), ErrorCode.DATA_FORMAT_UNSUPPORTED, "Parquet");
    }
}
