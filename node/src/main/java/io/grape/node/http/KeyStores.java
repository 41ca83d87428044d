package io.grape.node.http;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.node.config.HttpSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Certificates of the HTTP server. */
final class KeyStores {
    private KeyStores() {}

    /**
     * Reads the certificate that the settings name.
     *
     * @throws GrapeException INVALID_CONFIGURATION if it cannot be used; the text names the file and never the password
     */
    static SSLContext context(HttpSettings settings) {
        Path file = Objects.requireNonNull(settings.keyStore());
        Path passwordFile = Objects.requireNonNull(settings.passwordFile());
        char[] password = password(passwordFile);
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (IOException | GeneralSecurityException ex) {
            throw new GrapeException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "http.tls-keystore: " + file + " cannot be read as PKCS #12 with the password in " + passwordFile
                            + ": " + ex.getMessage(),
                    ex);
        } finally {
            Arrays.fill(password, '\0');
        }
    }

    private static char[] password(Path file) {
        try {
            return Files.readString(file).lines().findFirst().orElse("").toCharArray();
        } catch (IOException ex) {
            throw new GrapeException(
                    ErrorCode.INVALID_CONFIGURATION, "http.tls-password-file: cannot read " + file + ": " + ex, ex);
        }
    }
}
