package io.shopwatch.job.common;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.Item;
import io.shopwatch.domain.event.OrderRules;
import io.shopwatch.domain.event.Outcome;
import io.shopwatch.domain.event.ShopEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OrderFactsTest {
    private static final Duration DEDUP_TTL = Duration.ofHours(1);
    private static final Duration TTL = Duration.ofDays(30);

    private KeyedOneInputStreamOperatorTestHarness<String, ShopEvent, ShopEvent> operator;

    @BeforeEach
    void open() throws Exception {
        TypeSerializer<ShopEvent> serializer =
                TypeInformation.of(ShopEvent.class).createSerializer(new SerializerConfigImpl());
        operator = new KeyedOneInputStreamOperatorTestHarness<>(
                OrderedOperator.of(
                        new OrderFacts(new OrderRules(DEDUP_TTL, TTL, "USD")), serializer, ShopEvent::orderId),
                ShopEvent::orderId,
                Types.STRING);
        operator.setup(serializer);
        operator.open();
    }

    @AfterEach
    void close() throws Exception {
        operator.close();
    }

    @Test
    void factsComeInTheOrderOfTimeWhateverTheOrderOfArrival() throws Exception {
        send(EventType.REFUNDED, "e3", 5000);
        send(EventType.PAID, "e2", 2000);
        send(EventType.PLACED, "e1", 2000);
        assertThat(facts()).isEmpty();
        operator.processWatermark(4999);
        assertThat(facts()).extracting(ShopEvent::eventId).containsExactly("e1", "e2");
        operator.processWatermark(5000);
        assertThat(facts()).extracting(ShopEvent::eventId).containsExactly("e3");
        assertThat(late()).isEmpty();
    }

    @Test
    void countsEveryRecordOnceAsAcceptedLateOrDuplicate() throws Exception {
        send(EventType.PLACED, "e1", 1000);
        send(EventType.PLACED, "e1", 1000);
        send(EventType.PLACED, "e2", 1500);
        operator.processWatermark(2000);
        send(EventType.PAID, "e3", 1700);
        send(EventType.PAID, "e3", 1700);
        send(EventType.PAID, "e3", 2500);
        operator.processWatermark(3000);

        List<Tally> tallies = side(OrderedOperator.TALLIES);
        assertThat(tallies).allMatch(tally -> tally.stream() == EventStream.ORDERS);
        // e1 and e2, which is no fact but no copy either
        assertThat(sum(tallies, Outcome.ACCEPTED)).isEqualTo(2);
        assertThat(sum(tallies, Outcome.LATE)).isEqualTo(1);
        // of e1 one, of e3 one that came late and one in time: 2 + 1 + 3 = 6 sent
        assertThat(sum(tallies, Outcome.DUPLICATE)).isEqualTo(3);
        assertThat(facts()).extracting(ShopEvent::eventId).containsExactly("e1");
        assertThat(late()).extracting(one -> one.fact().eventId()).containsExactly("e3");
    }

    @Test
    void aFactThatWaitedForItsOrderIsLateAndKnownWhenTheOrderIs() throws Exception {
        send(EventType.PAID, "e1", 1000);
        operator.processWatermark(2000);
        send(EventType.PLACED, "e2", 5000);
        operator.processWatermark(9000);
        assertThat(facts()).extracting(ShopEvent::eventId).containsExactly("e2");
        List<OrderFacts.LateFact> late = late();
        assertThat(late).hasSize(1);
        assertThat(late.get(0).fact().time()).isEqualTo(1000);
        assertThat(late.get(0).fact().items()).hasSize(1);
        // not the watermark, which depends on the run
        assertThat(late.get(0).knownAt()).isEqualTo(5000);
    }

    @Test
    void anOrderHasOneTimerAndLeavesNothingBehind() throws Exception {
        for (int i = 0; i < 20; i++) {
            send(i == 0 ? EventType.PLACED : EventType.SHIPPED, "e" + i, 1000 + i);
        }
        operator.processWatermark(10_000);
        assertThat(operator.numKeyedStateEntries()).isEqualTo(1);
        assertThat(operator.numEventTimeTimers()).isEqualTo(1);

        operator.processWatermark(10_000 + DEDUP_TTL.toMillis());
        assertThat(operator.numKeyedStateEntries()).isEqualTo(1);
        // Not a moment too early, and within the minute.
        operator.processWatermark(59_999 + TTL.toMillis());
        assertThat(operator.numKeyedStateEntries()).isEqualTo(1);
        operator.processWatermark(60_000 + TTL.toMillis());
        assertThat(operator.numKeyedStateEntries()).isZero();
        assertThat(operator.numEventTimeTimers()).isZero();
    }

    private void send(EventType type, String eventId, long time) throws Exception {
        ShopEvent.Builder event =
                ShopEvent.builder(type, eventId, time).visitor("v").order("o");
        if (type == EventType.PLACED) {
            event.items(List.of(new Item("s", "c", 1, 100, "default")));
        }
        operator.processElement(event.build(), time);
    }

    private List<ShopEvent> facts() {
        List<ShopEvent> facts = new ArrayList<>();
        while (!operator.getOutput().isEmpty()) {
            if (operator.getOutput().poll() instanceof StreamRecord<?> one) {
                facts.add((ShopEvent) one.getValue());
            }
        }
        return facts;
    }

    private List<OrderFacts.LateFact> late() {
        return side(OrderFacts.LATE);
    }

    private <T> List<T> side(OutputTag<T> tag) {
        Collection<StreamRecord<T>> output = operator.getSideOutput(tag);
        return output == null
                ? List.of()
                : output.stream().map(StreamRecord::getValue).toList();
    }

    private static long sum(List<Tally> tallies, Outcome outcome) {
        return tallies.stream()
                .filter(tally -> tally.outcome() == outcome)
                .mapToLong(Tally::count)
                .sum();
    }
}
