package io.shopwatch.domain.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.ShopEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StockLevelTest {
    private static final long SECOND = 1000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;

    /** A level, what it remembers and what it has said; time goes on by {@link #until}. */
    private static final class Shelf implements OnHandHistory {
        private final StockLevel level;
        private final StockMemory memory = new StockMemory();
        private final TreeMap<Long, Long> movements = new TreeMap<>();
        private final List<StockFigures> figures = new ArrayList<>();
        private long now = -1;

        Shelf(Duration history) {
            level = new StockLevel(
                    new ReorderPolicy(Duration.ofHours(1), Duration.ZERO, 0.95, 0), Duration.ofMinutes(15), history);
        }

        Shelf() {
            this(Duration.ofHours(1));
        }

        Shelf stock(EventType type, long time, long quantity) {
            return take(StockChange.of(ShopEvent.builder(type, type + "@" + time, time)
                    .sku("a")
                    .warehouse("default")
                    .quantity(quantity)
                    .build()));
        }

        Shelf order(long time, long onHand, long reserved, long units) {
            return take(new StockChange(
                    StockChange.Kind.ORDER,
                    "a",
                    "default",
                    "o@" + time,
                    time,
                    time,
                    onHand,
                    reserved,
                    units,
                    units > 0 ? 1 : 0,
                    null,
                    null,
                    null));
        }

        private Shelf take(StockChange change) {
            if (change.known() > now) {
                level.settle(memory, this, change.known(), figures::add);
            }
            level.apply(memory, this, change, now);
            return this;
        }

        /** The watermark reaches the millisecond before {@code time}. */
        Shelf until(long time) {
            level.settle(memory, this, time, figures::add);
            now = time - 1;
            return this;
        }

        StockFigures last() {
            return figures.get(figures.size() - 1);
        }

        List<Long> times() {
            return figures.stream().map(StockFigures::time).toList();
        }

        @Override
        public void add(long time, long units) {
            movements.merge(time, units, Long::sum);
        }

        @Override
        public long sumAfter(long time) {
            return movements.tailMap(time, false).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }

        @Override
        public void forgetBefore(long time) {
            movements.headMap(time).clear();
        }
    }

    @Test
    void availableIsOnHandLessReserved() {
        StockFigures figures = new Shelf()
                .stock(EventType.COUNTED, 10, 40)
                .order(20, 0, 12, 12)
                .until(SECOND)
                .last();

        // 40 on hand − 12 reserved = 28
        assertThat(figures.onHand()).isEqualTo(40);
        assertThat(figures.reserved()).isEqualTo(12);
        assertThat(figures.available()).isEqualTo(28);
    }

    @Test
    void movementsAfterACountCountOnTop() {
        Shelf shelf = new Shelf()
                .stock(EventType.RECEIVED, 10, 7)
                .stock(EventType.COUNTED, 20, 40)
                .order(30, -5, 0, 0)
                .stock(EventType.ADJUSTED, 40, -2)
                .stock(EventType.RECEIVED, 50, 10)
                .until(SECOND);

        // 40 − 5 − 2 + 10; the 7 received before the count are in it
        assertThat(shelf.last().onHand()).isEqualTo(43);
        assertThat(shelf.last().lastReceived()).isEqualTo(50);
    }

    @Test
    void aCountContainsWhatHappensAtItsInstant() {
        Shelf shelf = new Shelf()
                .stock(EventType.COUNTED, 20, 40)
                .stock(EventType.RECEIVED, 20, 10)
                .until(SECOND);

        assertThat(shelf.last().onHand()).isEqualTo(40);
    }

    @Test
    void aLateCountGoesWhereItBelongs() {
        Shelf shelf = new Shelf()
                .stock(EventType.RECEIVED, 10, 30)
                .order(100, -4, 0, 0)
                .order(300, -6, 0, 0)
                .until(SECOND)
                .stock(EventType.COUNTED, 200, 25)
                .until(2 * SECOND);

        // 25 at 200, − 6 after it
        assertThat(shelf.last().onHand()).isEqualTo(19);
        assertThat(shelf.last().time()).isEqualTo(2 * SECOND);
    }

    @Test
    void anOlderCountThanTheNewestIsIgnoredAndSaysNothingNew() {
        Shelf shelf = new Shelf()
                .stock(EventType.COUNTED, 200, 25)
                .until(SECOND)
                .stock(EventType.COUNTED, 100, 99)
                .until(2 * SECOND);

        assertThat(shelf.times()).containsExactly(SECOND);
        assertThat(shelf.last().onHand()).isEqualTo(25);
    }

    @Test
    void aLateMovementBeforeTheCountIsInItAlready() {
        Shelf shelf = new Shelf()
                .stock(EventType.COUNTED, 200, 25)
                .until(SECOND)
                .order(100, -3, 0, 0)
                .stock(EventType.RECEIVED, 300, 2)
                .until(2 * SECOND);

        // 25 + 2; the 3 had left before
        assertThat(shelf.last().onHand()).isEqualTo(27);
    }

    @Test
    void aCountLaterThanTheHistoryTakesForgottenMovementsAsCountedIn() {
        Shelf shelf = new Shelf(Duration.ofSeconds(10))
                .order(SECOND, -4, 0, 0)
                .until(30 * SECOND)
                .order(30 * SECOND, -6, 0, 0)
                .until(31 * SECOND)
                .stock(EventType.COUNTED, 500, 25)
                .until(32 * SECOND);

        // 25 − 6: the 4 that left at 1 s are forgotten
        assertThat(shelf.last().onHand()).isEqualTo(19);
    }

    @Test
    void stockIsUnknownUntilTheFirstStockEvent() {
        Shelf shelf = new Shelf().order(10, 0, 3, 3).until(SECOND);
        assertThat(shelf.last().state()).isEqualTo(StockState.UNKNOWN);
        assertThat(shelf.last().reserved()).isEqualTo(3);
        assertThat(shelf.last().coverSeconds()).isNull();

        shelf.stock(EventType.RECEIVED, SECOND, 10).until(2 * SECOND);
        // 0 + 10 − 3
        assertThat(shelf.last().available()).isEqualTo(7);
        // 3 an hour over one hour: 3 + 1.644854 · √3 = 5.85
        assertThat(shelf.last().state()).isEqualTo(StockState.IN_STOCK);
    }

    @Test
    void velocityHalvesWithEveryHalfLife() {
        Shelf shelf = new Shelf().stock(EventType.COUNTED, 0, 1000).order(0, 0, 10, 10);

        // ln 2 / 0.25 h · 10 = 27.725887 per hour at the sale
        double atSale = Math.log(2) / 0.25 * 10;
        shelf.until(15 * MINUTE);
        assertThat(shelf.level.figures(shelf.memory, 15 * MINUTE).velocityPerHour())
                .isCloseTo(atSale / 2, within(1e-8));
        assertThat(shelf.level.figures(shelf.memory, 30 * MINUTE).velocityPerHour())
                .isCloseTo(atSale / 4, within(1e-8));
        // 990 / 13.862944 per hour · 3600 s = 257088.5 s
        assertThat(shelf.level.figures(shelf.memory, 15 * MINUTE).coverSeconds())
                .isCloseTo(990 / (atSale / 2) * 3600, within(0.001));
    }

    @Test
    void aSteadyRateIsItsVelocity() {
        Shelf shelf = new Shelf();
        for (long time = 0; time < 12 * HOUR; time += MINUTE) {
            shelf.order(time, 0, 1, 1);
        }
        // one unit a minute; the last one is half a minute old
        assertThat(shelf.level.figures(shelf.memory, 12 * HOUR - 30 * SECOND).velocityPerHour())
                .isCloseTo(60, within(0.05));
    }

    @Test
    void aCancellationTakesItsUnitsBackAtItsOwnTime() {
        Shelf shelf = new Shelf().order(0, 0, 10, 10).order(15 * MINUTE, 0, -10, -10);

        // 2.772589 · (10/2 − 10) = −13.862944: more cancelled than ordered lately
        assertThat(shelf.level.figures(shelf.memory, 15 * MINUTE).velocityPerHour())
                .isCloseTo(-13.862944, within(1e-6));
        assertThat(shelf.level.figures(shelf.memory, 15 * MINUTE).coverSeconds())
                .isNull();
    }

    @Test
    void aLateSaleWeighsAsOldAsItIs() {
        Shelf early = new Shelf().order(0, 0, 4, 4).order(10 * MINUTE, 0, 3, 3);
        Shelf late = new Shelf().order(10 * MINUTE, 0, 3, 3).until(11 * MINUTE).order(0, 0, 4, 4);

        assertThat(late.level.figures(late.memory, HOUR).velocityPerHour())
                .isEqualTo(early.level.figures(early.memory, HOUR).velocityPerHour());
    }

    @Test
    void remembersTheVelocityWhenItRanOut() {
        Shelf shelf =
                new Shelf().stock(EventType.COUNTED, 0, 10).order(0, 0, 10, 10).until(SECOND);
        double atStockOut = shelf.last().velocityPerHour();
        assertThat(shelf.last().state()).isEqualTo(StockState.OUT);
        assertThat(shelf.last().velocityAtStockOut()).isEqualTo(atStockOut);

        shelf.order(5 * MINUTE, 0, 1, 1).until(6 * MINUTE);
        assertThat(shelf.last().state()).isEqualTo(StockState.OVERSOLD);
        assertThat(shelf.last().velocityAtStockOut()).isEqualTo(atStockOut);
        // −1 / v
        assertThat(shelf.last().coverSeconds()).isNegative();

        shelf.stock(EventType.RECEIVED, 6 * MINUTE, 5).until(7 * MINUTE);
        assertThat(shelf.last().velocityAtStockOut()).isNull();
    }

    @Test
    void recentSalesAreThoseOfFourHalfLives() {
        Shelf shelf = new Shelf()
                .order(30 * SECOND, 0, 1, 1)
                .order(90 * SECOND, 0, 1, 1)
                .order(HOUR - 1, 0, 1, 1);

        assertThat(shelf.level.figures(shelf.memory, HOUR).recentSales()).isEqualTo(3);
        // counted by minutes: the first is out when its minute is
        assertThat(shelf.level.figures(shelf.memory, HOUR + 59 * SECOND).recentSales())
                .isEqualTo(3);
        assertThat(shelf.level.figures(shelf.memory, HOUR + MINUTE).recentSales())
                .isEqualTo(2);
    }

    @Test
    void figuresComeOncePerSecondWithAllThatHappenedInIt() {
        Shelf shelf = new Shelf()
                .stock(EventType.COUNTED, 100, 5)
                .stock(EventType.ADJUSTED, 999, 1)
                .stock(EventType.ADJUSTED, 1000, 1)
                .stock(EventType.ADJUSTED, 2500, 1)
                .until(10 * SECOND);

        // 999 is within the first second, 1000 in the next
        assertThat(shelf.times()).containsExactly(1000L, 2000L, 3000L);
        assertThat(shelf.figures).extracting(StockFigures::onHand).containsExactly(6L, 7L, 8L);
    }

    @Test
    void figuresWithoutVelocityAreNotRepeated() {
        Shelf shelf = new Shelf().stock(EventType.COUNTED, 100, 5).until(24 * HOUR);
        assertThat(shelf.times()).containsExactly(1000L);
    }

    @Test
    void velocityIsRefreshedOftenAfterASaleThenSeldomUntilItIsNegligible() {
        Shelf shelf = new Shelf().stock(EventType.COUNTED, 0, 500).order(3 * SECOND, 0, 1, 1);
        shelf.until(24 * HOUR);

        List<Long> times = shelf.times();
        // 1 s and 4 s: what happened; then every 10 s until five minutes after the sale, then every minute
        assertThat(times).startsWith(1000L, 4000L, 10_000L, 20_000L, 30_000L);
        assertThat(times).contains(5 * MINUTE, 5 * MINUTE + 10 * SECOND, 6 * MINUTE, 7 * MINUTE);
        assertThat(times).doesNotContain(5 * MINUTE + 20 * SECOND, 6 * MINUTE + 10 * SECOND);
        // 2.772589 · 2^(−t / 15 min) < 0.01 once t > 15 min · log₂ 277.2589 = 121.73 min, shown at the next minute
        StockFigures end = shelf.figures.stream()
                .filter(figures -> figures.time() > 4 * SECOND && figures.velocityPerHour() == 0)
                .findFirst()
                .orElseThrow();
        assertThat(end.time()).isEqualTo(122 * MINUTE);
        assertThat(end.coverSeconds()).isNull();
        // From then on only whole hours make a difference, by the demand that thins out.
        assertThat(times).filteredOn(time -> time > end.time()).isNotEmpty().allMatch(time -> time % HOUR == 0);
    }

    @Test
    void aWeekWithoutASaleEndsTheRefresh() {
        Shelf shelf =
                new Shelf().stock(EventType.COUNTED, 0, 500).order(0, 0, 1, 1).until(400 * HOUR);

        // hours 0 … 168 look back on the sale; at 169 h it is forgotten, and that is said once
        assertThat(shelf.last().time()).isEqualTo(169 * HOUR);
        assertThat(shelf.last().reorderPoint()).isZero();
        assertThat(shelf.level.nextDue(shelf.memory, 400 * HOUR)).isEqualTo(90 * 24 * HOUR);
    }

    @Test
    void aSkuIsForgottenWhenNothingIsHeardOrLeftOfIt() {
        long later = 91 * 24 * HOUR;
        Shelf empty = new Shelf().stock(EventType.COUNTED, 0, 0).until(later);
        Shelf stocked = new Shelf().stock(EventType.COUNTED, 0, 1).until(later);
        Shelf reserved = new Shelf().order(0, 0, 1, 1).until(later);
        Shelf shippedUncounted = new Shelf().order(0, -1, 0, 1).until(later);

        assertThat(empty.level.isForgotten(empty.memory, later)).isTrue();
        assertThat(empty.level.isForgotten(empty.memory, HOUR)).isFalse();
        assertThat(stocked.level.isForgotten(stocked.memory, later)).isFalse();
        assertThat(reserved.level.isForgotten(reserved.memory, later)).isFalse();
        assertThat(shippedUncounted.level.isForgotten(shippedUncounted.memory, later))
                .isTrue();
        assertThat(stocked.level.nextDue(stocked.memory, later)).isEqualTo(StockMemory.NEVER);
    }
}
