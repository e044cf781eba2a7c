package io.shopwatch.job.common;

import io.shopwatch.domain.event.Words;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What the serializers of events and figures have in common: most of their texts are a few words, which are read as the
 * same string each time. A serializer belongs to one thread.
 */
abstract class TextSerializer<T> extends ImmutableSerializer<T> {
    private static final long serialVersionUID = 1;

    /** First bytes that are no length: of a null, and of a text whose length follows. */
    private static final int NULL = 0xFE;

    /** Of a text of {@value #NULL} bytes or more. */
    static final int LONG = 0xFF;

    private transient byte[] bytes;
    private transient Words words;

    /** Writes a text that may be null. */
    static void write(String text, DataOutputView out) throws IOException {
        if (text == null) {
            out.writeByte(NULL);
            return;
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length < NULL) {
            out.writeByte(utf8.length);
        } else {
            out.writeByte(LONG);
            out.writeInt(utf8.length);
        }
        out.write(utf8);
    }

    /** Reads a text that is one of few. */
    final String word(DataInputView in) throws IOException {
        int length = readBytes(in);
        return length < 0 ? null : words.of(bytes, 0, length);
    }

    /** Reads a text that may be any. */
    final String text(DataInputView in) throws IOException {
        int length = readBytes(in);
        return length < 0 ? null : new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /** Returns the length, −1 for a null. */
    private int readBytes(DataInputView in) throws IOException {
        int length = in.readUnsignedByte();
        if (length == NULL) {
            return -1;
        }
        if (length == LONG) {
            length = in.readInt();
        }
        if (bytes == null || bytes.length < length) {
            bytes = new byte[Math.max(256, length)];
        }
        if (words == null) {
            words = new Words();
        }
        in.readFully(bytes, 0, length);
        return length;
    }

    /** Writes a number that may be absent. */
    static void write(Double number, DataOutputView out) throws IOException {
        out.writeBoolean(number != null);
        if (number != null) {
            out.writeDouble(number);
        }
    }

    static Double number(DataInputView in) throws IOException {
        return in.readBoolean() ? Double.valueOf(in.readDouble()) : null;
    }

    @Override
    public abstract TextSerializer<T> duplicate();
}
