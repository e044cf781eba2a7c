package io.shopwatch.notify;

import java.time.Duration;
import java.time.Instant;

/**
 * Decides what becomes of a message at one receiver. Without clock, queue or network: everything is a parameter.
 *
 * @param retries attempts after the first at most; null means as many as fit into {@code giveUpAfter}
 * @param giveUpAfter a message not delivered in this time has failed
 */
record DeliveryPolicy(Integer retries, Duration giveUpAfter) {
    static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
    static final Duration LONGEST_BACKOFF = Duration.ofMinutes(5);

    /**
     * A message on its way.
     *
     * @param since when its alert was written, from where {@code giveUpAfter} counts
     * @param attempts requests made so far
     * @param notBefore the next one comes no earlier
     */
    record Progress(Instant since, int attempts, Instant notBefore) {
        static Progress starting(Instant since) {
            return new Progress(since, 0, Instant.MIN);
        }
    }

    /** What to do now. */
    sealed interface Decision {
        /** Make the request. */
        record Send() implements Decision {}

        /** Ask again then. */
        record Wait(Instant until) implements Decision {}

        /** It has failed. */
        record GiveUp(String reason) implements Decision {}
    }

    /** What an answer means for the message. */
    sealed interface Result {
        /** It is done. */
        record Done() implements Result {}

        /** It is to be tried again. */
        record Retry(Progress progress) implements Result {}

        /** It has failed. */
        record Failed(String reason) implements Result {}
    }

    /**
     * What to do with a message.
     *
     * @param receiverFree when the receiver takes the next message: its rate limit, or what it asked for
     */
    Decision next(Progress progress, Instant receiverFree, Instant now) {
        Instant deadline = progress.since().plus(giveUpAfter);
        if (!now.isBefore(deadline)) {
            return new Decision.GiveUp("not delivered within " + AlertMessage.duration(giveUpAfter) + " after "
                    + progress.attempts() + " attempts");
        }
        Instant due = later(progress.notBefore(), receiverFree);
        if (due.isAfter(now)) {
            return new Decision.Wait(due.isBefore(deadline) ? due : deadline);
        }
        return new Decision.Send();
    }

    /**
     * What an answer means.
     *
     * @param jitter between 0 and 1, evenly distributed
     */
    Result after(Progress progress, Answer answer, Instant now, double jitter) {
        if (answer instanceof Answer.Delivered) {
            return new Result.Done();
        }
        if (answer instanceof Answer.Refused refused) {
            return new Result.Failed(refused.reason());
        }
        Answer.TryLater tryLater = (Answer.TryLater) answer;
        int attempts = progress.attempts() + 1;
        if (retries != null && attempts > retries) {
            return new Result.Failed(tryLater.reason() + ", after " + attempts + " attempts");
        }
        Duration wait = tryLater.retryAfter() != null ? tryLater.retryAfter() : backoff(attempts, jitter);
        Instant due = now.plus(wait);
        if (!due.isBefore(progress.since().plus(giveUpAfter))) {
            return new Result.Failed(tryLater.reason() + ", and no attempt left within "
                    + AlertMessage.duration(giveUpAfter) + " after " + attempts + " attempts");
        }
        return new Result.Retry(new Progress(progress.since(), attempts, due));
    }

    /** Doubles from a second to five minutes; of that, a random part between the half and the whole is waited. */
    static Duration backoff(int attempts, double jitter) {
        long whole = LONGEST_BACKOFF.toMillis();
        int doublings = Math.max(0, attempts - 1);
        if (doublings < 20) {
            whole = Math.min(whole, FIRST_BACKOFF.toMillis() << doublings);
        }
        return Duration.ofMillis(Math.round(whole * (0.5 + 0.5 * jitter)));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
