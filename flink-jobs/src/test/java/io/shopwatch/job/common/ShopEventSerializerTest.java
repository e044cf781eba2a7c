package io.shopwatch.job.common;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.Item;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.oracle.RandomShop;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class ShopEventSerializerTest {
    private static final long NOON = Instant.parse("2026-11-11T12:00:00Z").toEpochMilli();

    private final ShopEventSerializer serializer = new ShopEventSerializer();

    private ShopEvent written(ShopEvent event) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(16);
        serializer.serialize(event, out);
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
        ShopEvent read = serializer.deserialize(in);
        assertThat(in.available()).isZero();
        return read;
    }

    @Test
    void readsWhatItWrote() throws IOException {
        for (ShopEvent event :
                RandomShop.events(new Random(1), NOON, Duration.ofHours(3).toMillis(), 2_000)) {
            assertThat(written(event)).isEqualTo(event);
        }
    }

    @Test
    void keepsEveryFieldAndTellsNothingFromZero() throws IOException {
        ShopEvent full = ShopEvent.builder(EventType.REFUNDED, "e1", NOON)
                .visitor("v1")
                .session("s1")
                .channel("ads")
                .campaign("11.11")
                .device("ios")
                .region("浙江")
                .sku("sku-1")
                .category("鞋 👟")
                .warehouse("north")
                .quantity(-3)
                .unitPrice(99_900)
                .order("o1")
                .items(List.of(new Item("sku-1", "c", 2, 10_000, "default"), new Item("sku-2", null, 1, 0, "default")))
                .currency("CNY")
                .discount(0L)
                .coupon("HALF")
                .paymentMethod("card")
                .restock(true)
                .build();
        assertThat(written(full)).isEqualTo(full);
        ShopEvent bare = ShopEvent.builder(EventType.PAGE_VIEW, "e2", -1).build();
        assertThat(written(bare)).isEqualTo(bare);
        ShopEvent noItems = full.toBuilder().items(List.of()).discount(null).build();
        assertThat(written(noItems)).isEqualTo(noItems);
    }

    @Test
    void carriesTheLongestStringsThatAreRead() throws IOException {
        ShopEvent event = ShopEvent.builder(EventType.SEARCH, "鞋".repeat(256), NOON)
                .visitor("v".repeat(256))
                .channel("👟".repeat(256))
                .build();
        assertThat(written(event)).isEqualTo(event);
    }

    @Test
    void givesFewKindsOfValuesAsOneString() throws IOException {
        ShopEvent event = ShopEvent.builder(EventType.VIEW_ITEM, "e1", NOON)
                .visitor("v1")
                .channel("ads")
                .build();
        assertThat(written(event).channel()).isSameAs(written(event).channel());
    }
}
