import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2.AllMiniLmL6V2EmbeddingModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Embeds the glosses of WordNet with all-MiniLM-L6-v2: {@code EmbedGlosses DICT OUT ROWS}. Appends raw little-endian float32
 * rows of 384 components to OUT until it has ROWS of them, beginning where an earlier run ended. Launched from its source
 * by {@code grape bench embed}, because its libraries weigh 200 MB and nothing else needs them.
 *
 * <p>Glosses that repeat are taken once, in an order shuffled with a fixed seed, so that the first rows are a sample of all.
 */
final class EmbedGlosses {
    private static final int DIMENSION = 384;
    private static final int BATCH = 256;
    private static final long SEED = 384;

    private EmbedGlosses() {}

    public static void main(String[] arguments) throws Exception {
        List<String> glosses = glosses(Path.of(arguments[0]));
        Path out = Path.of(arguments[1]);
        int rows = Math.min(Integer.parseInt(arguments[2]), glosses.size());
        EmbeddingModel model = new AllMiniLmL6V2EmbeddingModel();
        try (FileChannel file = FileChannel.open(out, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            int row = (int) (file.size() / (DIMENSION * Float.BYTES));
            file.position((long) row * DIMENSION * Float.BYTES);
            long begun = System.nanoTime();
            int first = row;
            while (row < rows) {
                int end = Math.min(rows, row + BATCH);
                append(file, model, glosses.subList(row, end));
                row = end;
                double seconds = (System.nanoTime() - begun) / 1e9;
                System.out.printf("%d of %d rows, %.0f rows/s%n", row, rows, (row - first) / seconds);
            }
        }
        // The tokenizer's threads are no daemons.
        System.exit(0);
    }

    private static void append(FileChannel file, EmbeddingModel model, List<String> texts) throws Exception {
        List<TextSegment> segments = texts.stream().map(TextSegment::from).toList();
        ByteBuffer bytes =
                ByteBuffer.allocate(texts.size() * DIMENSION * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        model.embedAll(segments).content().forEach(embedding -> {
            for (float component : embedding.vector()) {
                bytes.putFloat(component);
            }
        });
        bytes.flip();
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    private static List<String> glosses(Path dict) throws Exception {
        Set<String> distinct = new LinkedHashSet<>();
        for (String part : List.of("noun", "verb", "adj", "adv")) {
            for (String line : Files.readAllLines(dict.resolve("data." + part))) {
                int bar = line.indexOf('|');
                if (bar >= 0 && !line.startsWith(" ")) {
                    distinct.add(line.substring(bar + 1).strip());
                }
            }
        }
        List<String> shuffled = new ArrayList<>(distinct);
        Collections.shuffle(shuffled, new Random(SEED));
        return shuffled;
    }
}
