package io.shopwatch.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shopwatch.notify.DeliveryPolicy.Decision;
import io.shopwatch.notify.DeliveryPolicy.Progress;
import io.shopwatch.notify.DeliveryPolicy.Result;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveryPolicyTest {
    private static final Instant T0 = Instant.parse("2026-11-23T20:00:00Z");
    private final DeliveryPolicy policy = new DeliveryPolicy(null, Duration.ofHours(1));

    private static Instant at(long seconds) {
        return T0.plusSeconds(seconds);
    }

    @ParameterizedTest
    @CsvSource({
        // written at 0, gives up at 3600; message due, receiver free, now → decision
        "0,    0,    0,    send",
        "0,    0,    3599, send",
        "0,    0,    3600, give up",
        "10,   0,    5,    wait 10",
        "0,    30,   5,    wait 30",
        "10,   30,   5,    wait 30",
        "10,   30,   30,   send",
        // what can only go after the deadline waits for the deadline, to be counted then
        "0,    9000, 5,    wait 3600",
        "4000, 0,    3700, give up"
    })
    void decides(long notBefore, long receiverFree, long now, String expected) {
        Decision decision = policy.next(new Progress(T0, 1, at(notBefore)), at(receiverFree), at(now));
        String actual = decision instanceof Decision.Send
                ? "send"
                : decision instanceof Decision.Wait wait
                        ? "wait " + Duration.between(T0, wait.until()).toSeconds()
                        : "give up";
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void deliveredIsDoneAndRefusedHasFailed() {
        assertThat(policy.after(Progress.starting(T0), Answer.delivered(), T0, 0.5))
                .isEqualTo(new Result.Done());
        assertThat(policy.after(Progress.starting(T0), new Answer.Refused("HTTP 404"), T0, 0.5))
                .isEqualTo(new Result.Failed("HTTP 404"));
    }

    @ParameterizedTest
    @CsvSource({
        // attempts so far, jitter → ms
        "0, 0, 500",
        "0, 1, 1000",
        "1, 1, 2000",
        "2, 0.5, 3000",
        "8, 1, 256000",
        // 2^9 s = 512 s is over five minutes
        "9, 1, 300000",
        "60, 1, 300000"
    })
    void waitsTwiceAsLongEachTime(int attempts, double jitter, long millis) {
        DeliveryPolicy patient = new DeliveryPolicy(null, Duration.ofDays(1));
        Result result = patient.after(new Progress(T0, attempts, T0), Answer.tryLater("HTTP 500"), T0, jitter);
        assertThat(result).isEqualTo(new Result.Retry(new Progress(T0, attempts + 1, T0.plusMillis(millis))));
    }

    @Test
    void honoursRetryAfterToTheSecond() {
        Result result = policy.after(
                Progress.starting(T0), new Answer.TryLater("HTTP 429", Duration.ofSeconds(77)), at(5), 0.9);
        assertThat(result).isEqualTo(new Result.Retry(new Progress(T0, 1, at(82))));
    }

    @Test
    void givesUpAfterAllRetries() {
        DeliveryPolicy two = new DeliveryPolicy(2, Duration.ofHours(1));
        assertThat(two.after(new Progress(T0, 1, T0), Answer.tryLater("HTTP 500"), T0, 0))
                .isInstanceOf(Result.Retry.class);
        // the first and two more
        assertThat(two.after(new Progress(T0, 2, T0), Answer.tryLater("HTTP 500"), T0, 0))
                .isEqualTo(new Result.Failed("HTTP 500, after 3 attempts"));
        assertThat(new DeliveryPolicy(0, Duration.ofHours(1))
                        .after(Progress.starting(T0), Answer.tryLater("HTTP 500"), T0, 0))
                .isEqualTo(new Result.Failed("HTTP 500, after 1 attempts"));
    }

    @Test
    void givesUpWhenTheNextAttemptWouldComeTooLate() {
        assertThat(policy.after(Progress.starting(T0), new Answer.TryLater("HTTP 503", Duration.ofHours(2)), at(1), 0))
                .isEqualTo(new Result.Failed("HTTP 503, and no attempt left within 1 h after 1 attempts"));
    }

    @Test
    void jitterSpreadsOverTheUpperHalf() {
        assertThat(DeliveryPolicy.backoff(3, 0).toMillis()).isEqualTo(2000);
        assertThat(DeliveryPolicy.backoff(3, 0.999).toMillis()).isCloseTo(4000, within(3L));
    }
}
