package io.shopwatch.wire;

/**
 * A record that could not be read; value of the topic {@code dead-letters}.
 *
 * @param reason short stable code, one of {@link DeadLetterReason}
 * @param detail what exactly was wrong, for a person
 * @param topic topic (or file) it came from
 * @param partition partition it came from
 * @param offset offset in the partition
 * @param time wall clock of the rejection, epoch milliseconds (in a backtest the number of the line)
 * @param raw the record's bytes in base64
 */
public record DeadLetter(
        String reason, String detail, String topic, int partition, long offset, long time, String raw) {}
