package io.shopwatch.backtest;

import io.shopwatch.job.common.Ingested;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.lib.util.IteratorSourceEnumerator;
import org.apache.flink.api.connector.source.lib.util.IteratorSourceReader;
import org.apache.flink.api.connector.source.lib.util.IteratorSourceSplit;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.util.InstantiationUtil;

/**
 * A bounded source that reads one recording once, in its order. A backtest is short and is run anew when it fails, so
 * the source cannot go on in mid-recording.
 */
final class RecordedSource
        implements Source<Ingested, RecordedSource.Split, Collection<RecordedSource.Split>>,
                ResultTypeQueryable<Ingested> {

    private static final long serialVersionUID = 1;

    private final Opener opener;

    /** Opens the recording; travels to where it is read. */
    @FunctionalInterface
    interface Opener extends Serializable {
        Iterator<Ingested> open();
    }

    RecordedSource(Opener opener) {
        this.opener = opener;
    }

    /** The whole recording. */
    record Split(Opener opener) implements IteratorSourceSplit<Ingested, Iterator<Ingested>>, Serializable {
        @Override
        public Iterator<Ingested> getIterator() {
            return opener.open();
        }

        @Override
        public IteratorSourceSplit<Ingested, Iterator<Ingested>> getUpdatedSplitForIterator(Iterator<Ingested> rest) {
            throw new IllegalStateException("a backtest takes no checkpoints");
        }

        @Override
        public String splitId() {
            return "recording";
        }
    }

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.BOUNDED;
    }

    @Override
    public SourceReader<Ingested, Split> createReader(SourceReaderContext context) {
        return new IteratorSourceReader<>(context);
    }

    @Override
    public SplitEnumerator<Split, Collection<Split>> createEnumerator(SplitEnumeratorContext<Split> context) {
        return new IteratorSourceEnumerator<>(context, List.of(new Split(opener)));
    }

    @Override
    public SplitEnumerator<Split, Collection<Split>> restoreEnumerator(
            SplitEnumeratorContext<Split> context, Collection<Split> splits) {
        return new IteratorSourceEnumerator<>(context, splits);
    }

    @Override
    public SimpleVersionedSerializer<Split> getSplitSerializer() {
        return new ByJavaSerialization<>();
    }

    @Override
    public SimpleVersionedSerializer<Collection<Split>> getEnumeratorCheckpointSerializer() {
        return new ByJavaSerialization<>();
    }

    @Override
    public TypeInformation<Ingested> getProducedType() {
        return TypeInformation.of(Ingested.class);
    }

    /** Splits only travel within one process of one version. */
    private static final class ByJavaSerialization<T> implements SimpleVersionedSerializer<T> {
        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(T value) throws IOException {
            return InstantiationUtil.serializeObject(
                    value instanceof Collection<?> values ? new ArrayList<>(values) : value);
        }

        @Override
        public T deserialize(int version, byte[] bytes) throws IOException {
            try {
                return InstantiationUtil.deserializeObject(bytes, RecordedSource.class.getClassLoader());
            } catch (ClassNotFoundException e) {
                throw new IOException(e);
            }
        }
    }
}
