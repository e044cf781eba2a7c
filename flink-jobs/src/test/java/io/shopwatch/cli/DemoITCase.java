package io.shopwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a user starts it, and its page in a real browser. */
class DemoITCase {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Path JAR = Path.of(System.getProperty("shopwatch.jar", "target/shopwatch.jar"));
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    @TempDir
    private Path folder;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();
    private Path output;
    private Process demo;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(Files.exists(JAR), "the jar has not been built");
        output = folder.resolve("output.txt");
        demo = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-jar",
                        JAR.toAbsolutePath().toString(),
                        "demo",
                        "--data",
                        folder.resolve("data").toString(),
                        "--port=0",
                        "--kafka-port=0",
                        "--flink-port=0",
                        "--metrics-port=0")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    @AfterEach
    void stop() {
        if (demo != null && demo.isAlive()) {
            List<ProcessHandle> all = Stream.concat(demo.descendants(), Stream.of(demo.toHandle()))
                    .toList();
            all.forEach(ProcessHandle::destroyForcibly);
            all.forEach(one -> one.onExit().join());
        }
    }

    /** What the demo has printed as the address of something, once it has. */
    private String url(String name) {
        Pattern line = Pattern.compile("^" + name + " +(http\\S+)", Pattern.MULTILINE);
        String[] found = new String[1];
        await("address of " + name).atMost(PATIENCE).until(() -> {
            String text = Files.readString(output);
            assertThat(demo.isAlive()).as(text).isTrue();
            Matcher matcher = line.matcher(text);
            found[0] = matcher.find() ? matcher.group(1) : null;
            return found[0] != null;
        });
        return found[0];
    }

    private HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(url))
                        .timeout(Duration.ofSeconds(20))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void showsAShopWithinItsPageAndStopsWhenAsked() throws Exception {
        String page = url("War room");
        String metrics = url("Metrics");
        for (String url : List.of(page, metrics, url("Health"), url("Flink"))) {
            assertThat(get(url).statusCode()).as(url).isEqualTo(200);
        }
        await("figures of every job").atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
            String samples = get(metrics).body();
            assertThat(samples)
                    .contains("shopwatch_funnel_visitors{")
                    .contains("shopwatch_sales_gmv{")
                    .contains("shopwatch_stock_available_units{")
                    .contains("shopwatch_alerts_firing{");
            // The shop has been open for some minutes, which the jobs catch up with first.
            for (ShopJob job : ShopJob.values()) {
                assertThat(lag(samples, job)).as(job.wireName()).isLessThan(8);
            }
        });

        assertClassesComeFromTheArchive();

        String browser = browser();
        assumeTrue(browser != null, "there is no Chromium on this machine");
        Path screenshot = Files.createDirectories(SCREENSHOTS).resolve("war-room.png");
        run(browser, "--screenshot=" + screenshot.toAbsolutePath(), page);
        String dom = run(browser, "--dump-dom", page);

        assertThat(Files.size(screenshot)).isGreaterThan(10_000);
        assertThat(element(dom, "connection")).contains("Live");
        assertThat(element(dom, "gmv-value")).containsPattern("\\$[0-9]");
        assertThat(element(dom, "visitors")).containsPattern("[0-9]");
        assertThat(element(dom, "funnel-steps"))
                .contains("view")
                .contains("pay")
                .containsPattern("[0-9] %");
        assertThat(element(dom, "channel-rows")).contains("<tr").containsPattern("\\$[0-9]");
        assertThat(element(dom, "alert-list")).contains("INFO");

        demo.destroy();
        assertThat(demo.waitFor(15, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(output)).doesNotContain("Exception");
    }

    private void assertClassesComeFromTheArchive() throws IOException {
        List<ProcessHandle> children = demo.descendants().toList();
        assertThat(children).hasSize(1);
        Path maps = Path.of("/proc", Long.toString(children.get(0).pid()), "maps");
        // Other systems than Linux do not tell.
        if (Files.exists(maps)) {
            assertThat(Files.readString(maps)).contains("shopwatch.jsa");
        }
        // One of a demo that failed at once would have 3 MB.
        assertThat(Files.size(JAR.resolveSibling("shopwatch.jsa"))).isGreaterThan(50_000_000);
    }

    private static double lag(String samples, ShopJob job) {
        Matcher lag = Pattern.compile("shopwatch_watermark_lag_seconds\\{job=\"" + job.wireName() + "\",?} (\\S+)")
                .matcher(samples);
        assertThat(lag.find()).isTrue();
        return Double.parseDouble(lag.group(1));
    }

    /** What the browser shows inside the element of that id, without nested elements of the same name. */
    private static String element(String dom, String id) {
        Matcher open = Pattern.compile("<(\\w+)[^>]* id=\"" + id + "\"[^>]*>|<(\\w+) id=\"" + id + "\"[^>]*>")
                .matcher(dom);
        assertThat(open.find()).as("element " + id + " of " + dom).isTrue();
        String name = open.group(1) == null ? open.group(2) : open.group(1);
        int end = dom.indexOf("</" + name + ">", open.end());
        return dom.substring(open.end(), end);
    }

    private static String browser() {
        for (String name : List.of("chromium", "chromium-browser", "google-chrome")) {
            boolean there = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
            if (there) {
                return name;
            }
        }
        return null;
    }

    private String run(String browser, String... arguments) throws IOException, InterruptedException {
        Path printed = folder.resolve("browser.txt");
        List<String> command = new ArrayList<>(List.of(
                browser,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--force-device-scale-factor=1",
                "--window-size=1600,900",
                "--user-data-dir=" + folder.resolve("browser"),
                // Time of the page: a few of its looks at the state, however slow the machine.
                "--virtual-time-budget=5000"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectOutput(printed.toFile())
                .redirectError(folder.resolve("browser-errors.txt").toFile())
                .start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES))
                    .as("the browser ends")
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(printed);
    }
}
