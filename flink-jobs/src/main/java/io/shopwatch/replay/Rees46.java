package io.shopwatch.replay;

import io.shopwatch.wire.DeadLetterReason;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Rows of "eCommerce behavior data from multi category store" (REES46 Marketing Platform): {@code
 * event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session}. The category is {@code
 * category_code} or, where that is empty, {@code category_id}; {@code brand} is not used; channel and device are not
 * recorded. A {@code purchase} is an order of one unit, placed and paid at that time.
 */
final class Rees46 implements RowReader {
    private static final List<String> COLUMNS = List.of(
            "event_time", //
            "event_type",
            "product_id",
            "category_id",
            "category_code",
            "brand",
            "price",
            "user_id",
            "user_session");
    private static final Map<String, Action> ACTIONS = Map.of(
            "view", Action.VIEW, //
            "cart", Action.ADD,
            "remove_from_cart", Action.REMOVE,
            "purchase", Action.PURCHASE);

    private final int[] columns;
    private final int width;
    private String lastDay = "";
    private long lastDayStart;

    private Rees46(int[] columns, int width) {
        this.columns = columns;
        this.width = width;
    }

    /** Whether a line is the header. */
    static boolean isHeader(String line) {
        String lower = line.toLowerCase(Locale.ROOT);
        return lower.contains("event_time") && lower.contains("event_type") && lower.contains("product_id");
    }

    /** A reader of files without a header. */
    static Rees46 ofDefaultColumns() {
        int[] columns = new int[COLUMNS.size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = i;
        }
        return new Rees46(columns, columns.length);
    }

    /**
     * A reader of files with that header; columns may come in any order and others between them.
     *
     * @throws RowException if a column is missing
     */
    static Rees46 ofHeader(String header) throws RowException {
        List<String> names = Csv.fields(header.toLowerCase(Locale.ROOT)).stream()
                .map(String::strip)
                .toList();
        int[] columns = new int[COLUMNS.size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = names.indexOf(COLUMNS.get(i));
            if (columns[i] < 0 && !COLUMNS.get(i).equals("brand")) {
                throw new RowException("the header has no column " + COLUMNS.get(i));
            }
        }
        return new Rees46(columns, names.size());
    }

    @Override
    public Row read(String line) throws RowException {
        List<String> fields = Csv.fields(line);
        if (fields.size() != width) {
            throw new RowException(fields.size() + " fields instead of " + width);
        }
        String type = fields.get(columns[1]);
        Action action = ACTIONS.get(type);
        if (action == null) {
            throw new RowException(DeadLetterReason.UNKNOWN_TYPE, "no event_type " + type);
        }
        String code = RowReader.optional("category_code", fields.get(columns[4]));
        String category = code == null ? RowReader.optional("category_id", fields.get(columns[3])) : code;
        if (action == Action.VIEW && category == null) {
            throw new RowException(DeadLetterReason.MISSING_FIELD, "a view has neither category_code nor category_id");
        }
        // A look has no price in our events, so a bad one does not matter there.
        long price = action == Action.VIEW ? 0 : RowReader.money("price", fields.get(columns[6]));
        return new Row(
                action,
                time(fields.get(columns[0])),
                RowReader.required("user_id", fields.get(columns[7])),
                RowReader.optional("user_session", fields.get(columns[8])),
                RowReader.required("product_id", fields.get(columns[2])),
                category,
                price);
    }

    /** {@code 2019-10-01 00:00:00 UTC}, also without the zone, or RFC 3339. */
    private long time(String text) throws RowException {
        try {
            if (text.length() >= 19 && text.charAt(10) == ' ' && (text.length() == 19 || text.endsWith(" UTC"))) {
                String day = text.substring(0, 10);
                if (!day.equals(lastDay)) {
                    lastDayStart = LocalDate.parse(day).toEpochDay() * 86_400_000L;
                    lastDay = day;
                }
                if (text.charAt(13) == ':' && text.charAt(16) == ':' && (text.length() == 19 || text.length() == 23)) {
                    int hour = below(24, text, 11);
                    int minute = below(60, text, 14);
                    int second = below(60, text, 17);
                    return lastDayStart + ((hour * 60 + minute) * 60 + second) * 1000L;
                }
            }
            return OffsetDateTime.parse(text.replace(' ', 'T')).toInstant().toEpochMilli();
        } catch (DateTimeException e) {
            throw new RowException(DeadLetterReason.INVALID_FIELD, "event_time is no time: " + text);
        }
    }

    private static int below(int bound, String text, int at) {
        int value = (text.charAt(at) - '0') * 10 + text.charAt(at + 1) - '0';
        if (!Character.isDigit(text.charAt(at)) || !Character.isDigit(text.charAt(at + 1)) || value >= bound) {
            throw new DateTimeException("no time of day");
        }
        return value;
    }
}
