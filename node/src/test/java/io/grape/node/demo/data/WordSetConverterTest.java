package io.grape.node.demo.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.node.demo.data.WordSetConverter.Selection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordSetConverterTest {
    /** The words in another order than the vectors, as in the real file nothing forbids. */
    private static final String SOURCE = """
            {"precision":8,"l2NormIndex":2,"wordIndex":3,"size":4,"dimensions":2,
             "words":["the","u.s.","x","paris"],
             "vectors":{
               "paris":[0.5,-0.25,0.559,3],
               "u.s.":[1,2,2.236,1],
               "x":[4,4,5.657,2],
               "the":[-0.038194,0.24487,0.2478,0]},
             "unkVector":[0,0,0,-1]}
            """;

    @TempDir
    private Path directory;

    @Test
    void rowsComeInTheOrderOfTheWords() throws IOException {
        String summary = convert(SOURCE, new Selection(false, 3));

        assertThat(summary).contains("3 vectors of 2 components", "largest 0.00e+00");
        try (VectorFile file = VectorFile.open(target())) {
            assertThat(file.count()).isEqualTo(3);
            assertThat(file.label(0)).isEqualTo("the");
            assertThat(file.label(1)).isEqualTo("u.s.");
            float[] row = new float[2];
            file.vector(0, row);
            assertThat(row).containsExactly(-0.038194f, 0.24487f);
        }
    }

    @Test
    void plainWordsLeaveOutPunctuationAndSingleLetters() throws IOException {
        convert(SOURCE, new Selection(true, 10));
        try (VectorFile file = VectorFile.open(target())) {
            assertThat(file.count()).isEqualTo(2);
            assertThat(file.label(1)).isEqualTo("paris");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{\"dimensions\":2,\"words\":[\"the\"],\"vectors\":{\"the\":[1,2]}}",
                "{\"dimensions\":2,\"words\":[\"the\"],\"vectors\":{\"the\":[1,2,3,4,5]}}",
                "{\"dimensions\":2,\"words\":[\"the\"],\"vectors\":{\"the\":[0,0,0,0]}}",
                "{\"dimensions\":2,\"words\":[\"the\"],\"vectors\":{\"the\":[1e39,0,0,0]}}",
                "{\"dimensions\":2,\"words\":[\"the\"],\"vectors\":{\"a\":[1,2,3,0]}}",
                "{\"dimensions\":2,\"words\":[\"the\"]}",
                "{\"dimensions\":0,\"words\":[\"the\"],\"vectors\":{}}",
                "{\"vectors\":{},\"dimensions\":2,\"words\":[\"the\"]}",
                "{\"dimensions\":2}",
                "{\"dimensions\":2,\"words\":[\"the\"],\"vectors\":{\"the\":[1,2,"
            })
    void whatIsNotSuchAFileIsRefusedByName(String source) {
        assertThatThrownBy(() -> convert(source, new Selection(false, 10)))
                .isInstanceOfSatisfying(
                        GrapeException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.DATA_CORRUPT))
                .hasMessageContaining("source.json");
        assertThat(target()).doesNotExist();
    }

    @Test
    void aLimitBelowOneIsRefused() {
        assertThatThrownBy(() -> new Selection(true, 0)).hasMessageContaining("at least 1");
    }

    private Path target() {
        return directory.resolve("target.gvec");
    }

    private String convert(String json, Selection selection) throws IOException {
        Path source = Files.writeString(directory.resolve("source.json"), json);
        return WordSetConverter.convert(source, target(), VectorEncoding.FLOAT32, selection);
    }
}
