package io.grape.node.ingest.format;

import io.grape.node.demo.data.VectorEncoding;
import io.grape.node.demo.data.VectorFileWriter;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes the bytes of input files. */
public final class InputFiles {
    private InputFiles() {}

    /** Returns an .fvecs file. */
    public static byte[] fvecs(float[][] rows) {
        int dimension = rows[0].length;
        ByteBuffer bytes =
                ByteBuffer.allocate(rows.length * (4 + 4 * dimension)).order(ByteOrder.LITTLE_ENDIAN);
        for (float[] row : rows) {
            bytes.putInt(dimension);
            for (float component : row) {
                bytes.putFloat(component);
            }
        }
        return bytes.array();
    }

    static byte[] ivecs(int... row) {
        ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * row.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(row.length);
        for (int component : row) {
            bytes.putInt(component);
        }
        return bytes.array();
    }

    static byte[] bvecs(int... row) {
        ByteBuffer bytes = ByteBuffer.allocate(4 + row.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(row.length);
        for (int component : row) {
            bytes.put((byte) component);
        }
        return bytes.array();
    }

    /** Returns an .npy file as NumPy writes it: the header is padded so that the data begin at a multiple of 64. */
    static byte[] npy(int major, String descr, String shape, byte[] data) {
        int prefix = major == 1 ? 10 : 12;
        String header = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (" + shape + "), }";
        int padded = (prefix + header.length() + 1 + 63) / 64 * 64 - prefix;
        header = header + " ".repeat(padded - header.length() - 1) + "\n";
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0x93);
        out.writeBytes("NUMPY".getBytes(StandardCharsets.US_ASCII));
        out.write(major);
        out.write(0);
        ByteBuffer length = ByteBuffer.allocate(prefix - 8).order(ByteOrder.LITTLE_ENDIAN);
        if (major == 1) {
            length.putShort((short) padded);
        } else {
            length.putInt(padded);
        }
        out.writeBytes(length.array());
        out.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(data);
        return out.toByteArray();
    }

    static byte[] gvec() throws IOException {
        Path file = Files.createTempFile("grape-input", ".gvec");
        try (VectorFileWriter writer = VectorFileWriter.create(file, VectorEncoding.FLOAT32, List.of("a", "b"), 2)) {
            writer.add(new float[] {1, 2});
            writer.add(new float[] {3, 4});
            writer.finish();
            return Files.readAllBytes(file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    static byte[] hdf5() throws IOException {
        Path file = Files.createTempFile("grape-input", ".hdf5");
        try {
            try (WritableHdfFile writer = HdfFile.write(file)) {
                writer.putDataset("train", new float[][] {{1, 2}, {3, 4}});
            }
            return Files.readAllBytes(file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
