package io.shopwatch.domain.funnel;

import java.util.ArrayList;
import java.util.List;

/**
 * What is remembered of one visitor, for all funnels. Arrays are indexed by the plan's flat step index; times are epoch
 * milliseconds, panes are seconds since the epoch, and {@link #NONE} stands for "never".
 */
public class FunnelState {
    /** Never. */
    public static final long NONE = Long.MIN_VALUE;

    /** Fingerprint of the plan that the indexes belong to. */
    public int plan;

    /** Distinct sets of attributes that the visitor's chains carried; mostly one. */
    public List<Origin> origins = new ArrayList<>();

    /** Per step the start of the latest chain that reached it. */
    public long[] chainStart = {};

    /** Per step the index in {@link #origins} of that chain's attributes. */
    public int[] chainOrigin = {};

    /** Chains that stay within a category. */
    public List<CategoryChain> categories = new ArrayList<>();

    /** Time of the visitor's last hit. */
    public long lastHit = NONE;

    /** Time of the cleaning timer that is set, or {@link #NONE}. */
    public long timer = NONE;

    /** Attributes of a chain's first event and, per step, the pane of the last hit that carried them. */
    public static class Origin {
        public String channel;
        public String device;
        public String region;
        public String campaign;
        public long[] lastPane = {};
    }

    /** The chain of a category, and per step the pane of its last hit. */
    public static class CategoryChain {
        public String category;
        public long[] chainStart = {};
        public long[] lastPane = {};
    }
}
