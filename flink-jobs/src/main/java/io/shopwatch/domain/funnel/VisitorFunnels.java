package io.shopwatch.domain.funnel;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.Item;
import io.shopwatch.domain.event.Segment;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.domain.window.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Follows one visitor at a time through all funnels, in order of event time.
 *
 * <p>A closed chain is represented by its start alone: a visitor reaches step 1 at every step-1 event, and step k at an
 * event of step k if the latest chain that reached step k − 1 began at most {@code within} before. Of several chains the
 * one that began last is carried on, as ClickHouse's {@code windowFunnel} does: a later start can only stay within the
 * limit longer.
 *
 * <p>Who counts: for each step and segment value the pane (second) of the visitor's last hit is kept. Only a hit in a
 * new pane changes a figure, and it changes it by moving the visitor from the old pane to the new one; from that all
 * windows follow, see {@link io.shopwatch.domain.window.SlidingSums}.
 *
 * <p>Not thread-safe.
 */
public final class VisitorFunnels {

    /** Beyond so many sets of attributes of a visitor the one hit longest ago is forgotten. */
    static final int MAX_ORIGINS = 64;

    /** Beyond so many categories of a visitor the one hit longest ago is forgotten. */
    static final int MAX_CATEGORIES = 256;

    private static final long NONE = FunnelState.NONE;
    private static final long LONGEST_MILLIS = Window.LONGEST_PANES * Window.SLIDE_MILLIS;

    private final FunnelPlan plan;
    private final ZoneId zone;

    /** How long a hit matters at least, whatever the day. */
    private final long keepMillis;

    /** The day that was looked up last, from its first millisecond to that of the next: there are few. */
    private long dayFrom = 1;

    private long dayTo;

    /** Is told of every visitor that counts anew. */
    @FunctionalInterface
    public interface Sink {
        /**
         * @param funnel index of the funnel
         * @param step index of the step within the funnel
         * @param segment segment
         * @param value value of the segment
         * @param pane pane of the hit
         * @param previous pane of the visitor's last hit, or {@link FunnelState#NONE}
         */
        void hit(int funnel, int step, Segment segment, String value, long pane, long previous);
    }

    public VisitorFunnels(FunnelPlan plan, ZoneId zone) {
        this.plan = plan;
        this.zone = zone;
        this.keepMillis = Window.SLIDE_MILLIS
                + plan.funnels().stream()
                        .mapToLong(funnel -> funnel.within().toMillis())
                        .reduce(LONGEST_MILLIS, Math::max);
    }

    /** A visitor of whom nothing is known. */
    public FunnelState newState() {
        FunnelState state = new FunnelState();
        state.plan = plan.fingerprint();
        state.chainStart = never(plan.steps());
        state.chainOrigin = new int[plan.steps()];
        return state;
    }

    /**
     * Takes the visitor's events of one instant, not earlier than any before. Within the instant steps are taken in
     * their order; of several step-1 events the last of the list is the one carried on.
     */
    public void onInstant(FunnelState state, List<ShopEvent> instant, Sink sink) {
        long time = instant.get(0).time();
        boolean hit = false;
        for (int f = 0; f < plan.funnels().size(); f++) {
            FunnelDefinition funnel = plan.funnels().get(f);
            for (int k = 0; k < funnel.steps().size(); k++) {
                for (ShopEvent event : instant) {
                    if (event.type() == funnel.steps().get(k).type()) {
                        hit |= onStep(state, event, f, k, sink);
                    }
                }
            }
        }
        if (hit) {
            state.lastHit = time;
        }
    }

    private boolean onStep(FunnelState state, ShopEvent event, int f, int k, Sink sink) {
        FunnelDefinition funnel = plan.funnels().get(f);
        boolean open = funnel.mode() == FunnelDefinition.Mode.OPEN;
        long earliest = event.time() - funnel.within().toMillis();
        int flat = plan.offset(f) + k;
        boolean hit = false;
        if (k == 0 || open) {
            int origin = originOf(state, event);
            state.chainStart[flat] = event.time();
            state.chainOrigin[flat] = origin;
            hitOrigin(state, origin, f, k, event.time(), sink);
            hit = true;
        } else if (state.chainStart[flat - 1] != NONE && state.chainStart[flat - 1] >= earliest) {
            state.chainStart[flat] = state.chainStart[flat - 1];
            state.chainOrigin[flat] = state.chainOrigin[flat - 1];
            hitOrigin(state, state.chainOrigin[flat], f, k, event.time(), sink);
            hit = true;
        }
        if (event.stream() != EventStream.ORDERS) {
            if (event.category() != null) {
                hit |= onCategory(state, event.category(), event.time(), f, k, sink);
            }
            return hit;
        }
        for (String category : categoriesOf(event)) {
            hit |= onCategory(state, category, event.time(), f, k, sink);
        }
        return hit;
    }

