package io.grape.node.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version, as the build wrote it beside this class. */
public final class VersionProvider implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"grape " + version() + " (Java " + Runtime.version() + ")"};
    }

    /** Returns the version of Grape, for example 0.1.0. */
    public static String version() {
        Properties properties = new Properties();
        try (InputStream resource = VersionProvider.class.getResourceAsStream("version.properties")) {
            if (resource == null) {
                throw new IllegalStateException("version.properties is not beside " + VersionProvider.class);
            }
            properties.load(resource);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return properties.getProperty("version", "unknown");
    }
}
