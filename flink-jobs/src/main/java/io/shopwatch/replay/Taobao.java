package io.shopwatch.replay;

import io.shopwatch.wire.DeadLetterReason;
import java.util.List;

/**
 * Rows of the {@code UserBehavior} data set of Taobao (Tianchi): {@code user_id,item_id,category_id,behavior,timestamp}
 * with the time in seconds. It has neither prices nor sessions. {@code fav} is skipped. Some times lie outside the
 * week that the data set covers, even before 1970; they are passed on as they are.
 */
final class Taobao implements RowReader {
    private static final int FIELDS = 5;

    @Override
    public Row read(String line) throws RowException {
        List<String> fields = Csv.fields(line);
        if (fields.size() != FIELDS) {
            throw new RowException(fields.size() + " fields instead of " + FIELDS);
        }
        Action action =
                switch (fields.get(3)) {
                    case "pv" -> Action.VIEW;
                    case "cart" -> Action.ADD;
                    case "buy" -> Action.PURCHASE;
                    case "fav" -> Action.SKIP;
                    default -> throw new RowException(DeadLetterReason.UNKNOWN_TYPE, "no behavior " + fields.get(3));
                };
        return new Row(
                action,
                time(fields.get(4)),
                RowReader.required("user_id", fields.get(0)),
                null,
                RowReader.required("item_id", fields.get(1)),
                RowReader.required("category_id", fields.get(2)),
                0);
    }

    private static long time(String text) throws RowException {
        try {
            return Math.multiplyExact(Long.parseLong(text), 1000L);
        } catch (NumberFormatException | ArithmeticException e) {
            throw new RowException(DeadLetterReason.INVALID_FIELD, "timestamp is no number of seconds: " + text);
        }
    }
}
