package io.shopwatch.peers;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The clock of a run, at its edges, so that what is measured need not know of it: starts when Kafka's consumer has handed
 * over half of the records, stops when all were read and each of the last figures, known beforehand, has been handed to
 * Kafka's producer. A peer whose last figures are wrong never stops it.
 */
public final class Clock {
    private static final Set<String> INPUTS = Set.of("clicks", "carts", "orders");

    private static final AtomicLong STARTED = new AtomicLong();
    private static final AtomicLong READ = new AtomicLong();
    private static final CountDownLatch COMPLETE = new CountDownLatch(1);
    private static final Map<String, String> MISSING = new HashMap<>();
    private static volatile long cpuStarted;
    private static volatile long readBefore;
    private static long stopped;
    private static long cpuStopped;
    private static long events;
    private static String topic;
    private static String end;

    private Clock() {}

    /** Says what will be read and written. */
    static synchronized void expect(Task task) {
        events = task.events();
        topic = task.topic();
        end = "\"end\":" + task.lastEnd() + ",";
        MISSING.putAll(task.lastFigures());
    }

    static boolean await(long millis) throws InterruptedException {
        return COMPLETE.await(millis, TimeUnit.MILLISECONDS);
    }

    /** What has not come yet, for an error. */
    static synchronized String missing() {
        return READ.get() + " of " + events + " events were read, and these figures are missing: " + MISSING;
    }

    /** Events that were read while the clock ran. */
    static synchronized long measured() {
        return events - readBefore;
    }

    static synchronized double seconds() {
        return (stopped - STARTED.get()) / 1e9;
    }

    static synchronized double cpuSeconds() {
        return (cpuStopped - cpuStarted) / 1e9;
    }

    private static void read(long records) {
        long read = READ.addAndGet(records);
        if (STARTED.get() == 0 && read >= events / 2 && STARTED.compareAndSet(0, System.nanoTime())) {
            readBefore = read;
            cpuStarted = cpuNanos();
        }
        if (read == events) {
            stopIfComplete();
        }
    }

    private static synchronized void wrote(String row) {
        String series = text(row, "window") + "." + text(row, "channel");
        String figures =
                number(row, "view") + "," + number(row, "cart") + "," + number(row, "order") + "," + number(row, "pay");
        MISSING.remove(series, figures);
        stopIfComplete();
    }

    private static synchronized void stopIfComplete() {
        if (MISSING.isEmpty() && READ.get() == events && COMPLETE.getCount() > 0) {
            stopped = System.nanoTime();
            cpuStopped = cpuNanos();
            COMPLETE.countDown();
        }
    }

    private static String text(String row, String field) {
        String name = "\"" + field + "\":\"";
        int from = row.indexOf(name) + name.length();
        return row.substring(from, row.indexOf('"', from));
    }

    private static String number(String row, String field) {
        String name = "\"" + field + "\":";
        int from = row.indexOf(name) + name.length();
        int to = from;
        while (Character.isDigit(row.charAt(to))) {
            to++;
        }
        return row.substring(from, to);
    }

    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    /** Sees what is read; a setting of the consumer names it. */
    public static final class Reading implements ConsumerInterceptor<Object, Object> {
        @Override
        public ConsumerRecords<Object, Object> onConsume(ConsumerRecords<Object, Object> records) {
            long read = 0;
            for (TopicPartition partition : records.partitions()) {
                read += INPUTS.contains(partition.topic())
                        ? records.records(partition).size()
                        : 0;
            }
            if (read > 0) {
                Clock.read(read);
            }
            return records;
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

        @Override
        public void configure(Map<String, ?> configs) {}

        @Override
        public void close() {}
    }

    /** Sees what is written; a setting of the producer names it. */
    public static final class Writing implements ProducerInterceptor<byte[], byte[]> {
        @Override
        public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> sent) {
            if (sent.topic().equals(topic)) {
                String row = new String(sent.value(), StandardCharsets.UTF_8);
                if (row.contains(end)) {
                    wrote(row);
                }
            }
            return sent;
        }

        @Override
        public void onAcknowledgement(RecordMetadata metadata, Exception exception) {}

        @Override
        public void configure(Map<String, ?> configs) {}

        @Override
        public void close() {}
    }
}
