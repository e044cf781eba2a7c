package io.shopwatch.replay;

import java.util.ArrayList;
import java.util.List;

/** Fields of a line of CSV (RFC 4180, but a quoted field ends with its line). */
final class Csv {
    private Csv() {}

    /**
     * The fields of a line.
     *
     * @throws RowException if a quote is not closed, or something stands between it and the next comma
     */
    static List<String> fields(String line) throws RowException {
        List<String> fields = new ArrayList<>(10);
        int at = 0;
        while (at <= line.length()) {
            if (at < line.length() && line.charAt(at) == '"') {
                StringBuilder field = new StringBuilder();
                at = readQuoted(line, at + 1, field);
                fields.add(field.toString());
            } else {
                int comma = line.indexOf(',', at);
                int end = comma < 0 ? line.length() : comma;
                fields.add(line.substring(at, end));
                at = end;
            }
            at++;
        }
        return fields;
    }

    /** Reads from after the opening quote; returns the position of the comma after the closing one, or the end. */
    private static int readQuoted(String line, int start, StringBuilder field) throws RowException {
        int at = start;
        while (at < line.length()) {
            char c = line.charAt(at);
            if (c != '"') {
                field.append(c);
                at++;
            } else if (at + 1 < line.length() && line.charAt(at + 1) == '"') {
                field.append('"');
                at += 2;
            } else if (at + 1 == line.length() || line.charAt(at + 1) == ',') {
                return at + 1;
            } else {
                throw new RowException("a closing quote is followed by text");
            }
        }
        throw new RowException("a quote is not closed");
    }
}
