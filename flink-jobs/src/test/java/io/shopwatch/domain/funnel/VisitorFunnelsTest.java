package io.shopwatch.domain.funnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.Segment;
import io.shopwatch.domain.event.ShopEvent;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class VisitorFunnelsTest {
    private static final FunnelPlan PLAN = new FunnelPlan(List.of(FunnelDefinition.PURCHASE));
    private static final long START = 1_700_000_000_000L;

    private final List<String> hits = new ArrayList<>();
    private int ids;

    private FunnelState follow(FunnelPlan plan, ShopEvent... events) {
        VisitorFunnels funnels = new VisitorFunnels(plan, ZoneOffset.UTC);
        FunnelState state = funnels.newState();
        List<ShopEvent> sorted = new ArrayList<>(List.of(events));
        sorted.sort(Comparator.comparingLong(ShopEvent::time));
        for (int i = 0; i < sorted.size(); ) {
            List<ShopEvent> instant = new ArrayList<>();
            long time = sorted.get(i).time();
            while (i < sorted.size() && sorted.get(i).time() == time) {
                instant.add(sorted.get(i++));
            }
            funnels.onInstant(state, instant, (f, k, segment, value, pane, previous) -> {
                if (segment == Segment.ALL || segment == Segment.CHANNEL || segment == Segment.CATEGORY) {
                    hits.add(plan.funnels().get(f).steps().get(k).name() + " " + value + " @"
                            + (pane - START / 1000)
                            + (previous == FunnelState.NONE ? "" : " after " + (previous - START / 1000)));
                }
            });
        }
        return state;
    }

    private ShopEvent event(EventType type, long millis, String channel) {
        return ShopEvent.builder(type, "e" + ids++, START + millis)
                .visitor("v")
                .channel(channel)
                .build();
    }

    @Test
    void countsStepsTakenInOrderUnderTheChannelOfTheFirst() {
        follow(
                PLAN,
                event(EventType.VIEW_ITEM, 0, "app"),
                event(EventType.ADD_TO_CART, 60_000, "email"),
                event(EventType.PLACED, 90_000, "email"),
                event(EventType.PAID, 95_000, "email"));
        assertThat(hits)
                .containsExactly(
                        "view all @0", "view app @0",
                        "cart all @60", "cart app @60",
                        "order all @90", "order app @90",
                        "pay all @95", "pay app @95");
    }

    @Test
    void ignoresAStepWithoutTheOneBeforeIt() {
        follow(
                PLAN,
                event(EventType.VIEW_ITEM, 0, "app"),
                event(EventType.PLACED, 1000, "app"),
                event(EventType.PAID, 2000, "app"));
        assertThat(hits).containsExactly("view all @0", "view app @0");
    }

    @Test
    void reachesAStepExactlyAtTheLimitAndNotAMillisecondLater() {
        follow(
                PLAN,
                event(EventType.VIEW_ITEM, 0, "app"),
                event(EventType.ADD_TO_CART, Duration.ofHours(1).toMillis(), "app"));
        assertThat(hits).contains("cart all @3600");
        hits.clear();
        follow(
                PLAN,
                event(EventType.VIEW_ITEM, 0, "app"),
                event(EventType.ADD_TO_CART, Duration.ofHours(1).toMillis() + 1, "app"));
        assertThat(hits).doesNotContain("cart all @3600");
    }

    @Test
    void carriesOnTheChainThatBeganLast() {
        follow(
                PLAN,
                event(EventType.VIEW_ITEM, 0, "app"),
                event(EventType.VIEW_ITEM, 10_000, "search"),
                event(EventType.ADD_TO_CART, 20_000, "x"));
        assertThat(hits).contains("cart search @20").doesNotContain("cart app @20");
    }

    @Test
    void takesStepsOfOneInstantInTheirOrderWhateverTheOrderOfArrival() {
        follow(
                PLAN,
                event(EventType.PAID, 0, "app"),
                event(EventType.PLACED, 0, "app"),
                event(EventType.ADD_TO_CART, 0, "app"),
                event(EventType.VIEW_ITEM, 0, "app"));
        assertThat(hits).contains("view all @0", "cart all @0", "order all @0", "pay all @0");
    }

    @Test
    void movesAVisitorWhoComesAgainInsteadOfCountingTwice() {
        follow(
                PLAN,
                event(EventType.VIEW_ITEM, 0, "app"),
                event(EventType.VIEW_ITEM, 400, "app"),
                event(EventType.VIEW_ITEM, 7_000, "email"));
        assertThat(hits)
                .containsExactly(
                        "view all @0", "view app @0", // the second view is in the same second: nothing changes
                        "view all @7 after 0", "view email @7");
    }

    @Test
    void keepsCategoriesApart() {
        ShopEvent shoes = event(EventType.VIEW_ITEM, 0, "app").toBuilder()
                .category("shoes")
                .build();
        ShopEvent hats = event(EventType.ADD_TO_CART, 5000, "app").toBuilder()
                .category("hats")
                .build();
        ShopEvent none = event(EventType.ADD_TO_CART, 6000, "app");
        follow(PLAN, shoes, hats, none);
        assertThat(hits)
                .contains("view shoes @0", "cart all @5")
                .doesNotContain("cart hats @5", "cart shoes @5", "cart unknown @6");
    }

    @Test
    void letsEveryEventReachItsStepInAnOpenFunnel() {
        FunnelDefinition open = new FunnelDefinition(
                "open",
                FunnelDefinition.PURCHASE.steps(),
                FunnelDefinition.PURCHASE.within(),
                FunnelDefinition.Mode.OPEN);
        follow(new FunnelPlan(List.of(open)), event(EventType.PAID, 0, "app"));
        assertThat(hits).containsExactly("pay all @0", "pay app @0");
    }

    @Test
    void forgetsWhatMattersNoMore() {
        VisitorFunnels funnels = new VisitorFunnels(PLAN, ZoneOffset.UTC);
        FunnelState state = follow(
                PLAN,
                event(EventType.VIEW_ITEM, 0, "app"),
                event(EventType.VIEW_ITEM, 1000, "email").toBuilder()
                        .category("shoes")
                        .build());
        long twoDays = START + Duration.ofDays(2).toMillis();
        assertThat(funnels.expiry(state)).isLessThan(twoDays);
        funnels.prune(state, twoDays);
        assertThat(state.origins).isEmpty();
        assertThat(state.categories).isEmpty();
    }

    @Test
    void boundsWhatOneVisitorCanCost() {
        ShopEvent[] events = new ShopEvent[1000];
        for (int i = 0; i < events.length; i++) {
            events[i] = event(EventType.VIEW_ITEM, i * 1000L, "channel-" + i).toBuilder()
                    .category("category-" + i)
                    .build();
        }
        FunnelState state = follow(PLAN, events);
        assertThat(state.origins).hasSize(VisitorFunnels.MAX_ORIGINS);
        assertThat(state.categories).hasSize(VisitorFunnels.MAX_CATEGORIES);
        assertThat(hits).contains("view all @999 after 998");
    }
}