    private boolean onCategory(FunnelState state, String category, long time, int f, int k, Sink sink) {
        FunnelDefinition funnel = plan.funnels().get(f);
        boolean starts = k == 0 || funnel.mode() == FunnelDefinition.Mode.OPEN;
        int flat = plan.offset(f) + k;
        FunnelState.CategoryChain chain = chainOf(state, category, starts);
        if (chain == null) {
            return false;
        }
        if (starts) {
            chain.chainStart[flat] = time;
        } else if (chain.chainStart[flat - 1] != NONE
                && chain.chainStart[flat - 1] >= time - funnel.within().toMillis()) {
            chain.chainStart[flat] = chain.chainStart[flat - 1];
        } else {
            return false;
        }
        long pane = Window.paneOf(time);
        long previous = chain.lastPane[flat];
        if (previous != pane) {
            chain.lastPane[flat] = pane;
            sink.hit(f, k, Segment.CATEGORY, category, pane, previous);
        }
        return true;
    }

    private void hitOrigin(FunnelState state, int index, int f, int k, long time, Sink sink) {
        int flat = plan.offset(f) + k;
        long pane = Window.paneOf(time);
        FunnelState.Origin origin = state.origins.get(index);
        if (origin.lastPane[flat] == pane) {
            return; // counted in this pane already, in every one of its segments
        }
        long all = NONE;
        long channel = NONE;
        long device = NONE;
        long region = NONE;
        long campaign = NONE;
        for (FunnelState.Origin other : state.origins) {
            long last = other.lastPane[flat];
            all = Math.max(all, last);
            channel = other.channel.equals(origin.channel) ? Math.max(channel, last) : channel;
            device = other.device.equals(origin.device) ? Math.max(device, last) : device;
            region = other.region.equals(origin.region) ? Math.max(region, last) : region;
            campaign = other.campaign.equals(origin.campaign) ? Math.max(campaign, last) : campaign;
        }
        origin.lastPane[flat] = pane;
        tell(sink, f, k, Segment.ALL, Segment.ALL_VALUE, pane, all);
        tell(sink, f, k, Segment.CHANNEL, origin.channel, pane, channel);
        tell(sink, f, k, Segment.DEVICE, origin.device, pane, device);
        tell(sink, f, k, Segment.REGION, origin.region, pane, region);
        tell(sink, f, k, Segment.CAMPAIGN, origin.campaign, pane, campaign);
    }

    private static void tell(Sink sink, int f, int k, Segment segment, String value, long pane, long previous) {
        if (previous != pane) {
            sink.hit(f, k, segment, value, pane, previous);
        }
    }

    private int originOf(FunnelState state, ShopEvent event) {
        String channel = Segment.CHANNEL.valueOf(event);
        String device = Segment.DEVICE.valueOf(event);
        String region = Segment.REGION.valueOf(event);
        String campaign = Segment.CAMPAIGN.valueOf(event);
        for (int i = 0; i < state.origins.size(); i++) {
            FunnelState.Origin origin = state.origins.get(i);
            if (origin.channel.equals(channel)
                    && origin.device.equals(device)
                    && origin.region.equals(region)
                    && origin.campaign.equals(campaign)) {
                return i;
            }
        }
        if (state.origins.size() >= MAX_ORIGINS) {
            forgetOldestOrigin(state);
        }
        FunnelState.Origin origin = new FunnelState.Origin();
        origin.channel = channel;
        origin.device = device;
        origin.region = region;
        origin.campaign = campaign;
        origin.lastPane = never(plan.steps());
        state.origins.add(origin);
        return state.origins.size() - 1;
    }

    private void forgetOldestOrigin(FunnelState state) {
        int oldest = 0;
        for (int i = 1; i < state.origins.size(); i++) {
            if (newest(state.origins.get(i).lastPane) < newest(state.origins.get(oldest).lastPane)) {
                oldest = i;
            }
        }
        removeOrigin(state, oldest);
    }

