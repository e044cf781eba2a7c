package io.shopwatch.domain.alert;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Ids of incidents: the same incident has the same id, whoever computes it and how often. */
public final class AlertId {
    private AlertId() {}

    /**
     * 16 hexadecimal digits of the SHA-256 of rule, what of it (a transition, or empty), segment, value and start.
     *
     * @param startsAt epoch milliseconds
     */
    public static String of(String rule, String part, String segment, String value, long startsAt) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String text : new String[] {rule, part, segment, value, Long.toString(startsAt)}) {
                digest.update(text.getBytes(StandardCharsets.UTF_8));
                // A byte that no UTF-8 text has, so that "ab" + "c" is not "a" + "bc".
                digest.update((byte) 0xFF);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
