package io.shopwatch.replay;

import io.shopwatch.wire.DeadLetterReason;
import java.util.regex.Pattern;

/** A row that is no event; carries no stack trace, as a flood of bad rows must not cost more than good ones. */
final class RowException extends Exception {
    private static final long serialVersionUID = 1;

    private static final int LONGEST = 200;
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\p{Cs}]");

    private final DeadLetterReason reason;

    RowException(String detail) {
        this(DeadLetterReason.MALFORMED, detail);
    }

    RowException(DeadLetterReason reason, String detail) {
        super(oneLine(detail), null, false, false);
        this.reason = reason;
    }

    /** Rows are foreign text: what is quoted from them stays short and without control characters. */
    private static String oneLine(String detail) {
        String shortened = detail.length() <= LONGEST ? detail : detail.substring(0, LONGEST);
        return CONTROL.matcher(shortened).replaceAll("?");
    }

    DeadLetterReason reason() {
        return reason;
    }
}
