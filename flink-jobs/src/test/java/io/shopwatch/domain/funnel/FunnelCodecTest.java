package io.shopwatch.domain.funnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.domain.event.Vocabulary;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FunnelCodecTest {
    private static final long START = 1_700_000_000_000L;
    private static final FunnelPlan PLAN = new FunnelPlan(List.of(
            FunnelDefinition.PURCHASE,
            FunnelDefinition.BUY,
            FunnelDefinition.CHECKOUT,
            new FunnelDefinition(
                    "loose", FunnelDefinition.BUY.steps(), Duration.ofMinutes(3), FunnelDefinition.Mode.OPEN)));

    private final FunnelCodec codec = new FunnelCodec(PLAN);
    private final Vocabulary words = new Vocabulary();
    private final VisitorFunnels funnels = new VisitorFunnels(PLAN, ZoneOffset.UTC);

    @Test
    void readsWhatItWroteAfterEveryEventAndEveryCleaning() {
        for (int seed = 0; seed < 5; seed++) {
            Random random = new Random(seed);
            Map<String, FunnelState> visitors = new HashMap<>();
            for (ShopEvent event :
                    RandomVisits.of(random, START, 120, Duration.ofHours(3).toMillis())) {
                FunnelState visitor = visitors.computeIfAbsent(event.visitorId(), id -> funnels.newState());
                if (!PLAN.uses(event.type())) {
                    continue;
                }
                funnels.onInstant(visitor, List.of(event), (f, k, segment, value, pane, previous) -> {});
                if (visitor.lastHit != FunnelState.NONE && visitor.timer == FunnelState.NONE) {
                    visitor.timer = funnels.expiry(visitor);
                }
                if (random.nextInt(10) == 0) {
                    funnels.prune(visitor, event.time());
                }
                byte[] bytes = codec.write(visitor, words, START).toBytes();
                // There may be anything before it and behind its end.
                byte[] longer = new byte[bytes.length + 30];
                Arrays.fill(longer, (byte) 0x15);
                System.arraycopy(bytes, 0, longer, 10, bytes.length);
                assertThat(codec.read(longer, 10, words))
                        .usingRecursiveComparison()
                        .isEqualTo(visitor);
            }
        }
    }

    @Test
    void keepsAVisitorWithoutHits() {
        FunnelState nobody = funnels.newState();
        assertThat(codec.read(codec.write(nobody, words, START).toBytes(), 0, words))
                .usingRecursiveComparison()
                .isEqualTo(nobody);
    }

    @Test
    void keepsOnlyTheTimerOfAVisitorUnderOtherFunnels() {
        FunnelState visitor = funnels.newState();
        visitor.timer = START / 60_000 * 60_000;
        visitor.lastHit = START;
        FunnelState read = new FunnelCodec(new FunnelPlan(List.of(FunnelDefinition.BUY)))
                .read(codec.write(visitor, words, START).toBytes(), 0, words);
        assertThat(read.plan).isEqualTo(PLAN.fingerprint());
        assertThat(read.timer).isEqualTo(visitor.timer);
        assertThat(read.origins).isEmpty();
    }

    @Test
    void writesOutWhatHasNoNumber() {
        for (int i = 0; i < Vocabulary.MAX_WORDS; i++) {
            words.numberOf("word-" + i, START);
        }
        FunnelState visitor = funnels.newState();
        ShopEvent event = ShopEvent.builder(EventType.VIEW_ITEM, "e", START)
                .channel("search")
                .device("ios")
                .region("nörd")
                .campaign("campaign-" + "1".repeat(Vocabulary.MAX_LENGTH))
                .category("word-7")
                .build();
        funnels.onInstant(visitor, List.of(event), (f, k, segment, value, pane, previous) -> {});
        assertThat(codec.read(codec.write(visitor, words, START).toBytes(), 0, words))
                .usingRecursiveComparison()
                .isEqualTo(visitor);
    }

    @Test
    void remembersATypicalVisitorInSixtyBytes() {
        FunnelPlan plan = new FunnelPlan(FunnelDefinition.DEFAULTS);
        VisitorFunnels defaults = new VisitorFunnels(plan, ZoneOffset.UTC);
        FunnelState visitor = defaults.newState();
        // three views in two categories, one of them put into the cart
        for (int i = 0; i < 4; i++) {
            EventType type = i == 3 ? EventType.ADD_TO_CART : EventType.VIEW_ITEM;
            ShopEvent event = ShopEvent.builder(type, "e" + i, START + i * 20_000L)
                    .channel("search")
                    .device("ios")
                    .region("north")
                    .campaign("campaign-1")
                    .category(i == 0 ? "shoes" : "hats")
                    .build();
            defaults.onInstant(visitor, List.of(event), (f, k, segment, value, pane, previous) -> {});
        }
        visitor.timer = defaults.expiry(visitor);
        assertThat(new FunnelCodec(plan).write(visitor, words, START).toBytes()).hasSizeLessThan(60);
    }
}
