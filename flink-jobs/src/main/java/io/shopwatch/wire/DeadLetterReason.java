package io.shopwatch.wire;

import java.util.Locale;

/** Why a record was rejected; the wire name is the code in {@link DeadLetter#reason()}. */
public enum DeadLetterReason {
    /** Larger than 64 KiB. */
    TOO_LARGE,
    /** A record without a value (a tombstone has no meaning in an input topic). */
    EMPTY,
    /** Not UTF-8 JSON, or not an object. */
    MALFORMED,
    /** A required field is missing. */
    MISSING_FIELD,
    /** A field has the wrong type or an impossible value. */
    INVALID_FIELD,
    /** A string of more than 256 characters. */
    STRING_TOO_LONG,
    /** No such {@code type} in this stream. */
    UNKNOWN_TYPE,
    /** An event time before 2000. */
    TOO_OLD,
    /** An event time further ahead of the wall clock than {@code events.max-ahead}. */
    TOO_FAR_AHEAD,
    /** A field beyond what figures can hold, for example an amount over 10¹². */
    OUT_OF_RANGE;

    /** The code on the outside, for example {@code missing_field}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
