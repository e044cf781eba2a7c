package io.shopwatch.replay;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Formats of recorded events. */
public enum Format {
    /** Our own JSON, an object per line. */
    JSONL,
    /** CSV of the "multi category store" data set of REES46, with a header. */
    REES46,
    /** CSV of the {@code UserBehavior} data set of Taobao / Tianchi, without a header. */
    TAOBAO;

    private static final Pattern TAOBAO_ROW = Pattern.compile("\\d+,\\d+,\\d+,(pv|cart|fav|buy),-?\\d+");

    /** The format's name on the command line, for example {@code rees46}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** All names, for messages. */
    public static String names() {
        return Arrays.stream(values()).map(Format::wireName).collect(Collectors.joining(", "));
    }

    /**
     * The format with that wire name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Format ofWireName(String wireName) {
        for (Format format : values()) {
            if (format.wireName().equals(wireName)) {
                return format;
            }
        }
        throw new IllegalArgumentException("no format " + wireName + "; expected one of " + names());
    }

    /** The format that a line belongs to, if it tells. */
    static Optional<Format> of(String line) {
        if (line.startsWith("{")) {
            return Optional.of(JSONL);
        }
        if (Rees46.isHeader(line)) {
            return Optional.of(REES46);
        }
        return TAOBAO_ROW.matcher(line).matches() ? Optional.of(TAOBAO) : Optional.empty();
    }
}
