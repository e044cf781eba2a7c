package io.shopwatch.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.Item;
import io.shopwatch.domain.event.Money;
import io.shopwatch.domain.event.ShopEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Writes events as {@link EventDecoder} reads them: one JSON object without line breaks, absent fields left out, times
 * in epoch milliseconds, money as exact plain decimals.
 */
public final class EventEncoder {
    private static final JsonFactory JSON = new JsonFactory();

    private EventEncoder() {}

    /** UTF-8 bytes of the event. */
    public static byte[] encode(ShopEvent event) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(320);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("eventId", event.eventId());
            json.writeNumberField("eventTime", event.time());
            json.writeStringField("type", event.type().wireName());
            if (event.stream() != EventStream.STOCK) {
                writeVisit(json, event);
            }
            switch (event.stream()) {
                case CLICKS -> writeProduct(json, event);
                case CARTS -> {
                    writeProduct(json, event);
                    // Only a checkout may do without a quantity, which then reads as 0.
                    if (event.quantity() != 0 || event.type() != EventType.BEGIN_CHECKOUT) {
                        json.writeNumberField("quantity", event.quantity());
                    }
                    if (event.unitPrice() != 0) {
                        writeMoney(json, "unitPrice", event.unitPrice());
                    }
                }
                case ORDERS -> writeOrder(json, event);
                case STOCK -> {
                    writeString(json, "sku", event.sku());
                    writeString(json, "warehouse", event.warehouse());
                    json.writeNumberField("quantity", event.quantity());
                }
            }
            json.writeEndObject();
        } catch (IOException e) {
            // Cannot happen: the bytes are in memory.
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Key of the event's record: the order, the SKU or else the visitor, so that what belongs together stays in order. */
    public static String recordKey(ShopEvent event) {
        return switch (event.stream()) {
            case CLICKS, CARTS -> event.visitorId();
            case ORDERS -> event.orderId();
            case STOCK -> event.sku();
        };
    }

    private static void writeVisit(JsonGenerator json, ShopEvent event) throws IOException {
        writeString(json, "visitorId", event.visitorId());
        writeString(json, "sessionId", event.sessionId());
        writeString(json, "channel", event.channel());
        writeString(json, "campaign", event.campaign());
        writeString(json, "device", event.device());
        writeString(json, "region", event.region());
    }

    private static void writeProduct(JsonGenerator json, ShopEvent event) throws IOException {
        writeString(json, "sku", event.sku());
        writeString(json, "category", event.category());
    }

    private static void writeOrder(JsonGenerator json, ShopEvent event) throws IOException {
        writeString(json, "orderId", event.orderId());
        if (event.items() != null) {
            json.writeArrayFieldStart("items");
            for (Item item : event.items()) {
                json.writeStartObject();
                json.writeStringField("sku", item.sku());
                writeString(json, "category", item.category());
                json.writeNumberField("quantity", item.quantity());
                writeMoney(json, "unitPrice", item.unitPrice());
                writeString(json, "warehouse", item.warehouse());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        writeString(json, "currency", event.currency());
        if (event.discount() != null) {
            writeMoney(json, "discount", event.discount());
        }
        writeString(json, "coupon", event.coupon());
        writeString(json, "paymentMethod", event.paymentMethod());
        if (event.restock()) {
            json.writeBooleanField("restock", true);
        }
    }

    private static void writeString(JsonGenerator json, String name, String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }

    private static void writeMoney(JsonGenerator json, String name, long amount) throws IOException {
        json.writeFieldName(name);
        json.writeNumber(Money.toString(amount));
    }
}
