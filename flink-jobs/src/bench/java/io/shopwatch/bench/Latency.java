package io.shopwatch.bench;

import com.sun.net.httpserver.HttpServer;
import io.shopwatch.cli.Main;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.ShopEvent;
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
 * time from that event to the arrival of the webhook is the age of an alert. Times are those of the events, which are
 * due at fixed instants: a sender that falls behind does not hide what it is late with.
 */
final class Latency {
    private static final String CHANNEL = "marked";
    private static final Duration MARK_EVERY = Duration.ofMillis(200);
    private static final Duration SELL_OUT_EVERY = Duration.ofSeconds(1);
    private static final Duration SCRAPE_EVERY = Duration.ofMillis(250);
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration WARM_UP = Duration.ofSeconds(60);
    private static final Duration REST = Duration.ofSeconds(15);
    private static final long TURN_NANOS = 2_000_000;

    private static final Pattern MARKED = Pattern.compile(
            "shopwatch_funnel_visitors\\{funnel=\"purchase\",window=\"today\",step=\"view\",segment=\"channel\",value=\""
                    + CHANNEL + "\",?\\} ([0-9.E]+)");

    private final Path folder;
    private final int visitors;
    private final List<String> jvm;
    private final Duration length;
    private final String outOfOrderness;

    private final ConcurrentHashMap<String, Long> soldOut = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Long> alertAges = new ConcurrentLinkedQueue<>();
    private final List<Long> figureAges = new ArrayList<>();
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
     * @param figures from an event to its scrape
     * @param alerts from the last unit sold to the webhook
     */
    record Line(int rate, double sent, int unseen, Ages figures, Ages alerts) {}

    /**
     * @param folder folder of its own
     * @param visitors visitors that the traffic comes from
     * @param jvm flags of the measured processes
     * @param length time of measuring
     * @param outOfOrderness the setting {@code events.out-of-orderness}
     */
    Latency(Path folder, int visitors, List<String> jvm, Duration length, String outOfOrderness) {
        this.folder = folder;
        this.visitors = visitors;
        this.jvm = jvm;
        this.length = length;
        this.outOfOrderness = outOfOrderness;
    }

    /** Starts everything anew and measures under that many events per second. */
    Line measure(int rate) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        HttpServer webhook = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        webhook.createContext("/", exchange -> {
            long now = System.currentTimeMillis();
            var alert = Json.mapper().readTree(exchange.getRequestBody());
            Long since = soldOut.remove(alert.path("value").asText().replaceAll("@.*", ""));
            if (since != null
                    && alert.path("kind").asText().equals("stock_out")
                    && alert.path("status").asText().equals("firing")) {
                alertAges.add(now - since);
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

    /** Fails when what is measured no longer runs. */
    private interface Check {
        void run() throws IOException;
    }

    private Line measure(int rate, KafkaSink sink, Screen screen, Check alive)
            throws IOException, InterruptedException {
        // One marked visitor until the screen shows it: the jobs run.
        Sender sender = new Sender(sink, rate);
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
        long end = System.nanoTime() + WARM_UP.plus(length).plus(REST).toNanos();
        long measuredFrom = System.currentTimeMillis() + WARM_UP.toMillis();
        while (System.nanoTime() < end && (sending.isAlive() || !marks.isEmpty())) {
            alive.run();
            long began = System.nanoTime();
            long marked = screen.marked() - before;
            long now = System.currentTimeMillis();
            for (; seen < marked && !marks.isEmpty(); seen++) {
                long mark = marks.remove();
                if (mark >= measuredFrom) {
                    figureAges.add(now - mark);
                }
            }
            LockSupport.parkNanos(SCRAPE_EVERY.toNanos() - (System.nanoTime() - began));
        }
        sending.join();
        sender.throwFailure();
        return new Line(rate, sender.perSecond, marks.size(), Ages.of(figureAges), Ages.of(List.copyOf(alertAges)));
    }

    /** Sends what is due. */
    private final class Sender implements Runnable {
        private final KafkaSink sink;
        private final int rate;
        private int knocks;
        private int marked;
        private int sellOuts;
        private volatile double perSecond;
        private volatile IOException failure;

        Sender(KafkaSink sink, int rate) {
            this.sink = sink;
            this.rate = rate;
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
            long total = (long) rate * WARM_UP.plus(length).toSeconds();
            Traffic traffic = new Traffic(visitors, rate, start);
            stockUp(start);
            long sent = 0;
            long markAt = start;
            long sellAt = start + WARM_UP.toMillis();
            while (sent < total) {
                long now = start + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
                for (; markAt <= now; markAt += MARK_EVERY.toMillis()) {
                    marks.add(markAt);
                    mark(markAt);
                }
                for (; sellAt <= now; sellAt += SELL_OUT_EVERY.toMillis()) {
                    sellOut(sellAt);
                }
                long due = Math.min(total, (now - start) * rate / 1000);
                if (sent >= due) {
                    LockSupport.parkNanos(TURN_NANOS);
                }
                for (int i = 0; sent < due && i < rate; i++, sent++) {
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

        private void stockUp(long time) throws IOException {
            for (int sku = 0; sku < length.toSeconds() + 1; sku++) {
                send(stock(EventType.COUNTED, sku, 1, time));
            }
        }

        private void sellOut(long time) throws IOException {
            int sku = sellOuts++;
            soldOut.put("last-" + sku, time);
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
