package io.shopwatch.notify;

import io.prometheus.client.CollectorRegistry;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.Notification;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers alerts to all receivers until closed. One process at a time may do this for a Kafka cluster: two would both
 * deliver.
 */
public final class Notifier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);
    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Map<String, ReceiverQueue> queues = new LinkedHashMap<>();
    private final Map<String, ReceiverLoop> loops = new LinkedHashMap<>();
    private final Dispatcher dispatcher;
    private final KafkaClients clients;
    private final Clock clock;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private final DeferredStore store = new DeferredStore();
    private volatile boolean caughtUp;

    private Notifier(
            List<Settings.Receiver> receivers,
            Settings.Kafka kafka,
            ZoneId zone,
            CollectorRegistry registry,
            Clock clock) {
        this.dispatcher = new Dispatcher(receivers);
        this.clients = new KafkaClients(kafka);
        this.clock = clock;
        Map<String, Receiver> products = new LinkedHashMap<>();
        for (Settings.Receiver settings : receivers) {
            if (products.put(settings.name(), Receivers.of(settings, zone)) != null) {
                throw new IllegalArgumentException("receiver " + settings.name() + ": there are two of this name");
            }
        }
        NotificationCounter counter = new NotificationCounter(registry);
        Transport transport = new HttpTransport(clock);
        for (Settings.Receiver settings : receivers) {
            ReceiverQueue queue = new ReceiverQueue(
                    settings,
                    products.get(settings.name()),
                    transport,
                    store,
                    counter,
                    () -> ThreadLocalRandom.current().nextDouble(),
                    clock);
            queues.put(settings.name(), queue);
            loops.put(settings.name(), new ReceiverLoop(settings.name(), queue, clock));
        }
        this.thread = new Thread(this::run, "notify-alerts");
        thread.setDaemon(true);
    }

    /**
     * Begins to deliver; returns at once, also when Kafka cannot be reached yet. First the outcomes of earlier runs are
     * read from the topic {@code notifications}, then {@code alerts} from its beginning; both are made if they are
     * missing.
     *
     * @param receivers who is told; none at all is allowed
     * @param kafka where the topics are
     * @param zone the zone that messages show times in
     * @param registry where {@code shopwatch_notifications_total} goes
     * @param clock wall clock
     * @throws IllegalArgumentException if a receiver's type is unknown, its address is none, or a name occurs twice
     */
    public static Notifier start(
            List<Settings.Receiver> receivers,
            Settings.Kafka kafka,
            ZoneId zone,
            CollectorRegistry registry,
            Clock clock) {
        Notifier notifier = new Notifier(receivers, kafka, zone, registry, clock);
        notifier.thread.start();
        return notifier;
    }

    /** Whether all alerts that there were at the start have been taken up. */
    public boolean isCaughtUp() {
        return caughtUp;
    }

    private void run() {
        try {
            while (!isClosed() && !prepare()) {
                pause();
            }
            if (isClosed()) {
                return;
            }
            loops.values().forEach(ReceiverLoop::start);
            AlertFeed feed = new AlertFeed(clients, clock);
            while (!isClosed()) {
                try {
                    feed.read(() -> !isClosed(), this::accept);
                } catch (KafkaException e) {
                    // Read anew from the beginning: what is done is known, so nothing is said twice.
                    LOG.warn("Alerts cannot be read; trying again in {} s", AGAIN.toSeconds(), e);
                    pause();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Topics and memory; false if Kafka is not there yet. */
    private boolean prepare() throws InterruptedException {
        try {
            clients.createTopics();
            List<Notification> outcomes = store.open(clients).load();
            queues.values().forEach(queue -> queue.restore(outcomes));
            return true;
        } catch (IOException | KafkaException e) {
            LOG.warn("Kafka cannot be reached for notifications; trying again in {} s", AGAIN.toSeconds(), e);
            return false;
        }
    }

    private void accept(List<ReceiverQueue.Incoming> batch) {
        for (ReceiverQueue.Incoming incoming : batch) {
            if (incoming.alert() == null) {
                loops.values().forEach(loop -> loop.offer(incoming));
            } else {
                dispatcher.receivers(incoming.alert()).forEach(receiver -> loops.get(receiver.name())
                        .offer(incoming));
            }
        }
        // Woken only now, so that a queue sees an incident's end together with its beginning.
        loops.values().forEach(ReceiverLoop::wake);
        caughtUp = true;
    }

    /** Waits a little, less when closed meanwhile. */
    private void pause() throws InterruptedException {
        if (closed.await(AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.debug("Closed while waiting for Kafka");
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    /** Ends within seconds; what has not been delivered is delivered after the next start. */
    @Override
    public void close() {
        closed.countDown();
        ReceiverLoop.join(thread, GRACE);
        for (ReceiverLoop loop : loops.values()) {
            loop.close();
        }
        store.close();
    }

    /** The store in Kafka, once Kafka is there. */
    private static final class DeferredStore implements OutcomeStore, AutoCloseable {
        private volatile KafkaOutcomeStore kafka;

        KafkaOutcomeStore open(KafkaClients clients) {
            if (kafka == null) {
                kafka = new KafkaOutcomeStore(clients);
            }
            return kafka;
        }

        @Override
        public List<Notification> load() {
            return kafka.load();
        }

        @Override
        public void save(Notification outcome) {
            kafka.save(outcome);
        }

        @Override
        public void close() {
            if (kafka != null) {
                kafka.close();
            }
        }
    }
}
