package io.shopwatch.backtest;

import io.shopwatch.wire.Json;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** Writes results to a file, a line of JSON each; run it in one subtask. */
final class JsonLinesSink<T> implements Sink<T> {
    private static final long serialVersionUID = 1;

    private final String file;

    JsonLinesSink(Path file) {
        this.file = file.toAbsolutePath().toString();
    }

    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) throws IOException {
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(Path.of(file)), 1 << 16);
        return new SinkWriter<>() {
            @Override
            public void write(T element, Context elementContext) throws IOException {
                out.write(Json.bytes(element));
                out.write('\n');
            }

            @Override
            public void flush(boolean endOfInput) throws IOException {
                out.flush();
            }

            @Override
            public void close() throws IOException {
                out.close();
            }
        };
    }
}
