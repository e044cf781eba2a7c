package io.shopwatch.job.common;

import io.shopwatch.domain.event.CompactBytes;
import io.shopwatch.domain.event.Item;
import java.util.ArrayList;
import java.util.List;

/** Lines of an order as bytes, among others. */
public final class ItemsCodec {
    private ItemsCodec() {}

    /** Writes lines, or null for none given. */
    public static void write(List<Item> items, CompactBytes out) {
        out.writeNumber(items == null ? 0 : items.size() + 1L);
        if (items == null) {
            return;
        }
        for (Item item : items) {
            out.writeOptional(item.sku());
            out.writeOptional(item.category());
            out.writeNumber(item.quantity());
            out.writeNumber(item.unitPrice());
            out.writeOptional(item.warehouse());
        }
    }

    /** What {@link #write} wrote. */
    public static List<Item> read(CompactBytes in) {
        int size = (int) in.readNumber() - 1;
        if (size < 0) {
            return null;
        }
        List<Item> items = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            // Arguments are read from left to right, in the order in which they were written.
            items.add(new Item(
                    in.readOptional(), in.readOptional(), in.readNumber(), in.readNumber(), in.readOptional()));
        }
        return items;
    }
}
