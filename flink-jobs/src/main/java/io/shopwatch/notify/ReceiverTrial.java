package io.shopwatch.notify;

import io.shopwatch.settings.Settings;
import io.shopwatch.wire.Alert;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** Sends one receiver a sample incident, firing and then resolved, as a real one would arrive there. */
public final class ReceiverTrial {

    /**
     * What became of one message.
     *
     * @param status {@code firing} or {@code resolved}
     * @param delivered whether the receiver took it
     * @param detail why not, without URL or secret; empty when delivered
     * @param took from the request to the answer
     */
    public record Step(String status, boolean delivered, String detail, Duration took) {}

    private ReceiverTrial() {}

    /**
     * Sends the sample; each message once, without a retry. After a firing that was not taken the resolved is not sent.
     *
     * @param zone the zone that the messages show times in
     * @throws IllegalArgumentException if the receiver's type is unknown or its address is none
     * @throws InterruptedException if the thread is interrupted
     */
    public static List<Step> run(Settings.Receiver settings, ZoneId zone, Clock clock) throws InterruptedException {
        Receiver receiver = Receivers.of(settings, zone);
        Transport transport = new HttpTransport(clock);
        Instant start = clock.instant();
        List<Step> steps = new ArrayList<>();
        for (String status : List.of(AlertMessage.FIRING, AlertMessage.RESOLVED)) {
            Instant begun = clock.instant();
            Answer answer = transport.send(receiver, receiver.post(sample(status, start), begun), settings.timeout());
            boolean delivered = answer instanceof Answer.Delivered;
            steps.add(new Step(status, delivered, reason(answer), Duration.between(begun, clock.instant())));
            if (!delivered) {
                break;
            }
        }
        return steps;
    }

    private static String reason(Answer answer) {
        if (answer instanceof Answer.TryLater tryLater) {
            return tryLater.reason()
                    + (tryLater.retryAfter() == null
                            ? ""
                            : ", try again in " + AlertMessage.duration(tryLater.retryAfter()));
        }
        return answer instanceof Answer.Refused refused ? refused.reason() : "";
    }

    /** An incident of the last five minutes that says of itself that it is a test. */
    private static Alert sample(String status, Instant now) {
        boolean resolved = status.equals(AlertMessage.RESOLVED);
        return new Alert(
                "test-" + now.toEpochMilli(),
                "notification-test",
                "conversion_drop",
                "info",
                status,
                now.minus(Duration.ofMinutes(5)).toEpochMilli(),
                resolved ? now.toEpochMilli() : null,
                "channel",
                "test",
                "Test of Shopwatch's notifications, nothing is wrong",
                "This is a sample: cart > order on channel test fell from 61.2 % to 58.1 %.",
                resolved ? 0.609 : 0.581,
                0.612,
                resolved ? 0.3 : 3.1,
                12_345L,
                0.9971,
                List.of(new Alert.Cause("device", "test", 0.79, "a sample cause")),
                null,
                null,
                "trusted",
                null);
    }
}
