package io.shopwatch.notify;

import io.shopwatch.settings.Settings;
import io.shopwatch.wire.Alert;
import io.shopwatch.wire.Notification;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one receiver has yet to be told, and the next step of telling it. {@link #offer} may be called by any thread;
 * everything else belongs to the thread that calls {@link #step}.
 *
 * <p>Per alert at most one message as firing and one as resolved, in this order. A firing that is still waiting when its
 * incident ends is left out where people read ({@link Receiver#skipsStaleFiring}), counted as suppressed; the resolved
 * message follows and tells the whole story. A firing that arrives after its resolved (a job that went back to its last
 * checkpoint says things again) is old news.
 */
final class ReceiverQueue {
    private static final Logger LOG = LoggerFactory.getLogger(ReceiverQueue.class);

    private final String name;
    private final Receiver receiver;
    private final Transport transport;
    private final Duration timeout;
    private final DeliveryPolicy policy;
    private final OutcomeStore store;
    private final NotificationCounter counter;
    private final DoubleSupplier jitter;
    private final Clock clock;
    private final RateLimit rate;

    private final Queue<Incoming> inbox = new ConcurrentLinkedQueue<>();
    private final Map<Message, Waiting> waiting = new LinkedHashMap<>();
    private final Set<Message> done = new HashSet<>();
    private final Map<String, Alert> firing = new HashMap<>();
    private boolean knew;
    private Instant pausedUntil = Instant.MIN;
    private Instant repeatAt = Instant.MIN;
    private boolean repeatFailed;

    /**
     * News of an alert.
     *
     * @param alertId its id
     * @param alert the alert, or null if it was withdrawn (a tombstone in the topic)
     * @param since when it was written
     * @param history whether it was there before this process looked
     */
    record Incoming(String alertId, Alert alert, Instant since, boolean history) {}

    private record Message(String alertId, String status) {}

    private record Waiting(Alert alert, DeliveryPolicy.Progress progress) {}

    /**
     * @param receiver writes messages and reads answers
     * @param jitter numbers between 0 and 1
     */
    ReceiverQueue(
            Settings.Receiver settings,
            Receiver receiver,
            Transport transport,
            OutcomeStore store,
            NotificationCounter counter,
            DoubleSupplier jitter,
            Clock clock) {
        this.name = settings.name();
        this.receiver = receiver;
        this.transport = transport;
        this.timeout = settings.timeout();
        this.policy = new DeliveryPolicy(settings.retries(), settings.giveUpAfter());
        this.store = store;
        this.counter = counter;
        this.jitter = jitter;
        this.clock = clock;
        this.rate = new RateLimit(Math.min(settings.ratePerMinute(), receiver.maxPerMinute()));
        counter.declare(name);
    }

    /** Takes up what an earlier run has done. To be called before the first step. */
    void restore(Iterable<Notification> outcomes) {
        for (Notification outcome : outcomes) {
            if (outcome.receiver().equals(name) && done.add(new Message(outcome.alertId(), outcome.status()))) {
                knew = true;
                counter.count(name, outcome.outcome(), 1);
                counter.count(name, NotificationCounter.RETRIED, outcome.retries());
            }
        }
    }

    /** Hands over an alert; the caller wakes the thread that steps. */
    void offer(Incoming incoming) {
        inbox.add(incoming);
    }

    /**
     * Takes in what has arrived, and makes at most one request for a message and one that repeats what still fires.
     *
     * @return when the next step is due: {@link Instant#MIN} is at once, {@link Instant#MAX} not before a new alert
     * @throws InterruptedException if the thread is interrupted during a request
     */
    Instant step() throws InterruptedException {
        for (Incoming incoming = inbox.poll(); incoming != null; incoming = inbox.poll()) {
            take(incoming);
        }
        Instant delivery = deliverOne();
        return earlier(delivery, repeat());
    }

    /** Messages waiting; for the thread that steps. */
    int backlog() {
        return waiting.size();
    }

    private void take(Incoming incoming) {
        Alert alert = incoming.alert();
        Message asFiring = new Message(incoming.alertId(), AlertMessage.FIRING);
        Message asResolved = new Message(incoming.alertId(), AlertMessage.RESOLVED);
        if (alert == null) {
            firing.remove(incoming.alertId());
            waiting.remove(asFiring);
            waiting.remove(asResolved);
            return;
        }
        boolean resolved = AlertMessage.RESOLVED.equals(alert.status());
        Message message = resolved ? asResolved : asFiring;
        boolean over = resolved || done.contains(asResolved) || waiting.containsKey(asResolved);
        if (over) {
            firing.remove(alert.id());
        } else if (receiver.repeatEvery() != null) {
            firing.put(alert.id(), alert);
        }
        if (done.contains(message)) {
            return;
        }
        boolean expired = !clock.instant().isBefore(incoming.since().plus(policy.giveUpAfter()));
        if (incoming.history() && expired && !knew) {
            // A new receiver is not told what happened long before it was set up, and that is no failure.
            finish(message, NotificationCounter.SUPPRESSED, 0, "older than the receiver");
            return;
        }
        if (over && !resolved) {
            finish(message, NotificationCounter.SUPPRESSED, 0, "said again after its end");
            return;
        }
        Waiting stale = resolved && receiver.skipsStaleFiring() ? waiting.remove(asFiring) : null;
        if (stale != null) {
            finish(asFiring, NotificationCounter.SUPPRESSED, retries(stale.progress()), "over before it was told");
        }
        // The same message again may carry better causes; what it waits for stays.
        waiting.merge(
                message,
                new Waiting(alert, DeliveryPolicy.Progress.starting(incoming.since())),
                (old, fresh) -> new Waiting(fresh.alert(), old.progress()));
    }

    /** Sends the first message that is due. */
    private Instant deliverOne() throws InterruptedException {
        Instant now = clock.instant();
        Instant receiverFree = later(pausedUntil, rate.free());
        Instant due = Instant.MAX;
        Iterator<Map.Entry<Message, Waiting>> entries = waiting.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<Message, Waiting> entry = entries.next();
            DeliveryPolicy.Progress progress = entry.getValue().progress();
            DeliveryPolicy.Decision decision = policy.next(progress, receiverFree, now);
            if (decision instanceof DeliveryPolicy.Decision.GiveUp giveUp) {
                entries.remove();
                finish(entry.getKey(), NotificationCounter.FAILED, retries(progress), giveUp.reason());
            } else if (decision instanceof DeliveryPolicy.Decision.Wait wait) {
                due = earlier(due, wait.until());
            } else if (!waitsForFiring(entry.getKey())) {
                rate.used(now);
                Answer answer = attempt(entry.getValue().alert());
                conclude(entries, entry, answer);
                return Instant.MIN;
            }
        }
        return due;
    }

    private boolean waitsForFiring(Message message) {
        return message.status().equals(AlertMessage.RESOLVED)
                && waiting.containsKey(new Message(message.alertId(), AlertMessage.FIRING));
    }

    private Answer attempt(Alert alert) throws InterruptedException {
        Post post;
        try {
            post = receiver.post(alert, clock.instant());
        } catch (RuntimeException e) {
            // One alert that cannot be written must not stop those behind it.
            LOG.error("Receiver {}: alert {} cannot be written", name, Texts.clean(alert.id()), e);
            return new Answer.Refused("cannot be written: " + e.getClass().getSimpleName());
        }
        return transport.send(receiver, post, timeout);
    }

    private void conclude(
            Iterator<Map.Entry<Message, Waiting>> entries, Map.Entry<Message, Waiting> entry, Answer answer) {
        Message message = entry.getKey();
        DeliveryPolicy.Progress before = entry.getValue().progress();
        Instant now = clock.instant();
        if (before.attempts() > 0) {
            counter.count(name, NotificationCounter.RETRIED, 1);
        }
        if (answer instanceof Answer.TryLater tryLater && tryLater.retryAfter() != null) {
            // Asked for a pause: it holds for everything that goes there, but not for longer than a message lives.
            pausedUntil = now.plus(shorter(tryLater.retryAfter(), policy.giveUpAfter()));
        }
        DeliveryPolicy.Result result = policy.after(before, answer, now, jitter.getAsDouble());
        if (result instanceof DeliveryPolicy.Result.Done) {
            entries.remove();
            finish(message, NotificationCounter.DELIVERED, before.attempts(), null);
        } else if (result instanceof DeliveryPolicy.Result.Failed failed) {
            entries.remove();
            finish(message, NotificationCounter.FAILED, before.attempts(), failed.reason());
        } else if (result instanceof DeliveryPolicy.Result.Retry retry) {
            entry.setValue(new Waiting(entry.getValue().alert(), retry.progress()));
            LOG.info("Receiver {}: alert {} ({}) is tried again: {}", name, id(message), message.status(), answer);
        }
    }

    private void finish(Message message, String outcome, int retries, String reason) {
        done.add(message);
        counter.count(name, outcome, 1);
        if (outcome.equals(NotificationCounter.FAILED)) {
            LOG.warn("Receiver {}: alert {} ({}) was not delivered: {}", name, id(message), message.status(), reason);
        }
        store.save(
                new Notification(name, message.alertId(), message.status(), outcome, clock.millis(), retries, reason));
    }

    private static String id(Message message) {
        return Texts.cut(Texts.clean(message.alertId()), 100);
    }

    /** Tells again what still fires, for products that forget; returns when that is due next. */
    private Instant repeat() throws InterruptedException {
        Duration every = receiver.repeatEvery();
        if (every == null || firing.isEmpty()) {
            return Instant.MAX;
        }
        Instant now = clock.instant();
        Instant due = later(repeatAt, pausedUntil);
        if (now.isBefore(due)) {
            return due;
        }
        List<Alert> told = firing.values().stream()
                .filter(alert -> done.contains(new Message(alert.id(), AlertMessage.FIRING)))
                .toList();
        if (!told.isEmpty()) {
            Answer answer = transport.send(receiver, receiver.repeat(told, now), timeout);
            boolean failed = !(answer instanceof Answer.Delivered);
            if (failed && !repeatFailed) {
                LOG.warn("Receiver {}: what still fires could not be repeated: {}", name, answer);
            }
            repeatFailed = failed;
        }
        // After a failure sooner: a product that forgets and comes back empty is to know again soon.
        repeatAt = clock.instant().plus(repeatFailed ? every.dividedBy(6) : every);
        return repeatAt;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static int retries(DeliveryPolicy.Progress progress) {
        return Math.max(0, progress.attempts() - 1);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
