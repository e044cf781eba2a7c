package io.shopwatch.wire;

import java.util.StringJoiner;

/** Record keys of the result topics. */
public final class Keys {
    private Keys() {}

    /** The parts joined by {@code |}; a {@code |} or {@code \} within a part is escaped by {@code \}, so keys are unique. */
    public static String of(String... parts) {
        StringJoiner joined = new StringJoiner("|");
        for (String part : parts) {
            joined.add(
                    part.indexOf('|') < 0 && part.indexOf('\\') < 0
                            ? part
                            : part.replace("\\", "\\\\").replace("|", "\\|"));
        }
        return joined.toString();
    }
}
