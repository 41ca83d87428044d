package io.grape.node.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever bytes a file holds: its rows, or a refusal that names the file. Never another failure, never without end. */
class ReaderFuzzProperty {
    private static final Set<ErrorCode> ALLOWED =
            Set.of(ErrorCode.DATA_CORRUPT, ErrorCode.DATA_FORMAT_UNSUPPORTED, ErrorCode.INVALID_CONFIGURATION);

    @Property(tries = 300)
    void randomBytesAreRowsOrARefusal(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] bytes = new byte[random.nextInt(400)];
        random.nextBytes(bytes);
        for (InputFormat format : InputFormat.values()) {
            read(bytes, format, seed);
        }
    }

    @Property(tries = 400)
    void damagedFilesAreRowsOrARefusal(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        InputFormat format = InputFormat.values()[random.nextInt(InputFormat.values().length)];
        byte[] bytes = whole(format);
        int damages = 1 + random.nextInt(4);
        for (int i = 0; i < damages; i++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        if (random.nextBoolean()) {
            bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 20));
        }
        read(bytes, format, seed);
    }

    private static byte[] whole(InputFormat format) throws IOException {
        return switch (format) {
            case FVECS -> InputFiles.fvecs(new float[][] {{1, 2, 3}, {4, 5, 6}});
            case BVECS -> InputFiles.bvecs(1, 2, 3, 4, 5);
            case IVECS -> InputFiles.ivecs(1, 2, 3, 4, 5);
            case NPY -> InputFiles.npy(1, "<f4", "2, 2", new byte[16]);
            case CSV -> "id,x,y\n1,\"2\",3\n4,5,6\n".getBytes(StandardCharsets.UTF_8);
            case TSV -> "1\t2\n3\t4\n".getBytes(StandardCharsets.UTF_8);
            case JSONL ->
                "{\"id\":1,\"vector\":[1,2.5],\"payload\":{\"a\":[]}}\n[1,2]\n".getBytes(StandardCharsets.UTF_8);
            case GVEC -> InputFiles.gvec();
            case HDF5 -> InputFiles.hdf5();
        };
    }

    private static void read(byte[] bytes, InputFormat format, long seed) throws IOException {
        Path file = Files.createTempFile("grape-fuzz", ".bin");
        try {
            Files.write(file, bytes);
            Rows.read(file, new ReadOptions(format, null, null, null, null, 0));
        } catch (GrapeException refused) {
            assertThat(ALLOWED).as("%s, seed %d", format, seed).contains(refused.code());
            assertThat(refused).as("%s, seed %d", format, seed).hasMessageContaining(file.toString());
        } finally {
            Files.delete(file);
        }
    }
}
