package io.grape.node.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WordVectorsTest {
    @Test
    void theFileOfTheRepositoryHoldsTwentyThousandDifferentWordsInFiveMegabytes() throws IOException {
        WordVectors words = Repository.words(Integer.MAX_VALUE);

        assertThat(Files.size(Repository.wordFile())).isLessThanOrEqualTo(5_000_000);
        assertThat(words.count()).isEqualTo(20_000);
        assertThat(words.dimension()).isEqualTo(100);
        assertThat(IntStream.range(0, words.count()).mapToObj(words::word).distinct())
                .hasSize(20_000)
                .allMatch(word -> word.matches("[a-z]{2,}"));
    }

    @Test
    void theVectorsAreThoseOfThePackageWithinTheStatedError() throws IOException {
        WordVectors words = Repository.words(10);

        // The first components of "the", as the package has them.
        float[] expected = {-0.038194f, -0.24487f, 0.72812f, -0.39961f};
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs(words.vector(0)[i] - expected[i])).isLessThan(5.4e-5f);
        }
    }

    @Test
    void aWordIsFoundInAnyCaseAndAnUnknownOneIsNot() throws IOException {
        WordVectors words = Repository.words(1000);

        int king = words.id(" King ").orElseThrow();
        assertThat(words.word(king)).isEqualTo("king");
        assertThat(words.payload(king)).isEqualTo("king".getBytes(StandardCharsets.UTF_8));
        assertThat(words.id("xyzzy")).isEmpty();
        assertThat(words.count()).isEqualTo(1000);
    }
}
