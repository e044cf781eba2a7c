package io.shopwatch.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.shopwatch.cli.Main;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.domain.window.Window;
import io.shopwatch.embedded.EmbeddedKafka;
import io.shopwatch.replay.KafkaSink;
import io.shopwatch.wire.EventEncoder;
import io.shopwatch.wire.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How old figures and alerts are under a steady load: broker and traffic in this process, jobs and {@code serve} in
 * processes of their own as a user starts them, all on the same machine.
 *
 * <p>Among the traffic, marked visitors look at something, one after the other; the time from such an event to the first
 * scrape whose count has it is the age of a figure on the screen. SKUs sell their last unit one after the other; the
 * time from that event to the arrival of the webhook is the age of an alert on stock. Channels lose all of their
 * conversion one after the other; the time from the evaluation that has seen enough of it, which is at a fixed instant,
 * to the webhook is what an alert on a conversion takes beyond its rule's interval. Times are those of the events, which
 * are due at fixed instants: a sender that falls behind does not hide what it is late with.
 */
final class Latency {
    private static final String CHANNEL = "marked";
    private static final Duration MARK_EVERY = Duration.ofMillis(190);
    /** No divisor or multiple of a second, by which figures come: ages are of events anywhere in it. */
    private static final Duration SELL_OUT_EVERY = Duration.ofMillis(970);

    private static final int CHANNELS = 40;
    /** Between two visitors of those channels: one a second in each. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(25);

    private static final Duration EVALUATE_EVERY = Duration.ofSeconds(10);
    /** What is known of the channels when the jobs start: a baseline. */
    private static final Duration HISTORY = Duration.ofMinutes(15);
    /** After this a channel without conversions has been told of. */
    private static final Duration FOUND = Duration.ofSeconds(60);

    private static final String DROP_RULE = "drop";
    private static final String RULES =
            """
            rules:
              - {name: out, kind: stock_out}
              - {name: drop, kind: conversion_drop, transitions: [view>cart], segments: [channel], window: 1m,
                 baseline: {type: trailing, length: 5m}, for: 1, every: 10s}
            """;
    private static final Duration SCRAPE_EVERY = Duration.ofMillis(250);
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration REST = Duration.ofSeconds(15);
    /** The load goes on so long after what is measured: once it ends, time stands still until the jobs believe it. */
    private static final Duration TAIL = Duration.ofSeconds(3);

    private static final long TURN_NANOS = 2_000_000;
    private static final long TURN_MILLIS = 20;

    private static final Pattern MARKED = Pattern.compile(
            "shopwatch_funnel_visitors\\{funnel=\"purchase\",window=\"today\",step=\"view\",segment=\"channel\",value=\""
                    + CHANNEL + "\",?\\} ([0-9.E]+)");

    private static final Pattern COUNTED =
            Pattern.compile("shopwatch_events_total\\{stream=\"[a-z]+\",outcome=\"([a-z_]+)\",?\\} ([0-9.E]+)");

    private final Path folder;
    private final int visitors;
    private final List<String> jvm;
    private final Duration warmUp;
    private final Duration length;
    private final String outOfOrderness;
    private final long outOfOrdernessMillis;

    private final ConcurrentHashMap<String, Long> soldOut = new ConcurrentHashMap<>();
    /** When channels lose their conversion, epoch milliseconds; without those that were told of. */
    private final ConcurrentHashMap<String, Long> dropped = new ConcurrentHashMap<>();

    private final ConcurrentLinkedQueue<Long> alertAges = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Long> dropAges = new ConcurrentLinkedQueue<>();
    private final List<Long> figureAges = new ArrayList<>();
    private final List<Long> dueAges = new ArrayList<>();
    private final ConcurrentLinkedQueue<Long> marks = new ConcurrentLinkedQueue<>();

    /**
     * Ages in milliseconds.
     *
     * @param count how many were measured
     * @param p50 median
     * @param p99 99th percentile
     * @param max highest
     */
    record Ages(int count, long p50, long p99, long max) {
        static Ages of(List<Long> ages) {
            long[] sorted = ages.stream().mapToLong(Long::longValue).sorted().toArray();
            return sorted.length == 0
                    ? new Ages(0, -1, -1, -1)
                    : new Ages(sorted.length, rank(sorted, 0.5), rank(sorted, 0.99), sorted[sorted.length - 1]);
        }

