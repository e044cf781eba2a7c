package io.shopwatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.shopwatch.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The demo's one line of figures, from the same state that the page shows. */
final class DemoLine {
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(LIMIT).build();
    private final URI state;
    private long readBefore = -1;
    private long lookedBefore;

    DemoLine(String serveUrl) {
        this.state = URI.create(serveUrl).resolve("/api/state");
    }

    /** The line as of now. */
    String next(long nanoTime) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(state).timeout(LIMIT).build();
            HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return format(Json.mapper().readTree(response.body()), nanoTime);
        } catch (IOException e) {
            return "no figures: " + e.getMessage();
        }
    }

    /** Formats a state; remembers how much had been read, for the rate. */
    String format(JsonNode root, long nanoTime) {
        long read = 0;
        for (JsonNode outcomes : root.path("health").path("events")) {
            for (JsonNode count : outcomes) {
                read += count.asLong();
            }
        }
        double seconds = (nanoTime - lookedBefore) / 1e9;
        long rate = readBefore < 0 || seconds <= 0 ? 0 : Math.max(0, Math.round((read - readBefore) / seconds));
        readBefore = read;
        lookedBefore = nanoTime;
        JsonNode five = root.path("windows").path("5m");
        JsonNode today = root.path("windows").path("today");
        List<String> steps = new ArrayList<>();
        JsonNode funnel = five.path("funnels").path("purchase");
        for (int k = 1; k < funnel.size(); k++) {
            long from = funnel.get(k - 1).path("visitors").asLong();
            long to = funnel.get(k).path("visitors").asLong();
            steps.add(funnel.get(k).path("step").asText() + " "
                    + (from == 0 ? "–" : String.format(Locale.ROOT, "%.1f%%", 100.0 * to / from)));
        }
        JsonNode states = root.path("stock").path("states");
        long out = states.path("out").asLong() + states.path("oversold").asLong();
        return String.format(
                Locale.ROOT,
                "%,d events/s | %,d visitors in 5m | %s | GMV today %,.0f %s | %d out of stock | %d alerts",
                rate,
                five.path("sales").path("visitors").asLong(),
                String.join(", ", steps),
                today.path("sales").path("gmvPaid").asDouble(),
                root.path("currency").asText(),
                out,
                root.path("alerts").size());
    }
}
