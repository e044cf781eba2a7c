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

    /**
     * Slots that a word may be in, one after the other: of a hundred words with one slot each, two would take it from each
     * other all the time.
     */
    private static final int WAYS = 4;

    private final byte[][] bytes = new byte[SLOTS][];
    private final String[] words = new String[SLOTS];
    private int next;

    /** The string of these bytes, which must be well-formed UTF-8. */
    public String of(byte[] source, int offset, int length) {
        int hash = length;
        for (int i = offset; i < offset + length; i++) {
            hash = hash * 31 + source[i];
        }
        int first = hash ^ (hash >>> 12) ^ (hash >>> 24);
        for (int way = 0; way < WAYS; way++) {
            int slot = (first + way) & (SLOTS - 1);
            byte[] known = bytes[slot];
            if (known == null) {
                return keep(slot, source, offset, length);
            }
            if (Arrays.equals(known, 0, known.length, source, offset, offset + length)) {
                return words[slot];
            }
        }
        return keep((first + (next++ & (WAYS - 1))) & (SLOTS - 1), source, offset, length);
    }

    private String keep(int slot, byte[] source, int offset, int length) {
        bytes[slot] = Arrays.copyOfRange(source, offset, offset + length);
        words[slot] = new String(bytes[slot], StandardCharsets.UTF_8);
        return words[slot];
    }
}
