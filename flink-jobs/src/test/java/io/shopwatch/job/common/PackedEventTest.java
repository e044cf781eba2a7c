package io.shopwatch.job.common;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.event.EventOrder;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.oracle.RandomShop;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class PackedEventTest {
    private static final long NOON = Instant.parse("2026-11-11T12:00:00Z").toEpochMilli();

    private final PackedEvent.Packer packer = new PackedEvent.Packer();

    @Test
    void keepsWhatFiguresByVisitorRead() throws IOException {
        PackedEvent.Serializer serializer = new PackedEvent.Serializer();
        DataOutputSerializer out = new DataOutputSerializer(16);
        List<ShopEvent> events = shop(2_000);
        for (ShopEvent event : events) {
            serializer.serialize(packer.pack(event), out);
        }
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
        for (ShopEvent event : events) {
            PackedEvent packed = serializer.deserialize(in);
            assertThat(packed.type()).isEqualTo(event.type());
            assertThat(packed.stream()).isEqualTo(event.stream());
            assertThat(packed.time()).isEqualTo(event.time());
            assertThat(packed.visitorId()).isEqualTo(event.visitorId());
            assertThat(packer.unpack(packed)).isEqualTo(readByVisitor(event));
        }
        assertThat(in.available()).isZero();
    }

    @Test
    void findsTheVisitorBehindALongId() {
        for (int length : new int[] {1, 254, 255, 256, 70_000}) {
            ShopEvent event = ShopEvent.builder(EventType.PAGE_VIEW, "e".repeat(length), NOON)
                    .visitor("浙" + "v".repeat(length))
                    .build();
            assertThat(packer.pack(event).visitorId()).isEqualTo(event.visitorId());
        }
    }

    @Test
    void isOrderedAsItsContentIs() {
        List<ShopEvent> events =
                shop(300).stream().map(PackedEventTest::readByVisitor).toList();
        Comparator<PackedEvent> order = packer.by(EventOrder.WITHIN_INSTANT);
        assertThat(events.stream()
                        .map(packer::pack)
                        .sorted(order)
                        .map(packer::unpack)
                        .toList())
                .isEqualTo(events.stream().sorted(EventOrder.WITHIN_INSTANT).toList());
    }

    private static List<ShopEvent> shop(int size) {
        return RandomShop.events(new Random(1), NOON, Duration.ofHours(3).toMillis(), size).stream()
                .filter(event -> event.visitorId() != null)
                .toList();
    }

    private static ShopEvent readByVisitor(ShopEvent event) {
        return ShopEvent.builder(event.type(), event.eventId(), event.time())
                .visitor(event.visitorId())
                .channel(event.channel())
                .campaign(event.campaign())
                .device(event.device())
                .region(event.region())
                .category(event.category())
                .items(event.items())
                .currency(event.currency())
                .discount(event.discount())
                .build();
    }
}
