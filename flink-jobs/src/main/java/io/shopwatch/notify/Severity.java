package io.shopwatch.notify;

import java.util.List;
import java.util.Locale;

/** Order of severities. */
final class Severity {
    private static final List<String> ASCENDING = List.of("info", "warning", "critical");

    private Severity() {}

    /** Whether an alert is severe enough; one of unknown severity always is, so that none is lost for a typo. */
    static boolean reaches(String severity, String minimum) {
        return rank(severity, ASCENDING.size()) >= rank(minimum, 0);
    }

    private static int rank(String severity, int unknown) {
        int rank = severity == null ? -1 : ASCENDING.indexOf(severity.toLowerCase(Locale.ROOT));
        return rank < 0 ? unknown : rank;
    }
}
