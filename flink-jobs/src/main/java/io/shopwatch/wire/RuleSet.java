package io.shopwatch.wire;

import java.util.List;
import java.util.Map;

/**
 * The alert rules in force, all of them; value of the topic {@code rules} under the one key {@link #KEY}, so that they
 * change together and a rule that is left out ends.
 *
 * @param format version of this record; readers ignore sets of a format they don't know
 * @param revision grows with each change, epoch milliseconds of the publication; older ones are ignored
 * @param rules the rules with the keys of the rules file
 */
public record RuleSet(int format, long revision, List<Map<String, Object>> rules) {
    /** The format that this version writes. */
    public static final int FORMAT = 1;

    /** Key of the only record. */
    public static final String KEY = "rules";
}
