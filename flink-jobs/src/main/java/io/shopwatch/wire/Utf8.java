package io.shopwatch.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Strict check of UTF-8, as RFC 3629 defines it: no overlong forms, no surrogates, nothing above U+10FFFF. */
final class Utf8 {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long HIGH_BITS = 0x8080808080808080L;

    private Utf8() {}

    /** Index of the first byte that is not part of a well-formed character, or −1 if there is none. */
    static int firstInvalid(byte[] bytes) {
        int at = 0;
        while (at < bytes.length) {
            // Events are mostly ASCII: eight bytes at a time.
            while (at + Long.BYTES <= bytes.length && ((long) LONGS.get(bytes, at) & HIGH_BITS) == 0) {
                at += Long.BYTES;
            }
            if (at == bytes.length) {
                break;
            }
            int length = lengthAt(bytes, at);
            if (length == 0) {
                return at;
            }
            at += length;
        }
        return -1;
    }

    /** Length of the character that begins at {@code at}; 0 if none does (table 3-7 of the Unicode standard). */
    private static int lengthAt(byte[] bytes, int at) {
        int first = bytes[at] & 0xFF;
        if (first < 0x80) {
            return 1;
        }
        if (first < 0xC2) {
            return 0;
        }
        if (first < 0xE0) {
            return continues(bytes, at, 1, 0x80, 0xBF) ? 2 : 0;
        }
        if (first < 0xF0) {
            int low = first == 0xE0 ? 0xA0 : 0x80;
            int high = first == 0xED ? 0x9F : 0xBF;
            return continues(bytes, at, 2, low, high) ? 3 : 0;
        }
        if (first < 0xF5) {
            int low = first == 0xF0 ? 0x90 : 0x80;
            int high = first == 0xF4 ? 0x8F : 0xBF;
            return continues(bytes, at, 3, low, high) ? 4 : 0;
        }
        return 0;
    }

    private static boolean continues(byte[] bytes, int at, int count, int low, int high) {
        if (at + count >= bytes.length) {
            return false;
        }
        int second = bytes[at + 1] & 0xFF;
        if (second < low || second > high) {
            return false;
        }
        for (int i = 2; i <= count; i++) {
            if ((bytes[at + i] & 0xC0) != 0x80) {
                return false;
            }
        }
        return true;
    }
}
