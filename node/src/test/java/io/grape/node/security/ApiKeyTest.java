package io.grape.node.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.CreateCollectionDecoder;
import io.grape.codecs.sbe.SearchDecoder;
import io.grape.codecs.sbe.UpsertDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeyTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    private Path directory;

    @Test
    void aKeyLetsInWhoHasItsTextAndNobodyElse() throws Exception {
        ApiKey.Made reader = ApiKey.make("reader", Role.READ, RANDOM);
        ApiKey.Made other = ApiKey.make("other", Role.ADMIN, RANDOM);
        Path file = directory.resolve("keys.yaml");
        KeyFile.write(file, List.of(reader.key(), other.key()));
        try (KeyAuthenticator keys = KeyAuthenticator.open(file)) {
            assertThat(keys.authenticate(bytes(reader.text()))).isEqualTo(new Principal("reader", Role.READ));
            assertThat(keys.authenticate(bytes(other.text()))).isEqualTo(new Principal("other", Role.ADMIN));
            assertThat(keys.authenticate(bytes(reader.text() + "x"))).isNull();
            assertThat(keys.authenticate(bytes(reader.text().substring(0, 20)))).isNull();
            assertThat(keys.authenticate(bytes(other.text().replace("other", "reader"))))
                    .isNull();
            assertThat(keys.authenticate(bytes("grape_nobody_" + "A".repeat(43))))
                    .isNull();
            assertThat(keys.authenticate(new byte[0])).isNull();
            assertThat(keys.authenticate(new byte[] {(byte) 0xFF, 0})).isNull();
        }
    }

    @Test
    void theFileHoldsNoSecretAndIsItsOwnersAlone() throws Exception {
        ApiKey.Made made = ApiKey.make("reader", Role.READ, RANDOM);
        Path file = directory.resolve("keys.yaml");
        KeyFile.write(file, List.of(made.key()));
        String secret = made.text().substring("grape_reader_".length());
        assertThat(Files.readString(file)).doesNotContain(secret).contains("reader", "read");
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void aChangedFileCountsAndABrokenOneDoesNot() throws Exception {
        ApiKey.Made first = ApiKey.make("first", Role.WRITE, RANDOM);
        Path file = directory.resolve("keys.yaml");
        KeyFile.write(file, List.of(first.key()));
        try (KeyAuthenticator keys = KeyAuthenticator.open(file)) {
            Principal principal = keys.authenticate(bytes(first.text()));
            assertThat(principal).isNotNull();
            long generation = keys.generation();

            Files.writeString(file, "keys: [{name: first}]");
            Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
            keys.look();
            assertThat(keys.generation()).isEqualTo(generation);
            assertThat(keys.isValid(principal)).isTrue();

            KeyFile.write(
                    file,
                    List.of(new ApiKey(
                            "first", Role.READ, first.key().salt(), first.key().hash())));
            Files.setLastModifiedTime(file, FileTime.fromMillis(2_000));
            keys.look();
            assertThat(keys.generation()).isGreaterThan(generation);
            assertThat(keys.isValid(principal))
                    .as("the role is another one now")
                    .isFalse();

            KeyFile.write(file, List.of());
            Files.setLastModifiedTime(file, FileTime.fromMillis(3_000));
            keys.look();
            assertThat(keys.authenticate(bytes(first.text()))).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "keys: 7",
                "[]",
                "keys: [{name: a, role: read}]",
                "keys: [{name: a, role: king, salt: '00', hash: '00'}]",
                "keys: [{name: A_b, role: read, salt: '00', hash: '00'}]",
                "keys: [{name: a, role: read, salt: 'zz', hash: '00'}]",
                "keys: [{name: a, role: read, salt: '00', hash: '00'}, {name: a, role: read, salt: '00', hash: '00'}]",
                "{"
            })
    void aFileThatIsNoListOfKeysIsRefused(String text) throws Exception {
        Path file = Files.writeString(directory.resolve("keys.yaml"), text);
        assertThatThrownBy(() -> KeyFile.read(file))
                .isInstanceOf(GrapeException.class)
                .hasMessageContaining("keys.yaml");
    }

    @Test
    void eachRoleMayDoWhatTheOneBeforeItMay() {
        assertThat(Role.READ.allows(SearchDecoder.TEMPLATE_ID)).isTrue();
        assertThat(Role.READ.allows(UpsertDecoder.TEMPLATE_ID)).isFalse();
        assertThat(Role.WRITE.allows(SearchDecoder.TEMPLATE_ID)).isTrue();
        assertThat(Role.WRITE.allows(UpsertDecoder.TEMPLATE_ID)).isTrue();
        assertThat(Role.WRITE.allows(CreateCollectionDecoder.TEMPLATE_ID)).isFalse();
        assertThat(Role.ADMIN.allows(CreateCollectionDecoder.TEMPLATE_ID)).isTrue();
        assertThat(Role.WRITE.allows(65_000)).as("a kind that is not known").isFalse();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
