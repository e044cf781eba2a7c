package io.shopwatch.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.EventTime;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.Item;
import io.shopwatch.domain.event.Money;
import io.shopwatch.domain.event.ShopEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventRoundTripTest {
    private static final long SEED = 20261111;
    private static final String[] TEXTS = {"a", "SKU-17", "鞋", "👟", "a\"b\\c", "é\n\t", "{}", "null", " ", "\u0001"};

    @Test
    void writesTheNamesOfTheInputTopics() {
        ShopEvent placed = ShopEvent.builder(EventType.PLACED, "e1", 1_794_355_200_000L)
                .visitor("v1")
                .session("s1")
                .channel("ads")
                .campaign("11.11")
                .device("ios")
                .region("eu")
                .order("o1")
                .items(List.of(new Item("s1", "c1", 2, 99_900, "north")))
                .currency("EUR")
                .discount(5_000L)
                .coupon("HALF")
                .paymentMethod("card")
                .build();

        assertThat(text(placed))
                .isEqualTo("{\"eventId\":\"e1\",\"eventTime\":1794355200000,\"type\":\"placed\",\"visitorId\":\"v1\","
                        + "\"sessionId\":\"s1\",\"channel\":\"ads\",\"campaign\":\"11.11\",\"device\":\"ios\","
                        + "\"region\":\"eu\",\"orderId\":\"o1\",\"items\":[{\"sku\":\"s1\",\"category\":\"c1\","
                        + "\"quantity\":2,\"unitPrice\":9.99,\"warehouse\":\"north\"}],\"currency\":\"EUR\","
                        + "\"discount\":0.5,\"coupon\":\"HALF\",\"paymentMethod\":\"card\"}");
    }

    @Test
    void leavesOutWhatAnEventDoesNotHave() {
        assertThat(text(ShopEvent.builder(EventType.BEGIN_CHECKOUT, "e1", 1_794_355_200_000L)
                        .visitor("v1")
                        .build()))
                .isEqualTo(
                        "{\"eventId\":\"e1\",\"eventTime\":1794355200000,\"type\":\"begin_checkout\",\"visitorId\":\"v1\"}");
        assertThat(text(ShopEvent.builder(EventType.COUNTED, "e1", 1_794_355_200_000L)
                        .sku("s1")
                        .warehouse("default")
                        .build()))
                .isEqualTo("{\"eventId\":\"e1\",\"eventTime\":1794355200000,\"type\":\"counted\",\"sku\":\"s1\","
                        + "\"warehouse\":\"default\",\"quantity\":0}");
    }

    @Test
    void keysRecordsByVisitorOrderOrSku() {
        assertThat(EventEncoder.recordKey(ShopEvent.builder(EventType.PAGE_VIEW, "e", 0)
                        .visitor("v")
                        .sku("s")
                        .build()))
                .isEqualTo("v");
        assertThat(EventEncoder.recordKey(ShopEvent.builder(EventType.ADD_TO_CART, "e", 0)
                        .visitor("v")
                        .sku("s")
                        .build()))
                .isEqualTo("v");
        assertThat(EventEncoder.recordKey(ShopEvent.builder(EventType.PAID, "e", 0)
                        .visitor("v")
                        .order("o")
                        .build()))
                .isEqualTo("o");
        assertThat(EventEncoder.recordKey(
                        ShopEvent.builder(EventType.RECEIVED, "e", 0).sku("s").build()))
                .isEqualTo("s");
    }

    @Test
    void writesHalfASurrogatePairAsAnEscapeThatIsRejectedAgain() {
        ShopEvent event = ShopEvent.builder(EventType.PAGE_VIEW, "e", EventTime.MIN)
                .visitor("\ud83d")
                .build();

        assertThat(text(event)).contains("\"visitorId\":\"\\uD83D\"");
        assertThat(new EventDecoder(EventStream.CLICKS, null)
                        .decode(EventEncoder.encode(event), 0)
                        .reason())
                .isEqualTo(DeadLetterReason.INVALID_FIELD);
    }

    @Test
    void readsEveryEventAsItWasWritten() {
        Random random = new Random(SEED);
        for (int i = 0; i < 20_000; i++) {
            ShopEvent event = randomEvent(random);

            Decoded decoded = new EventDecoder(event.stream(), null).decode(EventEncoder.encode(event), 0);

            assertThat(decoded.event())
                    .as(() -> decoded.detail() + " in " + text(event))
                    .isEqualTo(event);
        }
    }

    @Test
    void neverThrowsWhateverTheBytes() {
        Random random = new Random(SEED);
        Map<DeadLetterReason, Integer> seen = new EnumMap<>(DeadLetterReason.class);
        EventDecoder[] decoders = new EventDecoder[EventStream.values().length];
        for (EventStream stream : EventStream.values()) {
            decoders[stream.ordinal()] = new EventDecoder(stream, null);
        }
        int accepted = 0;
        for (int i = 0; i < 60_000; i++) {
            ShopEvent event = randomEvent(random);
            byte[] bytes = mutate(EventEncoder.encode(event), random);

            Decoded decoded = decoders[event.stream().ordinal()].decode(bytes, 0);

            if (decoded.isAccepted()) {
                accepted++;
                assertThat(decoded.reason()).isNull();
                // What was accepted can be written and read again: nothing impossible slipped through.
                ShopEvent read = decoded.event();
                assertThat(decoders[read.stream().ordinal()]
                                .decode(EventEncoder.encode(read), 0)
                                .event())
                        .isEqualTo(read);
            } else {
                seen.merge(decoded.reason(), 1, Integer::sum);
                assertThat(decoded.detail()).isNotBlank().hasSizeLessThanOrEqualTo(200);
                // The detail goes into JSON: it must be text.
                Json.bytes(new DeadLetter(decoded.reason().wireName(), decoded.detail(), "t", 0, 0, 0, ""));
            }
        }
        // Some mutations are harmless (another letter in a name); the others hit all kinds of checks.
        assertThat(accepted).isGreaterThan(2_000);
        assertThat(seen)
                .containsKeys(
                        DeadLetterReason.MALFORMED,
                        DeadLetterReason.MISSING_FIELD,
                        DeadLetterReason.INVALID_FIELD,
                        DeadLetterReason.UNKNOWN_TYPE,
                        DeadLetterReason.TOO_OLD,
                        DeadLetterReason.OUT_OF_RANGE);
    }

    /** Changes, removes, repeats or inserts some bytes. */
    private static byte[] mutate(byte[] bytes, Random random) {
        byte[] result = bytes.clone();
        String alphabet = "{}[]\",:0123456789.eE+-\\untrfls \u0000ÿ";
        for (int n = random.nextInt(3); n >= 0; n--) {
            int at = random.nextInt(result.length);
            int length = 1 + random.nextInt(Math.min(8, result.length - at));
            switch (random.nextInt(5)) {
                case 0 -> result[at] = (byte) random.nextInt(256);
                case 1 -> result[at] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
                case 2 -> {
                    // without [at, at + length)
                    byte[] shorter = new byte[result.length - length];
                    System.arraycopy(result, 0, shorter, 0, at);
                    System.arraycopy(result, at + length, shorter, at, result.length - at - length);
                    result = shorter;
                }
                case 3 -> {
                    // with [at, at + length) twice
                    byte[] longer = new byte[result.length + length];
                    System.arraycopy(result, 0, longer, 0, at + length);
                    System.arraycopy(result, at, longer, at + length, result.length - at);
                    result = longer;
                }
                default -> result = java.util.Arrays.copyOf(result, at);
            }
            if (result.length == 0) {
                return result;
            }
        }
        return result;
    }

    static ShopEvent randomEvent(Random random) {
        EventType type = EventType.values()[random.nextInt(EventType.values().length)];
        long time = EventTime.MIN + (long) (random.nextDouble() * (EventTime.MAX - EventTime.MIN));
        ShopEvent.Builder event = ShopEvent.builder(type, required(random), time);
        if (type.stream() != EventStream.STOCK) {
            event.visitor(required(random))
                    .session(optional(random))
                    .channel(optional(random))
                    .campaign(optional(random))
                    .device(optional(random))
                    .region(optional(random));
        }
        switch (type.stream()) {
            case CLICKS -> {
                boolean needed = type == EventType.VIEW_ITEM;
                event.sku(needed ? required(random) : optional(random));
                event.category(needed ? required(random) : optional(random));
            }
            case CARTS -> {
                boolean needed = type != EventType.BEGIN_CHECKOUT;
                long quantity = needed || random.nextBoolean() ? 1 + random.nextInt(1_000) : 0;
                event.sku(needed ? required(random) : optional(random))
                        .category(optional(random))
                        .quantity(quantity)
                        .unitPrice(amount(random, Math.max(1, quantity)));
            }
            case ORDERS -> {
                event.order(required(random))
                        .currency(random.nextBoolean() ? null : "EUR")
                        .discount(random.nextBoolean() ? null : amount(random, 1))
                        .coupon(optional(random))
                        .paymentMethod(optional(random))
                        .restock(type == EventType.REFUNDED && random.nextBoolean());
                if (type == EventType.PLACED || random.nextBoolean()) {
                    event.items(items(random));
                }
            }
            case STOCK -> {
                long quantity = random.nextLong(EventDecoder.MAX_QUANTITY);
                event.sku(required(random))
                        .warehouse(required(random))
                        .quantity(
                                switch (type) {
                                    case RECEIVED -> 1 + quantity;
                                    case ADJUSTED -> random.nextBoolean() ? -quantity : quantity;
                                    default -> quantity;
                                });
            }
        }
        return event.build();
    }

    private static List<Item> items(Random random) {
        List<Item> items = new ArrayList<>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            long quantity = 1 + random.nextInt(1_000);
            items.add(new Item(
                    required(random), optional(random), quantity, amount(random, quantity * count), required(random)));
        }
        return items;
    }

    /** An amount whose {@code times}-fold is in range, of any magnitude. */
    private static long amount(Random random, long times) {
        return random.nextLong(Money.MAX_AMOUNT / times + 1) >> random.nextInt(60);
    }

    private static String required(Random random) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(4); n >= 0; n--) {
            text.append(TEXTS[random.nextInt(TEXTS.length)]);
        }
        return text.toString();
    }

    private static String optional(Random random) {
        return random.nextInt(3) == 0 ? null : required(random);
    }

    private static String text(ShopEvent event) {
        return new String(EventEncoder.encode(event), StandardCharsets.UTF_8);
    }
}
