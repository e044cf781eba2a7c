package io.shopwatch.domain.event;

import java.util.Locale;

/** A dimension by which figures are split; {@link #ALL} has the one value {@code all}. */
public enum Segment {
    ALL,
    CHANNEL,
    DEVICE,
    REGION,
    CAMPAIGN,
    CATEGORY;

    /** The only value of {@link #ALL}. */
    public static final String ALL_VALUE = "all";

    /** What a missing optional string reads as. */
    public static final String UNKNOWN = "unknown";

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The label or field value on the outside, for example {@code channel}. */
    public String wireName() {
        return wireName;
    }

    /**
     * The segment with that wire name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Segment ofWireName(String wireName) {
        for (Segment segment : values()) {
            if (segment.wireName.equals(wireName)) {
                return segment;
            }
        }
        throw new IllegalArgumentException("no segment " + wireName);
    }

    /**
     * The event's own value of this segment, never null: {@link #UNKNOWN} where the producer gave none. For {@link
     * #CATEGORY} this is the field {@code category} of the event itself, not of its items.
     */
    public String valueOf(ShopEvent event) {
        String value =
                switch (this) {
                    case ALL -> ALL_VALUE;
                    case CHANNEL -> event.channel();
                    case DEVICE -> event.device();
                    case REGION -> event.region();
                    case CAMPAIGN -> event.campaign();
                    case CATEGORY -> event.category();
                };
        return value == null ? UNKNOWN : value;
    }
}