        private static long rank(long[] sorted, double share) {
            return sorted[(int) Math.ceil(share * sorted.length) - 1];
        }
    }

    /**
     * One steady load.
     *
     * @param rate events per second asked for
     * @param sent events per second that were really sent
     * @param unseen marked events that no scrape had shown at the end
     * @param lateShare share of all events until the end that came too late to be followed
     * @param figures from an event to its scrape
     * @param due the same from when its figure can be told at the earliest: its second is over, and nothing earlier than
     *     its end can still count as in time
     * @param alerts from the last unit sold to the webhook
     * @param drops from the instant of an evaluation that finds a conversion fallen to the webhook
     */
    record Line(int rate, double sent, int unseen, double lateShare, Ages figures, Ages due, Ages alerts, Ages drops) {}

    /**
     * @param folder folder of its own
     * @param visitors visitors that the traffic comes from
     * @param jvm flags of the measured processes
     * @param warmUp time of the same load before measuring
     * @param length time of measuring, over a minute for any alerts on conversions
     * @param outOfOrderness the setting {@code events.out-of-orderness}
     */
    Latency(Path folder, int visitors, List<String> jvm, Duration warmUp, Duration length, String outOfOrderness) {
        this.folder = folder;
        this.visitors = visitors;
        this.jvm = jvm;
        this.warmUp = warmUp;
        this.length = length;
        this.outOfOrderness = outOfOrderness;
        this.outOfOrdernessMillis = Run.settingsWith(List.of("events.out-of-orderness=" + outOfOrderness))
                .events()
                .outOfOrderness()
                .toMillis();
    }

