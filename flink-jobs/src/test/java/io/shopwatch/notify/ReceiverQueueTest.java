package io.shopwatch.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.client.CollectorRegistry;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.Alert;
import io.shopwatch.wire.Notification;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The delivery of one receiver, step by step: no threads, no network, a clock that is set. */
class ReceiverQueueTest {
    private static final Instant T0 = Instant.parse("2026-11-23T20:15:00Z");
    private static final Answer.TryLater BROKEN = new Answer.TryLater("HTTP 500", null);

    private final SetClock clock = new SetClock(T0);
    private final MemoryStore store = new MemoryStore();
    private final RecordingTransport transport = new RecordingTransport();

    // ---- doubles

    private static final class SetClock extends Clock {
        private Instant now;

        SetClock(Instant now) {
            this.now = now;
        }

        void advance(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    private static final class MemoryStore implements OutcomeStore {
        private final List<Notification> saved = new ArrayList<>();

        @Override
        public List<Notification> load() {
            return List.copyOf(saved);
        }

        @Override
        public void save(Notification outcome) {
            saved.add(outcome);
        }
    }

    private final class RecordingTransport implements Transport {
        private final List<String> requests = new ArrayList<>();
        private Function<String, Answer> answer = request -> Answer.delivered();

        @Override
        public Answer send(Receiver receiver, Post post, Duration timeout) {
            requests.add(post.body());
            return answer.apply(post.body());
        }

        void answers(Answer... answers) {
            List<Answer> left = new ArrayList<>(Arrays.asList(answers));
            answer = request -> left.isEmpty() ? Answer.delivered() : left.remove(0);
        }
    }

    /** Writes id and status; what a product makes of an alert is not the matter here. */
    private record Plain(boolean skipsStaleFiring, Duration repeatEvery) implements Receiver {
        @Override
        public URI uri() {
            return URI.create("http://receiver.example");
        }

        @Override
        public Post post(Alert alert, Instant now) {
            return new Post(uri(), java.util.Map.of(), alert.id() + "/" + alert.status());
        }

        @Override
        public Post repeat(List<Alert> firing, Instant now) {
            return new Post(
                    uri(),
                    java.util.Map.of(),
                    "repeat " + firing.stream().map(Alert::id).sorted().toList());
        }
    }

    private static final Plain CHAT = new Plain(true, null);
    private static final Plain PROGRAM = new Plain(false, null);
    private static final Plain FORGETFUL = new Plain(true, Duration.ofMinutes(1));

    private CollectorRegistry registry;

    private ReceiverQueue queue(Receiver receiver) {
        return queue(receiver, 600, null);
    }

    private ReceiverQueue queue(Receiver receiver, int ratePerMinute, Integer retries) {
        registry = new CollectorRegistry();
        Settings.Receiver base = Alerts.receiver("oncall", "webhook", "http://receiver.example");
        Settings.Receiver settings = new Settings.Receiver(
                "oncall",
                base.type(),
                base.url(),
                null,
                "info",
                ratePerMinute,
                base.timeout(),
                retries,
                base.giveUpAfter());
        ReceiverQueue queue = new ReceiverQueue(
                settings, receiver, transport, store, new NotificationCounter(registry), () -> 1.0, clock);
        queue.restore(store.load());
        return queue;
    }

    private void news(ReceiverQueue queue, Alert... alerts) {
        for (Alert alert : alerts) {
            queue.offer(new ReceiverQueue.Incoming(alert.id(), alert, clock.instant(), false));
        }
    }

    private static void history(ReceiverQueue queue, Instant since, Alert... alerts) {
        for (Alert alert : alerts) {
            queue.offer(new ReceiverQueue.Incoming(alert.id(), alert, since, true));
        }
    }

    /** Steps as the thread does, moving the clock to each due time, until nothing is left to do before the end. */
    private void run(ReceiverQueue queue, Duration atMost) {
        Instant end = clock.instant().plus(atMost);
        try {
            for (int steps = 0; steps < 100_000; steps++) {
                Instant due = queue.step();
                if (due.isAfter(end)) {
                    clock.now = end;
                    return;
                }
                if (due.isAfter(clock.now)) {
                    clock.now = due;
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("the queue never comes to rest");
    }

    private int count(String outcome) {
        return registry.getSampleValue(
                        "shopwatch_notifications_total",
                        new String[] {"receiver", "outcome"},
                        new String[] {"oncall", outcome})
                .intValue();
    }

    private void assertCounts(int delivered, int retried, int failed, int suppressed) {
        assertThat(List.of(count("delivered"), count("retried"), count("failed"), count("suppressed")))
                .as("delivered, retried, failed, suppressed")
                .containsExactly(delivered, retried, failed, suppressed);
    }

    // ---- the ordinary

    @Test
    void announcesAnIncidentOnceAsFiringAndOnceAsResolved() {
        ReceiverQueue queue = queue(CHAT);
        for (int i = 0; i < 3; i++) {
            news(queue, Alerts.firing("a"));
            run(queue, Duration.ofSeconds(1));
        }
        for (int i = 0; i < 3; i++) {
            news(queue, Alerts.resolved("a"));
            run(queue, Duration.ofSeconds(1));
        }

        assertThat(transport.requests).containsExactly("a/firing", "a/resolved");
        assertCounts(2, 0, 0, 0);
        assertThat(store.saved).extracting(Notification::key).containsExactly("oncall|a|firing", "oncall|a|resolved");
    }

    @Test
    void retriesWithBackoffUntilItIsDelivered() {
        transport.answers(BROKEN, BROKEN, BROKEN);
        ReceiverQueue queue = queue(CHAT);
        news(queue, Alerts.firing("a"));
        run(queue, Duration.ofMinutes(5));

        // 1 s + 2 s + 4 s
        assertThat(store.saved)
                .containsExactly(new Notification(
                        "oncall", "a", "firing", "delivered", T0.plusSeconds(7).toEpochMilli(), 3, null));
        assertCounts(1, 3, 0, 0);
    }

    @Test
    void failsAtOnceWhereRepeatingIsNoUse() {
        transport.answers(new Answer.Refused("HTTP 404"));
        ReceiverQueue queue = queue(CHAT);
        news(queue, Alerts.firing("a"), Alerts.firing("b"));
        run(queue, Duration.ofHours(2));

        assertThat(transport.requests).containsExactly("a/firing", "b/firing");
        assertCounts(1, 0, 1, 0);
        assertThat(store.saved.get(0).reason()).isEqualTo("HTTP 404");
    }

    @Test
    void givesUpAfterAnHourAndTellsTheRest() {
        transport.answer = request -> request.startsWith("bad") ? BROKEN : Answer.delivered();
        ReceiverQueue queue = queue(CHAT);
        news(queue, Alerts.firing("bad"), Alerts.firing("good"));
        run(queue, Duration.ofHours(2));

        // the good one did not wait behind the bad one
        assertThat(store.saved.get(0).alertId()).isEqualTo("good");
        assertThat(store.saved.get(0).time()).isEqualTo(T0.toEpochMilli());
        assertThat(store.saved.get(1).outcome()).isEqualTo("failed");
        assertThat(Duration.between(T0, Instant.ofEpochMilli(store.saved.get(1).time())))
                .isLessThanOrEqualTo(Duration.ofHours(1));
        assertThat(count("retried")).isEqualTo(store.saved.get(1).retries()).isGreaterThan(10);
        assertCounts(1, count("retried"), 1, 0);
    }

    @Test
    void failsAfterTheConfiguredRetries() {
        transport.answer = request -> BROKEN;
        ReceiverQueue queue = queue(CHAT, 600, 2);
        news(queue, Alerts.firing("a"));
        run(queue, Duration.ofHours(2));

        assertThat(transport.requests).hasSize(3);
        assertCounts(0, 2, 1, 0);
    }

    @Test
    void anAlertThatCannotBeWrittenDoesNotStopTheOthers() {
        Receiver clumsy = new Receiver() {
            @Override
            public URI uri() {
                return CHAT.uri();
            }

            @Override
            public Post post(Alert alert, Instant now) {
                if (alert.id().equals("bad")) {
                    throw new IllegalStateException("no");
                }
                return CHAT.post(alert, now);
            }
        };
        ReceiverQueue queue = queue(clumsy);
        news(queue, Alerts.firing("bad"), Alerts.firing("good"));
        run(queue, Duration.ofMinutes(1));

        assertThat(transport.requests).containsExactly("good/firing");
        assertCounts(1, 0, 1, 0);
    }

    // ---- limits

    @Test
    void keepsTheRateLimit() {
        ReceiverQueue queue = queue(CHAT, 2, null);
        news(queue, Alerts.firing("a"), Alerts.firing("b"), Alerts.firing("c"), Alerts.firing("d"), Alerts.firing("e"));
        run(queue, Duration.ofMinutes(10));

        // two at once, two a minute later, one after two minutes
        assertThat(store.saved)
                .extracting(outcome -> (outcome.time() - T0.toEpochMilli()) / 1000)
                .containsExactly(0L, 0L, 60L, 60L, 120L);
    }

    @Test
    void aReceiverThatAsksForAPauseIsLeftAloneWithEverything() {
        transport.answers(new Answer.TryLater("HTTP 429", Duration.ofSeconds(90)));
        ReceiverQueue queue = queue(CHAT);
        news(queue, Alerts.firing("a"), Alerts.firing("b"));
        run(queue, Duration.ofSeconds(89));
        assertThat(transport.requests).hasSize(1);

        run(queue, Duration.ofSeconds(1));
        assertThat(transport.requests).containsExactly("a/firing", "a/firing", "b/firing");
        assertCounts(2, 1, 0, 0);
    }

    @Test
    void aSenselessPauseDoesNotSilenceTheReceiverForever() {
        transport.answers(new Answer.TryLater("HTTP 503", Duration.ofDays(1)));
        ReceiverQueue queue = queue(CHAT);
        news(queue, Alerts.firing("a"));
        run(queue, Duration.ofMinutes(59));
        news(queue, Alerts.firing("b"));
        run(queue, Duration.ofMinutes(2));

        assertThat(transport.requests).containsExactly("a/firing", "b/firing");
        assertCounts(1, 0, 1, 0);
    }

    // ---- order and staleness

    @Test
    void peopleAreNotAlarmedForWhatIsOver() {
        transport.answers(BROKEN);
        ReceiverQueue queue = queue(CHAT);
        news(queue, Alerts.firing("a"));
        run(queue, Duration.ZERO);
        news(queue, Alerts.resolved("a"));
        run(queue, Duration.ofMinutes(1));

        assertThat(transport.requests).containsExactly("a/firing", "a/resolved");
        assertCounts(1, 0, 0, 1);
    }

    @Test
    void aProgramGetsBothInOrder() {
        transport.answers(BROKEN, BROKEN);
        ReceiverQueue queue = queue(PROGRAM);
        news(queue, Alerts.firing("a"), Alerts.resolved("a"));
        run(queue, Duration.ofMinutes(1));

        assertThat(transport.requests).containsExactly("a/firing", "a/firing", "a/firing", "a/resolved");
        assertCounts(2, 2, 0, 0);
    }

    @Test
    void aJobThatSaysThingsAgainIsNotBelievedToHaveNews() {
        for (Plain receiver : List.of(CHAT, PROGRAM, FORGETFUL)) {
            store.saved.clear();
            transport.requests.clear();
            ReceiverQueue queue = queue(receiver);
            news(queue, Alerts.resolved("a"));
            run(queue, Duration.ofSeconds(1));
            news(queue, Alerts.firing("a"), Alerts.resolved("a"));
            run(queue, Duration.ofMinutes(10));

            assertThat(transport.requests).containsExactly("a/resolved");
            assertCounts(1, 0, 0, 1);
        }
    }

    @Test
    void aWithdrawnAlertIsNotTold() {
        transport.answers(BROKEN);
        ReceiverQueue queue = queue(CHAT);
        news(queue, Alerts.firing("a"));
        run(queue, Duration.ZERO);
        queue.offer(new ReceiverQueue.Incoming("a", null, T0, false));
        run(queue, Duration.ofHours(2));

        assertThat(transport.requests).hasSize(1);
        assertThat(queue.backlog()).isZero();
    }

    // ---- restarts

    @Test
    void aRestartRepeatsNothingAndTakesUpWhatIsLeft() {
        transport.answers(Answer.delivered(), BROKEN);
        ReceiverQueue queue = queue(PROGRAM);
        news(queue, Alerts.firing("a"), Alerts.firing("b"));
        run(queue, Duration.ZERO);
        assertCounts(1, 0, 0, 0);

        ReceiverQueue restarted = queue(PROGRAM);
        assertCounts(1, 0, 0, 0);
        history(restarted, T0, Alerts.firing("a"), Alerts.resolved("a"), Alerts.firing("b"));
        run(restarted, Duration.ofMinutes(1));

        assertThat(transport.requests).containsExactly("a/firing", "b/firing", "a/resolved", "b/firing");
        assertCounts(3, 0, 0, 0);
    }

    @Test
    void manyRestartsAtAnyMomentLoseNothingAndRepeatNothing() {
        Random random = new Random(11);
        for (int run = 0; run < 200; run++) {
            store.saved.clear();
            transport.requests.clear();
            transport.answer = request -> random.nextInt(3) == 0 ? BROKEN : Answer.delivered();
            List<Alert> topic = new ArrayList<>();
            List<Instant> written = new ArrayList<>();
            ReceiverQueue queue = queue(PROGRAM);
            for (int i = 0; i < 10; i++) {
                Alert alert = i % 2 == 0 ? Alerts.firing("a" + i / 2) : Alerts.resolved("a" + i / 2);
                topic.add(alert);
                written.add(clock.instant());
                news(queue, alert);
                run(queue, Duration.ofMillis(random.nextInt(3000)));
                if (random.nextInt(3) == 0) {
                    queue = queue(PROGRAM);
                    for (int j = 0; j < topic.size(); j++) {
                        history(queue, written.get(j), topic.get(j));
                    }
                }
            }
            run(queue, Duration.ofMinutes(30));
            // each of the ten once, whatever happened
            assertThat(store.saved)
                    .hasSize(10)
                    .allMatch(outcome -> outcome.outcome().equals("delivered"))
                    .extracting(Notification::key)
                    .doesNotHaveDuplicates();
            assertThat(count("delivered")).isEqualTo(10);
        }
    }

    @Test
    void afterALongSilenceWhatIsTooOldCountsAsFailed() {
        store.save(new Notification("oncall", "z", "firing", "delivered", 0, 2, null));
        ReceiverQueue queue = queue(CHAT);
        history(queue, T0.minus(Duration.ofMinutes(61)), Alerts.firing("old"));
        history(queue, T0.minus(Duration.ofMinutes(59)), Alerts.firing("fresh"));
        run(queue, Duration.ofSeconds(1));

        assertThat(transport.requests).containsExactly("fresh/firing");
        // with the stored one: 1 + 1 delivered, 2 retried
        assertCounts(2, 2, 1, 0);
    }

    @Test
    void aNewReceiverIsNotToldOfThePast() {
        ReceiverQueue queue = queue(CHAT);
        history(queue, T0.minus(Duration.ofDays(9)), Alerts.firing("old"), Alerts.resolved("old"));
        history(queue, T0.minusSeconds(5), Alerts.firing("fresh"));
        run(queue, Duration.ofSeconds(1));

        assertThat(transport.requests).containsExactly("fresh/firing");
        assertCounts(1, 0, 0, 2);
    }

    // ---- products that forget

    @Test
    void whatStillFiresIsRepeatedEveryMinuteUntilItIsOver() {
        ReceiverQueue queue = queue(FORGETFUL);
        news(queue, Alerts.firing("a"), Alerts.firing("b"));
        run(queue, Duration.ofSeconds(150));
        news(queue, Alerts.resolved("a"));
        run(queue, Duration.ofSeconds(60));
        news(queue, Alerts.resolved("b"));
        run(queue, Duration.ofMinutes(10));

        assertThat(transport.requests)
                .filteredOn(request -> !request.startsWith("repeat"))
                .containsExactly("a/firing", "b/firing", "a/resolved", "b/resolved");
        assertThat(transport.requests)
                .filteredOn(request -> request.startsWith("repeat [a, b]"))
                .hasSizeBetween(2, 3);
        assertThat(transport.requests)
                .filteredOn(request -> request.equals("repeat [b]"))
                .hasSize(1);
        assertThat(transport.requests).endsWith("b/resolved");
        assertCounts(4, 0, 0, 0);
    }

    @Test
    void afterARestartWhatStillFiresIsRepeatedAtOnce() {
        ReceiverQueue queue = queue(FORGETFUL);
        news(queue, Alerts.firing("a"));
        run(queue, Duration.ofSeconds(1));
        transport.requests.clear();

        ReceiverQueue restarted = queue(FORGETFUL);
        history(restarted, T0, Alerts.firing("a"));
        run(restarted, Duration.ofSeconds(1));

        assertThat(transport.requests).containsExactly("repeat [a]");
    }

    @Test
    void aFailedRepetitionIsMadeUpForSoon() {
        ReceiverQueue queue = queue(FORGETFUL);
        news(queue, Alerts.firing("a"));
        run(queue, Duration.ofSeconds(1));
        transport.requests.clear();
        transport.answers(BROKEN, BROKEN);
        run(queue, Duration.ofSeconds(100));

        // at 60, 70 and 80 s
        assertThat(transport.requests).containsExactly("repeat [a]", "repeat [a]", "repeat [a]");
    }
}
