package io.shopwatch.domain.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Gives the same string for the same UTF-8 bytes, most of the time: channels, devices or categories are few, and millions
 * of copies of them would fill the memory and be hashed over and over. Keeps a fixed number of words; a newer one takes
 * the place of an older. Not thread-safe.
 */
public final class Words {
    private static final int SLOTS = 4096;

    private final byte[][] bytes = new byte[SLOTS][];
    private final String[] words = new String[SLOTS];

    /** The string of these bytes, which must be well-formed UTF-8. */
    public String of(byte[] source, int offset, int length) {
        int hash = length;
        for (int i = offset; i < offset + length; i++) {
            hash = hash * 31 + source[i];
        }
        int slot = (hash ^ (hash >>> 12) ^ (hash >>> 24)) & (SLOTS - 1);
        byte[] known = bytes[slot];
        if (known != null && Arrays.equals(known, 0, known.length, source, offset, offset + length)) {
            return words[slot];
        }
        byte[] own = Arrays.copyOfRange(source, offset, offset + length);
        String word = new String(own, StandardCharsets.UTF_8);
        bytes[slot] = own;
        words[slot] = word;
        return word;
    }
}