    private static void removeOrigin(FunnelState state, int index) {
        state.origins.remove(index);
        for (int flat = 0; flat < state.chainOrigin.length; flat++) {
            if (state.chainOrigin[flat] == index) {
                state.chainStart[flat] = NONE;
                state.chainOrigin[flat] = 0;
            } else if (state.chainOrigin[flat] > index) {
                state.chainOrigin[flat]--;
            }
        }
    }

    private FunnelState.CategoryChain chainOf(FunnelState state, String category, boolean create) {
        for (FunnelState.CategoryChain chain : state.categories) {
            if (chain.category.equals(category)) {
                return chain;
            }
        }
        if (!create) {
            return null;
        }
        if (state.categories.size() >= MAX_CATEGORIES) {
            state.categories.remove(state.categories.stream()
                    .min(Comparator.comparingLong(chain -> newest(chain.lastPane)))
                    .orElseThrow());
        }
        FunnelState.CategoryChain chain = new FunnelState.CategoryChain();
        chain.category = category;
        chain.chainStart = never(plan.steps());
        chain.lastPane = never(plan.steps());
        state.categories.add(chain);
        return chain;
    }

    /** An order belongs to every category it has items of; what has no category takes part in no category's chain. */
    private static Set<String> categoriesOf(ShopEvent order) {
        if (order.items() == null) {
            return Set.of();
        }
        Set<String> categories = new LinkedHashSet<>();
        for (Item item : order.items()) {
            if (item.category() != null) {
                categories.add(item.category());
            }
        }
        return categories;
    }

    /**
     * When nothing of the state matters any more: its last hit has left the longest window and its day is over, and no
     * chain can be carried on. Rounded up to a full minute so that timers of many visitors fall together.
     */
    public long expiry(FunnelState state) {
        return Window.upToMinute(Math.max(midnightAfter(state.lastHit), state.lastHit + keepMillis));
    }

    /** A visitor is forgotten at most so many milliseconds after what was last kept of it. */
    public long longestLife() {
        // A day has 26 hours at most, and the end is rounded up to a minute.
        return Math.max(Duration.ofHours(26).toMillis(), keepMillis) + 60_000;
    }

    private long midnightAfter(long time) {
        if (time < dayFrom || time >= dayTo) {
            LocalDate day = Instant.ofEpochMilli(time).atZone(zone).toLocalDate();
            dayFrom = day.atStartOfDay(zone).toInstant().toEpochMilli();
            dayTo = day.plusDays(1).atStartOfDay(zone).toInstant().toEpochMilli();
        }
        return dayTo;
    }

    /** Forgets attributes and categories that matter no more at {@code now}; the figures stay what they are. */
    public void prune(FunnelState state, long now) {
        long dayStart = Instant.ofEpochMilli(now)
                .atZone(zone)
                .toLocalDate()
                .atStartOfDay(zone)
                .toEpochSecond();
        long oldest = Math.min(dayStart, Window.paneOf(now) - Window.LONGEST_PANES);
        for (int f = 0; f < plan.funnels().size(); f++) {
            long earliest = now - plan.funnels().get(f).within().toMillis();
            int last = plan.offset(f) + plan.funnels().get(f).steps().size();
            for (int flat = plan.offset(f); flat < last; flat++) {
                if (state.chainStart[flat] < earliest) {
                    state.chainStart[flat] = NONE;
                    state.chainOrigin[flat] = 0;
                }
                for (FunnelState.CategoryChain chain : state.categories) {
                    if (chain.chainStart[flat] < earliest) {
                        chain.chainStart[flat] = NONE;
                    }
                }
            }
        }
        state.categories.removeIf(chain -> newest(chain.lastPane) < oldest && newest(chain.chainStart) == NONE);
        for (int i = state.origins.size() - 1; i >= 0; i--) {
            int index = i;
            boolean carried = false;
            for (int flat = 0; flat < state.chainStart.length; flat++) {
                carried |= state.chainStart[flat] != NONE && state.chainOrigin[flat] == index;
            }
            if (!carried && newest(state.origins.get(i).lastPane) < oldest) {
                removeOrigin(state, i);
            }
        }
    }

    private static long newest(long[] values) {
        long newest = NONE;
        for (long value : values) {
            newest = Math.max(newest, value);
        }
        return newest;
    }

    private static long[] never(int size) {
        long[] values = new long[size];
        Arrays.fill(values, NONE);
        return values;
    }
}