    /** Starts everything anew and measures under that many events per second. */
    Line measure(int rate) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        HttpServer webhook = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        webhook.createContext("/", exchange -> {
            long now = System.currentTimeMillis();
            var alert = Json.mapper().readTree(exchange.getRequestBody());
            if (alert.path("status").asText().equals("firing")) {
                take(alert, now);
            }
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        webhook.start();
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("kafka"), "127.0.0.1", 0)) {
            Path settings = folder.resolve("shopwatch.yaml");
            int port = freePort();
            Files.writeString(
                    settings,
                    """
                    kafka: {bootstrap.servers: "%s"}
                    events: {out-of-orderness: %s}
                    flink: {parallelism: %d, ui-port: 0, metrics-port: 0}
                    serve: {port: %d}
                    receivers:
                      - {name: bench, type: webhook, url: "http://127.0.0.1:%d/", ratePerMinute: 100000}
                    """
                            .formatted(
                                    kafka.bootstrapServers(),
                                    outOfOrderness,
                                    Runtime.getRuntime().availableProcessors(),
                                    port,
                                    webhook.getAddress().getPort()));
            ChildProcess.Maker children = new ChildProcess.Maker(jvm, folder);
            Path rules = Files.writeString(folder.resolve("rules.yaml"), RULES);
            try (ChildProcess apply =
                    children.start(Main.class, "rules", "apply", rules.toString(), "--settings", settings.toString())) {
                apply.await();
            }
            try (ChildProcess jobs = children.start(
                            Main.class,
                            "run",
                            "all",
                            "--settings",
                            settings.toString(),
                            "--data",
                            folder.resolve("data").toString());
                    ChildProcess serve = children.start(Main.class, "serve", "--settings", settings.toString());
                    KafkaSink sink = KafkaSink.open(
                            Run.settings(kafka.bootstrapServers(), "hashmap").kafka())) {
                return measure(rate, sink, new Screen(port), () -> {
                    jobs.check();
                    serve.check();
                });
            }
        } finally {
            webhook.stop(0);
        }
    }

    private void take(JsonNode alert, long now) {
        String value = alert.path("value").asText().replaceAll("@.*", "");
        if (alert.path("rule").asText().equals(DROP_RULE)) {
            Long since = dropped.get(value);
            if (since != null && now > since) {
                dropped.remove(value);
                // No alert comes before its time is complete; one that is an interval late would be taken for younger.
                long evaluated = Math.floorDiv(now - outOfOrdernessMillis, EVALUATE_EVERY.toMillis())
                        * EVALUATE_EVERY.toMillis();
                dropAges.add(now - evaluated);
            }
            return;
        }
        Long since = soldOut.remove(value);
        if (since != null) {
            alertAges.add(now - since);
        }
    }

    /** Fails when what is measured no longer runs. */
    private interface Check {
        void run() throws IOException;
    }

    private Line measure(int rate, KafkaSink sink, Screen screen, Check alive)
            throws IOException, InterruptedException {
        Sender sender = new Sender(sink, rate);
        sender.history(System.currentTimeMillis());
        // One marked visitor until the screen shows it: the jobs run.
        long patience = System.nanoTime() + START.toNanos();
        while (!screen.isReady() || screen.marked() == 0) {
            alive.run();
            if (System.nanoTime() > patience) {
                throw new IOException("no figure of the first events within " + START);
            }
            sender.knock();
            LockSupport.parkNanos(SCRAPE_EVERY.toNanos());
        }
        int before = sender.knocks;
        Thread sending = new Thread(sender, "sender");
        sending.start();
        int seen = 0;
        long end = System.nanoTime() + lasting().plus(REST).toNanos();
        long measuredFrom = System.currentTimeMillis() + warmUp.toMillis();
        long measuredTo = measuredFrom + length.toMillis();
        while (System.nanoTime() < end && (sending.isAlive() || !marks.isEmpty())) {
            alive.run();
            long began = System.nanoTime();
            long marked = screen.marked() - before;
            long now = System.currentTimeMillis();
            for (; seen < marked && !marks.isEmpty(); seen++) {
                long mark = marks.remove();
                if (mark >= measuredFrom && mark < measuredTo) {
                    figureAges.add(now - mark);
                    long windowEnd = (Window.paneOf(mark) + 1) * Window.SLIDE_MILLIS;
                    dueAges.add(now - windowEnd - outOfOrdernessMillis);
                }
            }
            LockSupport.parkNanos(SCRAPE_EVERY.toNanos() - (System.nanoTime() - began));
        }
        sending.join();
        sender.throwFailure();
        return new Line(
                rate,
                sender.perSecond,
                marks.size(),
                screen.lateShare(),
                Ages.of(figureAges),
                Ages.of(dueAges),
                Ages.of(List.copyOf(alertAges)),
                Ages.of(List.copyOf(dropAges)));
    }

    /** How long the load goes on. */
    private Duration lasting() {
        return warmUp.plus(length).plus(TAIL);
    }

    /** Sends what is due. */
    private final class Sender implements Runnable {
        private final KafkaSink sink;
        private final int rate;
        private int knocks;
        private int marked;
        private int sellOuts;
        private int looks;
        private volatile double perSecond;
        private volatile IOException failure;

        Sender(KafkaSink sink, int rate) {
            this.sink = sink;
            this.rate = rate;
        }

        /** What visitors of the channels did until now. */
        void history(long now) throws IOException {
            for (long time = now - HISTORY.toMillis(); time < now; time += LOOK_EVERY.toMillis()) {
                look(time, true);
            }
            sink.flush();
        }

        /** Another marked visitor, before the clock runs. */
        void knock() throws IOException {
            mark(System.currentTimeMillis());
            knocks++;
            sink.flush();
        }

        @Override
        public void run() {
            try {
                send();
            } catch (IOException e) {
                failure = e;
            }
        }

        void throwFailure() throws IOException {
            if (failure != null) {
                throw failure;
            }
        }

        private void send() throws IOException {
            long start = System.currentTimeMillis();
            long startNanos = System.nanoTime();
            long total = (long) rate * lasting().toSeconds();
            Traffic traffic = new Traffic(visitors, rate, start);
            stockUp(start);
            long sent = 0;
            long markAt = start;
            long sellAt = start;
            long lookAt = start;
            long measuredFrom = start + warmUp.toMillis();
            long measuredTo = measuredFrom + length.toMillis();
            Duration dropping = length.minus(FOUND);
            long[] dropAt = new long[CHANNELS];
            for (int channel = 0; channel < CHANNELS; channel++) {
                dropAt[channel] = dropping.isNegative()
                        ? Long.MAX_VALUE
                        : measuredFrom
                                + dropping.multipliedBy(channel)
                                        .dividedBy(CHANNELS)
                                        .toMillis();
                dropped.put("channel-" + channel, dropAt[channel]);
            }
            while (sent < total) {
                long wall = start + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
                // A sender that falls behind does so with everything: else its own events would pass one another.
                long now = Math.min(wall, start + sent * 1000 / rate + TURN_MILLIS);
                for (; markAt <= now; markAt += MARK_EVERY.toMillis()) {
                    marks.add(markAt);
                    mark(markAt);
                }
                for (; sellAt <= now; sellAt += SELL_OUT_EVERY.toMillis()) {
                    sellOut(sellAt, sellAt >= measuredFrom && sellAt < measuredTo);
                }
                for (; lookAt <= now; lookAt += LOOK_EVERY.toMillis()) {
                    look(lookAt, lookAt < dropAt[looks % CHANNELS]);
                }
                long due = Math.min(total, (wall - start) * rate / 1000);
                if (sent >= due) {
                    LockSupport.parkNanos(TURN_NANOS);
                }
                for (int i = 0; sent < due && i < rate * TURN_MILLIS / 1000; i++, sent++) {
                    send(traffic.next());
                }
            }
            sink.flush();
            perSecond = sent / ((System.nanoTime() - startNanos) / 1e9);
        }

        private void mark(long time) throws IOException {
            marked++;
            send(ShopEvent.builder(EventType.VIEW_ITEM, "mark-" + marked, time)
                    .visitor("marked-" + marked)
                    .session("marked-" + marked)
                    .sku("marked")
                    .category("marked")
                    .channel(CHANNEL)
                    .build());
        }

        /** The next visitor of the channels, in turn; one in two puts something in the cart, or none of them. */
        private void look(long time, boolean buying) throws IOException {
            int look = looks++;
            String channel = "channel-" + look % CHANNELS;
            send(ofChannel(EventType.VIEW_ITEM, look, time, channel).build());
            if (buying && look / CHANNELS % 2 == 0) {
                send(ofChannel(EventType.ADD_TO_CART, look, time, channel)
                        .quantity(1)
                        .build());
            }
        }

        private ShopEvent.Builder ofChannel(EventType type, int look, long time, String channel) {
            return ShopEvent.builder(type, type + "-look-" + look, time)
                    .visitor("looks-" + look)
                    .session("looks-" + look)
                    .sku("marked")
                    .category("marked")
                    .channel(channel);
        }

        private void stockUp(long time) throws IOException {
            for (int sku = 0; sku <= lasting().dividedBy(SELL_OUT_EVERY) + 1; sku++) {
                send(stock(EventType.COUNTED, sku, 1, time));
            }
        }

        private void sellOut(long time, boolean measured) throws IOException {
            int sku = sellOuts++;
            if (measured) {
                soldOut.put("last-" + sku, time);
            }
            send(stock(EventType.ADJUSTED, sku, -1, time));
        }

        private ShopEvent stock(EventType type, int sku, long quantity, long time) {
            return ShopEvent.builder(type, type + "-" + sku, time)
                    .sku("last-" + sku)
                    .quantity(quantity)
                    .build();
        }

        private void send(ShopEvent event) throws IOException {
            sink.write(event.stream(), EventEncoder.recordKey(event), EventEncoder.encode(event));
        }
    }

    /** What {@code serve} shows. */
    private static final class Screen {
        private final HttpClient http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
        private final String url;

        Screen(int port) {
            url = "http://127.0.0.1:" + port;
        }

        boolean isReady() throws InterruptedException {
            try {
                return get("/readyz").statusCode() == 200;
            } catch (IOException e) {
                return false; // not listening yet
            }
        }

        /** Marked visitors of today. */
        long marked() throws IOException, InterruptedException {
            Matcher count = MARKED.matcher(get("/metrics").body());
            return count.find() ? (long) Double.parseDouble(count.group(1)) : 0;
        }

        /** Share of the events accounted for that were late. */
        double lateShare() throws IOException, InterruptedException {
            double all = 0;
            double late = 0;
            Matcher count = COUNTED.matcher(get("/metrics").body());
            while (count.find()) {
                double events = Double.parseDouble(count.group(2));
                all += events;
                late += count.group(1).equals("late") ? events : 0;
            }
            return all == 0 ? 0 : late / all;
        }

        private HttpResponse<String> get(String path) throws IOException, InterruptedException {
            return http.send(
                    HttpRequest.newBuilder(URI.create(url + path))
                            .timeout(Duration.ofSeconds(20))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
