package io.grape.node.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * A key of a client, as it is kept: its name, its role, and a salted SHA-256 of its secret.
 *
 * <p>The secret is 256 random bits that we draw, not a password that people choose: there is nothing to guess, so one round of
 * a fast hash is as good as many of a slow one, and a flood of wrong keys costs microseconds each.
 *
 * @param name of the key; 1 to 32 of a-z, 0-9 and -
 * @param role what it lets a client do
 * @param salt of the hash
 * @param hash of salt and secret
 */
@SuppressWarnings("ArrayRecordComponent")
public record ApiKey(String name, Role role, byte[] salt, byte[] hash) {
    private static final String PREFIX = "grape_";
    private static final int SECRET_BYTES = 32;
    private static final int SALT_BYTES = 16;

    /**
     * A key that was just made.
     *
     * @param text what the client is given; it is kept nowhere
     * @param key  what is kept
     */
    public record Made(String text, ApiKey key) {}

    /** Makes a key. */
    public static Made make(String name, Role role, SecureRandom random) {
        byte[] secret = new byte[SECRET_BYTES];
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(secret);
        random.nextBytes(salt);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        ApiKey key = new ApiKey(name, role, salt, hash(salt, text));
        return new Made(PREFIX + name + "_" + text, key);
    }

    /** Returns whether a name can be a key's. */
    public static boolean isName(String name) {
        return name.matches("[a-z0-9-]{1,32}");
    }

    /** Returns the name that a key's text says, or an empty one if it is no key. */
    static String nameOf(String text) {
        int end = text.startsWith(PREFIX) ? text.indexOf('_', PREFIX.length()) : -1;
        return end < 0 ? "" : text.substring(PREFIX.length(), end);
    }

    /** Returns whether this is the key with that text; takes as long for a wrong one as for the right one. */
    boolean matches(String text) {
        String secret = text.substring(Math.min(text.length(), PREFIX.length() + name.length() + 1));
        return MessageDigest.isEqual(hash, hash(salt, secret));
    }

    private static byte[] hash(byte[] salt, String secret) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt);
            return digest.digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException ex) {
            throw new IllegalStateException("every JDK has SHA-256", ex);
        }
    }
}
