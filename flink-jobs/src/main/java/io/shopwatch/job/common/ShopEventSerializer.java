package io.shopwatch.job.common;

import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.Item;
import io.shopwatch.domain.event.ShopEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Flink's binary form of events, written by hand since every event crosses the network and may wait in a checkpoint: one
 * bit per field that is there, and then those fields alone. Values of few kinds, such as channels, are read as the same
 * string each time.
 */
public final class ShopEventSerializer extends TextSerializer<ShopEvent> {
    private static final long serialVersionUID = 1;

    private static final EventType[] TYPES = EventType.values();

    private static final int SESSION = 1;
    private static final int CHANNEL = 1 << 1;
    private static final int CAMPAIGN = 1 << 2;
    private static final int DEVICE = 1 << 3;
    private static final int REGION = 1 << 4;
    private static final int SKU = 1 << 5;
    private static final int CATEGORY = 1 << 6;
    private static final int WAREHOUSE = 1 << 7;
    private static final int QUANTITY = 1 << 8;
    private static final int UNIT_PRICE = 1 << 9;
    private static final int ORDER = 1 << 10;
    private static final int ITEMS = 1 << 11;
    private static final int CURRENCY = 1 << 12;
    private static final int DISCOUNT = 1 << 13;
    private static final int COUPON = 1 << 14;
    private static final int PAYMENT = 1 << 15;
    private static final int RESTOCK = 1 << 16;
    private static final int VISITOR = 1 << 17;

    /** Fields that figures by visitor read. */
    static final int BY_VISITOR =
            VISITOR | CHANNEL | CAMPAIGN | DEVICE | REGION | CATEGORY | ITEMS | CURRENCY | DISCOUNT;

    /** Where in the bytes the type, the time and the event's id are; behind the id is the visitor, if there is one. */
    static final int TYPE_AT = 0;

    static final int TIME_AT = 5;
    static final int EVENT_ID_AT = 13;

    @Override
    public void serialize(ShopEvent event, DataOutputView out) throws IOException {
        serialize(event, ~0, out);
    }

    /** Writes the event as if it had no other fields than these. */
    void serialize(ShopEvent event, int kept, DataOutputView out) throws IOException {
        int fields = fieldsOf(event) & kept;
        out.writeByte(event.type().ordinal());
        out.writeInt(fields);
        out.writeLong(event.time());
        write(event.eventId(), out);
        writeIf(fields, VISITOR, event.visitorId(), out);
        writeIf(fields, SESSION, event.sessionId(), out);
        writeIf(fields, CHANNEL, event.channel(), out);
        writeIf(fields, CAMPAIGN, event.campaign(), out);
        writeIf(fields, DEVICE, event.device(), out);
        writeIf(fields, REGION, event.region(), out);
        writeIf(fields, SKU, event.sku(), out);
        writeIf(fields, CATEGORY, event.category(), out);
        writeIf(fields, WAREHOUSE, event.warehouse(), out);
        if ((fields & QUANTITY) != 0) {
            out.writeLong(event.quantity());
        }
        if ((fields & UNIT_PRICE) != 0) {
            out.writeLong(event.unitPrice());
        }
        writeIf(fields, ORDER, event.orderId(), out);
        if ((fields & ITEMS) != 0) {
            write(event.items(), out);
        }
        writeIf(fields, CURRENCY, event.currency(), out);
        if ((fields & DISCOUNT) != 0) {
            out.writeLong(event.discount());
        }
        writeIf(fields, COUPON, event.coupon(), out);
        writeIf(fields, PAYMENT, event.paymentMethod(), out);
    }

    private static int fieldsOf(ShopEvent event) {
        return (event.visitorId() == null ? 0 : VISITOR)
                | (event.sessionId() == null ? 0 : SESSION)
                | (event.channel() == null ? 0 : CHANNEL)
                | (event.campaign() == null ? 0 : CAMPAIGN)
                | (event.device() == null ? 0 : DEVICE)
                | (event.region() == null ? 0 : REGION)
                | (event.sku() == null ? 0 : SKU)
                | (event.category() == null ? 0 : CATEGORY)
                | (event.warehouse() == null ? 0 : WAREHOUSE)
                | (event.quantity() == 0 ? 0 : QUANTITY)
                | (event.unitPrice() == 0 ? 0 : UNIT_PRICE)
                | (event.orderId() == null ? 0 : ORDER)
                | (event.items() == null ? 0 : ITEMS)
                | (event.currency() == null ? 0 : CURRENCY)
                | (event.discount() == null ? 0 : DISCOUNT)
                | (event.coupon() == null ? 0 : COUPON)
                | (event.paymentMethod() == null ? 0 : PAYMENT)
                | (event.restock() ? RESTOCK : 0);
    }

    @Override
    public ShopEvent deserialize(DataInputView in) throws IOException {
        EventType type = TYPES[in.readByte()];
        int fields = in.readInt();
        long time = in.readLong();
        // In the order in which they were written: Java evaluates arguments from left to right.
        return new ShopEvent(
                type,
                text(in),
                time,
                textIf(fields, VISITOR, in),
                textIf(fields, SESSION, in),
                wordIf(fields, CHANNEL, in),
                wordIf(fields, CAMPAIGN, in),
                wordIf(fields, DEVICE, in),
                wordIf(fields, REGION, in),
                wordIf(fields, SKU, in),
                wordIf(fields, CATEGORY, in),
                wordIf(fields, WAREHOUSE, in),
                (fields & QUANTITY) == 0 ? 0 : in.readLong(),
                (fields & UNIT_PRICE) == 0 ? 0 : in.readLong(),
                textIf(fields, ORDER, in),
                (fields & ITEMS) == 0 ? null : items(in),
                wordIf(fields, CURRENCY, in),
                (fields & DISCOUNT) == 0 ? null : Long.valueOf(in.readLong()),
                wordIf(fields, COUPON, in),
                wordIf(fields, PAYMENT, in),
                (fields & RESTOCK) != 0);
    }

    private static void write(List<Item> items, DataOutputView out) throws IOException {
        out.writeInt(items.size());
        for (Item item : items) {
            write(item.sku(), out);
            write(item.category(), out);
            out.writeLong(item.quantity());
            out.writeLong(item.unitPrice());
            write(item.warehouse(), out);
        }
    }

    private List<Item> items(DataInputView in) throws IOException {
        int size = in.readInt();
        List<Item> items = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            items.add(new Item(word(in), word(in), in.readLong(), in.readLong(), word(in)));
        }
        return items;
    }

    private static void writeIf(int fields, int field, String text, DataOutputView out) throws IOException {
        if ((fields & field) != 0) {
            write(text, out);
        }
    }

    private String textIf(int fields, int field, DataInputView in) throws IOException {
        return (fields & field) == 0 ? null : text(in);
    }

    private String wordIf(int fields, int field, DataInputView in) throws IOException {
        return (fields & field) == 0 ? null : word(in);
    }

    @Override
    public ShopEventSerializer duplicate() {
        return new ShopEventSerializer();
    }

    @Override
    public TypeSerializerSnapshot<ShopEvent> snapshotConfiguration() {
        return new Snapshot();
    }

    /** What a checkpoint remembers of the serializer: its class. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<ShopEvent> {
        public Snapshot() {
            super(ShopEventSerializer::new);
        }
    }
}
