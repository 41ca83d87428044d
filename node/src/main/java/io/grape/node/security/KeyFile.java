package io.grape.node.security;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The file of API keys: YAML, a list of {name, role, salt, hash}, readable by its owner alone. It holds no secret; whoever
 * can write it can let anybody in.
 */
public final class KeyFile {
    private KeyFile() {}

    /**
     * Reads a file.
     *
     * @throws GrapeException INVALID_CONFIGURATION, naming the file and what is wrong
     */
    public static List<ApiKey> read(Path file) {
        Object tree;
        try {
            tree = new Load(LoadSettings.builder().setAllowDuplicateKeys(false).build())
                    .loadFromString(Files.readString(file));
        } catch (IOException | YamlEngineException ex) {
            throw new GrapeException(
                    ErrorCode.INVALID_CONFIGURATION, "cannot read the keys in " + file + ": " + ex, ex);
        }
        if (!(tree instanceof Map<?, ?> map) || !(map.get("keys") instanceof List<?> listed)) {
            throw invalid(file, "it holds no list of keys");
        }
        List<ApiKey> keys = new ArrayList<>();
        for (Object item : listed) {
            keys.add(key(file, item));
        }
        long names = keys.stream().map(ApiKey::name).distinct().count();
        if (names != keys.size()) {
            throw invalid(file, "two keys have the same name");
        }
        return keys;
    }

    private static ApiKey key(Path file, Object item) {
        if (!(item instanceof Map<?, ?> map)
                || !(map.get("name") instanceof String name)
                || !(map.get("role") instanceof String role)
                || !(map.get("salt") instanceof String salt)
                || !(map.get("hash") instanceof String hash)) {
            throw invalid(file, "each key is {name, role, salt, hash}");
        }
        try {
            HexFormat hex = HexFormat.of();
            Role known = Role.valueOf(role.toUpperCase(Locale.ROOT));
            if (!ApiKey.isName(name)) {
                throw invalid(file, "'" + name + "' is not a name");
            }
            return new ApiKey(name, known, hex.parseHex(salt), hex.parseHex(hash));
        } catch (IllegalArgumentException ex) {
            throw new GrapeException(
                    ErrorCode.INVALID_CONFIGURATION, file + ": key '" + name + "': " + ex.getMessage(), ex);
        }
    }

    private static GrapeException invalid(Path file, String text) {
        return new GrapeException(ErrorCode.INVALID_CONFIGURATION, file + ": " + text);
    }

    /** Writes a file in place of the one that is there, so that a reader sees the one or the other. */
    public static void write(Path file, List<ApiKey> keys) throws IOException {
        List<Map<String, Object>> listed = new ArrayList<>();
        for (ApiKey key : keys) {
            Map<String, Object> item = new LinkedHashMap<>();
            item.put("name", key.name());
            item.put("role", key.role().name().toLowerCase(Locale.ROOT));
            item.put("salt", HexFormat.of().formatHex(key.salt()));
            item.put("hash", HexFormat.of().formatHex(key.hash()));
            listed.add(item);
        }
        String text = new Dump(DumpSettings.builder().build()).dumpToString(Map.of("keys", listed));
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.deleteIfExists(next);
        if (Files.getFileStore(file.toAbsolutePath().resolveSibling("")).supportsFileAttributeView("posix")) {
            Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(next, text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
