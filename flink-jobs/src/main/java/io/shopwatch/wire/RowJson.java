package io.shopwatch.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The JSON of the rows of figures, byte for byte as {@link Json}'s mapper writes it. There are thousands of rows per
 * second, and nearly all they hold is digits and plain words.
 */
final class RowJson {
    private static final byte[] FUNNEL = name("funnel");
    private static final byte[] WINDOW = name("window");
    private static final byte[] END = name("end");
    private static final byte[] SEGMENT = name("segment");
    private static final byte[] VALUE = name("value");
    private static final byte[] STEPS = name("steps");
    private static final byte[] STEP = name("step");
    private static final byte[] VISITORS = name("visitors");
    private static final byte[] WATERMARK = name("watermark");
    private static final byte[] CURRENCY = name("currency");
    private static final byte[] ORDERS_PLACED = name("ordersPlaced");
    private static final byte[] ORDERS_PAID = name("ordersPaid");
    private static final byte[] BUYERS = name("buyers");
    private static final byte[] BUYERS_ANY_CURRENCY = name("buyersAnyCurrency");
    private static final byte[] UNITS_PAID = name("unitsPaid");
    private static final byte[] GMV_PLACED = name("gmvPlaced");
    private static final byte[] GMV_PAID = name("gmvPaid");
    private static final byte[] REFUNDED = name("refunded");
    private static final byte[] CARTS_ORDERED = name("cartsOrdered");
    private static final byte[] CARTS_ABANDONED = name("cartsAbandoned");
    private static final byte[] SKU = name("sku");
    private static final byte[] WAREHOUSE = name("warehouse");
    private static final byte[] CATEGORY = name("category");
    private static final byte[] TIME = name("time");
    private static final byte[] ON_HAND = name("onHand");
    private static final byte[] RESERVED = name("reserved");
    private static final byte[] AVAILABLE = name("available");
    private static final byte[] VELOCITY_PER_HOUR = name("velocityPerHour");
    private static final byte[] COVER_SECONDS = name("coverSeconds");
    private static final byte[] SAFETY_STOCK = name("safetyStock");
    private static final byte[] REORDER_POINT = name("reorderPoint");
    private static final byte[] STATE = name("state");
    private static final byte[] UNIT_PRICE = name("unitPrice");
    private static final byte[] VELOCITY_AT_STOCK_OUT = name("velocityAtStockOut");
    private static final byte[] RECENT_SALES = name("recentSales");
    private static final byte[] LAST_RECEIVED = name("lastReceived");

    private static final int MAX_DIGITS = 20;

    private byte[] bytes = new byte[512];
    private int length;

    private RowJson() {}

    /** Every field begins with a comma; the first one gives its place to the brace. */
    private static byte[] name(String name) {
        return (",\"" + name + "\":").getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] of(FunnelResult row) {
        RowJson json = new RowJson();
        json.text(FUNNEL, row.funnel());
        json.text(WINDOW, row.window());
        json.number(END, row.end());
        json.text(SEGMENT, row.segment());
        json.text(VALUE, row.value());
        if (row.steps() != null) {
            json.append(STEPS);
            json.append('[');
            for (int i = 0; i < row.steps().size(); i++) {
                if (i > 0) {
                    json.append(',');
                }
                int start = json.length;
                json.text(STEP, row.steps().get(i).step());
                json.number(VISITORS, row.steps().get(i).visitors());
                json.enclose(start);
            }
            json.append(']');
        }
        json.number(WATERMARK, row.watermark());
        return json.end();
    }

    static byte[] of(SalesResult row) {
        RowJson json = new RowJson();
        json.text(WINDOW, row.window());
        json.number(END, row.end());
        json.text(SEGMENT, row.segment());
        json.text(VALUE, row.value());
        json.text(CURRENCY, row.currency());
        json.number(VISITORS, row.visitors());
        json.number(ORDERS_PLACED, row.ordersPlaced());
        json.number(ORDERS_PAID, row.ordersPaid());
        json.number(BUYERS, row.buyers());
        json.number(BUYERS_ANY_CURRENCY, row.buyersAnyCurrency());
        json.number(UNITS_PAID, row.unitsPaid());
        json.text(GMV_PLACED, row.gmvPlaced());
        json.text(GMV_PAID, row.gmvPaid());
        json.text(REFUNDED, row.refunded());
        json.number(CARTS_ORDERED, row.cartsOrdered());
        json.number(CARTS_ABANDONED, row.cartsAbandoned());
        json.number(WATERMARK, row.watermark());
        return json.end();
    }

    static byte[] of(InventoryResult row) {
        RowJson json = new RowJson();
        json.text(SKU, row.sku());
        json.text(WAREHOUSE, row.warehouse());
        json.text(CATEGORY, row.category());
        json.number(TIME, row.time());
        json.number(ON_HAND, row.onHand());
        json.number(RESERVED, row.reserved());
        json.number(AVAILABLE, row.available());
        json.number(VELOCITY_PER_HOUR, row.velocityPerHour());
        json.number(COVER_SECONDS, row.coverSeconds());
        json.number(SAFETY_STOCK, row.safetyStock());
        json.number(REORDER_POINT, row.reorderPoint());
        json.text(STATE, row.state());
        json.text(UNIT_PRICE, row.unitPrice());
        json.text(CURRENCY, row.currency());
        json.number(VELOCITY_AT_STOCK_OUT, row.velocityAtStockOut());
        json.number(RECENT_SALES, row.recentSales());
        if (row.lastReceived() != null) {
            json.number(LAST_RECEIVED, row.lastReceived().longValue());
        }
        return json.end();
    }

    private byte[] end() {
        enclose(0);
        return Arrays.copyOf(bytes, length);
    }

    private void enclose(int start) {
        bytes[start] = '{';
        append('}');
    }

    /** Null is left out. */
    private void text(byte[] name, String value) {
        if (value == null) {
            return;
        }
        append(name);
        if (!isPlain(value)) {
            append(Json.written(value));
            return;
        }
        append('"');
        appendPlain(value);
        append('"');
    }

    /** Whether the text is ASCII that stands for itself within quotes. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    private void number(byte[] name, long value) {
        append(name);
        if (value < 0) {
            appendPlain(Long.toString(value));
            return;
        }
        ensure(MAX_DIGITS);
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        long rest = value;
        for (int i = length + digits - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
    }

    /** Null is left out. */
    private void number(byte[] name, Double value) {
        if (value == null) {
            return;
        }
        append(name);
        if (value.isNaN() || value.isInfinite()) {
            append(Json.written(value));
        } else {
            appendPlain(value.toString());
        }
    }

    private void appendPlain(String text) {
        ensure(text.length());
        for (int i = 0; i < text.length(); i++) {
            bytes[length + i] = (byte) text.charAt(i);
        }
        length += text.length();
    }

    private void append(byte[] more) {
        ensure(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
    }

    private void append(char c) {
        ensure(1);
        bytes[length++] = (byte) c;
    }

    private void ensure(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
