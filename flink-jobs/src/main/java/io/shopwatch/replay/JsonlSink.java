package io.shopwatch.replay;

import io.shopwatch.domain.event.EventStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/** Writes events to {@code clicks.jsonl}, {@code carts.jsonl}, {@code orders.jsonl} and {@code stock.jsonl}. */
public final class JsonlSink implements RecordSink {
    private static final int BUFFER = 1 << 18;

    private final Map<EventStream, OutputStream> files = new EnumMap<>(EventStream.class);

    private JsonlSink() {}

    /**
     * Creates the folder where it is missing, and the four files; replaces files of an earlier run.
     *
     * @throws IOException if that is not possible
     */
    public static JsonlSink open(Path folder) throws IOException {
        Files.createDirectories(folder);
        JsonlSink sink = new JsonlSink();
        try {
            for (EventStream stream : EventStream.values()) {
                Path file = folder.resolve(stream.wireName() + ".jsonl");
                sink.files.put(stream, new BufferedOutputStream(Files.newOutputStream(file), BUFFER));
            }
        } catch (IOException e) {
            sink.close();
            throw e;
        }
        return sink;
    }

    @Override
    public void write(EventStream stream, String key, byte[] value) throws IOException {
        OutputStream file = files.get(stream);
        file.write(value);
        file.write('\n');
    }

    @Override
    public void flush() throws IOException {
        for (OutputStream file : files.values()) {
            file.flush();
        }
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (OutputStream file : files.values()) {
            try {
                file.close();
            } catch (IOException e) {
                // The other files are closed all the same.
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
