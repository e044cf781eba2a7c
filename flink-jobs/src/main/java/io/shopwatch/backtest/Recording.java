package io.shopwatch.backtest;

import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.domain.window.Window;
import io.shopwatch.job.common.Ingested;
import io.shopwatch.replay.RecordedEvents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Recorded events on their way into a job of this process: in order of time, and then the end of the last second, so
 * that every window with an event in it is complete, and time goes no further.
 */
final class Recording implements Iterator<Ingested>, AutoCloseable {

    /** Recordings that are open, so that a source, which is serialised, can find its own. */
    private static final Map<String, Recording> OPEN = new ConcurrentHashMap<>();

    private final String id = UUID.randomUUID().toString();
    private final RecordedEvents events;
    private final AtomicLong read = new AtomicLong();
    private ShopEvent next;
    private long newest = Ingested.NO_TIME;
    private boolean ended;

    Recording(RecordedEvents events) throws IOException {
        this.events = events;
        this.next = events.nextEvent();
        OPEN.put(id, this);
    }

    /** A source of this recording. */
    RecordedSource source() {
        String own = id;
        return new RecordedSource(() -> OPEN.get(own));
    }

    /** Events handed out so far. */
    long read() {
        return read.get();
    }

    /** Whether there is no event at all. */
    boolean isEmpty() {
        return next == null && read.get() == 0;
    }

    @Override
    public boolean hasNext() {
        return next != null || (!ended && newest != Ingested.NO_TIME);
    }

    @Override
    public Ingested next() {
        if (next == null) {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            ended = true;
            return Ingested.end((Window.paneOf(newest) + 1) * Window.SLIDE_MILLIS - 1);
        }
        ShopEvent event = next;
        newest = event.time();
        read.incrementAndGet();
        try {
            next = events.nextEvent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Ingested.of(event);
    }

    @Override
    public void close() {
        OPEN.remove(id);
    }
}
