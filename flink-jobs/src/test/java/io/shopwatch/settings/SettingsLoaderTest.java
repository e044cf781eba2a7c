package io.shopwatch.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.funnel.FunnelDefinition;
import io.shopwatch.settings.Settings.CommitOn;
import io.shopwatch.settings.Settings.Promotion;
import io.shopwatch.settings.Settings.Receiver;
import io.shopwatch.settings.Settings.SkuSettings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsLoaderTest {

    @TempDir
    private Path folder;

    // --- where settings come from

    @Test
    void withoutAnythingTheDefaultsHold() {
        assertThat(load(Map.of())).isEqualTo(Settings.defaults());
        assertThat(SettingsLoader.parse("")).isEqualTo(Settings.defaults());
        assertThat(SettingsLoader.parse("# nothing\n---\n")).isEqualTo(Settings.defaults());
        assertThat(SettingsLoader.parse("serve:\nkafka:\n  partitions:\nfunnels:\n"))
                .isEqualTo(Settings.defaults());
    }

    @Test
    void readsEveryKey() {
        Settings settings = SettingsLoader.parse(
                """
                shop: {timezone: Asia/Shanghai, currency: cny}
                kafka:
                  bootstrap.servers: [k1:9092, "[::1]:9093"]
                  partitions: 8
                  replication-factor: 3
                  security.protocol: SASL_SSL
                  ssl:
                    truststore.location: /etc/trust.p12
                  max.poll.records: 0100
                events:
                  out-of-orderness: 0
                  max-ahead: 10m
                  dedup-ttl: 2h
                  idleness: 250ms
                  catch-up-hold: 0s
                orders.ttl: 7d
                inventory:
                  commit-on: paid
                  half-life: 30m
                  lead-time: 48h
                  lead-time-deviation: 6h
                  service-level: 0.99
                  history: 2h
                metrics: {max-skus: 0, expiry: 5m, long-expiry: 2d}
                serve: {port: 0, bind: 0.0.0.0}
                flink:
                  parallelism: 4
                  checkpoint-interval: 1s
                  checkpoint-dir: s3://bucket/checkpoints
                  state-backend: rocksdb
                  rocksdb-memory: 2GB
                  ui-port: 8082
                  metrics-port: 0
                links: {dashboard-url: "https://grafana.example/d", runbook-url: "https://wiki.example/runbook"}
                """);

        assertThat(settings.shop()).isEqualTo(new Settings.Shop(ZoneId.of("Asia/Shanghai"), "CNY"));
        assertThat(settings.kafka())
                .isEqualTo(new Settings.Kafka(
                        "k1:9092,[::1]:9093",
                        8,
                        (short) 3,
                        Map.of(
                                "security.protocol", "SASL_SSL",
                                "ssl.truststore.location", "/etc/trust.p12",
                                "max.poll.records", "0100")));
        assertThat(settings.events())
                .isEqualTo(new Settings.Events(
                        Duration.ZERO,
                        Duration.ofMinutes(10),
                        Duration.ofHours(2),
                        Duration.ofMillis(250),
                        Duration.ZERO));
        assertThat(settings.orders()).isEqualTo(new Settings.Orders(Duration.ofDays(7)));
        assertThat(settings.inventory())
                .isEqualTo(new Settings.Inventory(
                        CommitOn.PAID,
                        Duration.ofMinutes(30),
                        Duration.ofHours(48),
                        Duration.ofHours(6),
                        0.99,
                        Duration.ofHours(2),
                        List.of()));
        assertThat(settings.metrics()).isEqualTo(new Settings.Metrics(0, Duration.ofMinutes(5), Duration.ofDays(2)));
        assertThat(settings.serve()).isEqualTo(new Settings.Serve(0, "0.0.0.0"));
        assertThat(settings.flink())
                .isEqualTo(new Settings.Flink(
                        4, Duration.ofSeconds(1), "s3://bucket/checkpoints", "rocksdb", 2048, 8082, 0));
        assertThat(settings.links())
                .isEqualTo(new Settings.Links("https://grafana.example/d", "https://wiki.example/runbook"));
    }

    @Test
    void aFlagComesBeforeTheEnvironmentBeforeTheFileBeforeTheDefault() throws IOException {
        Path file = write("serve.port: 1\nserve.bind: 1.1.1.1\nkafka.partitions: 1\n");
        Map<String, String> environment = Map.of("SHOPWATCH_SERVE_PORT", "2", "SHOPWATCH_SERVE_BIND", "2.2.2.2");

        Settings settings = SettingsLoader.load(file, environment, List.of("serve.port=3"));

        assertThat(settings.serve()).isEqualTo(new Settings.Serve(3, "2.2.2.2"));
        assertThat(settings.kafka().partitions()).isEqualTo(1);
        assertThat(settings.flink()).isEqualTo(Settings.defaults().flink());
    }

    @Test
    void theLastOfRepeatedFlagsHolds() {
        assertThat(load(Map.of(), "serve.port=1", "serve.port=2").serve().port())
                .isEqualTo(2);
    }

    @Test
    void theEnvironmentNamesTheFileWhereNoFlagDoes() throws IOException {
        Path file = write("serve.port: 1");
        Path other = Files.writeString(folder.resolve("other.yaml"), "serve.port: 2");

        assertThat(load(Map.of("SHOPWATCH_SETTINGS", file.toString())).serve().port())
                .isEqualTo(1);
        assertThat(SettingsLoader.load(other, Map.of("SHOPWATCH_SETTINGS", file.toString()), List.of())
                        .serve()
                        .port())
                .isEqualTo(2);
    }

    @Test
    void everyKeyHasAnEnvironmentVariable() {
        assertThat(Options.ALL).extracting(Option::environmentVariable).doesNotHaveDuplicates();
        Settings settings = load(Map.of(
                "SHOPWATCH_KAFKA_BOOTSTRAP_SERVERS", "k:1",
                "SHOPWATCH_EVENTS_OUT_OF_ORDERNESS", "3s",
                "SHOPWATCH_KAFKA_SASL_LOGIN_CALLBACK_HANDLER_CLASS", "com.example.Handler",
                "SHOPWATCH_FUNNELS", "[{name: f, steps: [clicks.search, orders.paid]}]",
                "SHOPWATCH_SERVE_BIND", ""));

        assertThat(settings.kafka().bootstrapServers()).isEqualTo("k:1");
        assertThat(settings.events().outOfOrderness()).isEqualTo(Duration.ofSeconds(3));
        assertThat(settings.kafka().clientProperties())
                .containsExactly(Map.entry("sasl.login.callback.handler.class", "com.example.Handler"));
        assertThat(settings.funnels()).extracting(FunnelDefinition::name).endsWith("f");
        assertThat(settings.serve().bind()).isEqualTo("127.0.0.1");
    }

    @Test
    void leavesForeignVariablesAlone() {
        assertThat(load(Map.of(
                        "PATH", "/bin",
                        "SHOPWATCH_LOG_LEVEL", "info",
                        "SHOPWATCH_SERVICE_HOST", "10.0.0.1",
                        "SHOPWATCH_SERVICE_PORT_HTTP", "8088",
                        "SHOPWATCH_PORT_8088_TCP_ADDR", "10.0.0.1",
                        "SHOPWATCH_SERVE_PORT", "tcp://10.0.0.1:8088")))
                .isEqualTo(Settings.defaults());
    }

    // --- lists

    @Test
    void addsFunnelsToTheDefaultOnesAndReplacesThoseOfTheSameName() {
        List<FunnelDefinition> funnels = SettingsLoader.parse(
                        """
                funnels:
                  - name: buy
                    steps: [look=clicks.view_item, orders.paid]
                    within: 2h
                  - name: search
                    mode: open
                    steps:
                      - {name: search, stream: clicks, type: search}
                      - {stream: carts, type: add_to_cart}
                """)
                .funnels();

        assertThat(funnels)
                .containsExactly(
                        FunnelDefinition.PURCHASE,
                        new FunnelDefinition(
                                "buy",
                                List.of(
                                        new FunnelDefinition.Step("look", EventType.VIEW_ITEM),
                                        new FunnelDefinition.Step("paid", EventType.PAID)),
                                Duration.ofHours(2),
                                FunnelDefinition.Mode.CLOSED),
                        FunnelDefinition.CHECKOUT,
                        new FunnelDefinition(
                                "search",
                                List.of(
                                        new FunnelDefinition.Step("search", EventType.SEARCH),
                                        new FunnelDefinition.Step("add_to_cart", EventType.ADD_TO_CART)),
                                Duration.ofHours(1),
                                FunnelDefinition.Mode.OPEN));
    }

    @Test
    void readsExceptionsBySku() {
        assertThat(SettingsLoader.parse(
                                """
                inventory.skus:
                  - {sku: 007, leadTime: 2d, lead-time-deviation: 3h, serviceLevel: 0.99, lowThreshold: 5}
                  - {sku: 007, warehouse: north}
                """)
                        .inventory()
                        .skus())
                .containsExactly(
                        new SkuSettings("007", null, Duration.ofDays(2), Duration.ofHours(3), 0.99, 5L),
                        new SkuSettings("007", "north", null, null, null, null));
    }

    @Test
    void readsPromotionsInTheCurrencyOfTheShop() {
        assertThat(SettingsLoader.parse(
                                """
                shop.currency: CNY
                promotions:
                  - name: 双11
                    start: 2026-11-11T00:00:00+08:00
                    end: 2026-11-12T00:00:00+08:00
                    base: 1000000
                    goal: 1500000.50
                    stretch: 1500000.50
                  - {name: export, start: 2026-11-11T00:00:00Z, end: 2026-11-12T00:00:00Z, currency: USD,
                     base: 0, goal: 1, stretch: 2}
                """)
                        .promotions())
                .containsExactly(
                        new Promotion(
                                "双11",
                                Instant.parse("2026-11-10T16:00:00Z"),
                                Instant.parse("2026-11-11T16:00:00Z"),
                                "CNY",
                                new BigDecimal("1000000"),
                                new BigDecimal("1500000.50"),
                                new BigDecimal("1500000.50")),
                        new Promotion(
                                "export",
                                Instant.parse("2026-11-11T00:00:00Z"),
                                Instant.parse("2026-11-12T00:00:00Z"),
                                "USD",
                                new BigDecimal("0"),
                                new BigDecimal("1"),
                                new BigDecimal("2")));
    }

    @Test
    void readsReceivers() throws IOException {
        Path url = Files.writeString(folder.resolve("url"), "https://hooks.example/T0/B0\n");

        assertThat(SettingsLoader.parse(
                                """
                receivers:
                  - name: oncall
                    type: dingtalk
                    url: https://oapi.example/robot?token=1
                    secret: SEC1
                    minSeverity: warning
                    ratePerMinute: 15
                    timeout: 5s
                    retries: 3
                    giveUpAfter: 10m
                  - {name: team, type: slack, url: "file:%s"}
                """
                                        .formatted(url))
                        .receivers())
                .containsExactly(
                        new Receiver(
                                "oncall",
                                "dingtalk",
                                new Secret("https://oapi.example/robot?token=1"),
                                new Secret("SEC1"),
                                "warning",
                                15,
                                Duration.ofSeconds(5),
                                3,
                                Duration.ofMinutes(10)),
                        new Receiver(
                                "team",
                                "slack",
                                new Secret("https://hooks.example/T0/B0"),
                                null,
                                "info",
                                20,
                                Duration.ofSeconds(10),
                                null,
                                Duration.ofHours(1)));
    }

    // --- secrets

    @Test
    void readsSecretsOfKafkaFromFiles() throws IOException {
        Path password = Files.writeString(folder.resolve("password"), "p@ss word\r\n");

        Settings settings = SettingsLoader.parse(
                """
                kafka:
                  ssl.key.password: file:%s
                  ssl.keystore.password: file://%s
                  sasl.oauthbearer.jwks.endpoint.url: file:///etc/jwks.json
                """
                        .formatted(password, password));

        assertThat(settings.kafka().clientProperties())
                .isEqualTo(Map.of(
                        "ssl.key.password", "p@ss word",
                        "ssl.keystore.password", "p@ss word",
                        "sasl.oauthbearer.jwks.endpoint.url", "file:///etc/jwks.json"));
        assertThat(settings.toString()).contains("ssl.key.password").doesNotContain("p@ss");
    }

    @Test
    void namesTheFileOfASecretThatIsMissing() {
        assertThatThrownBy(() -> SettingsLoader.parse("receivers: [{name: a, type: slack, url: 'file:/no/such/file'}]"))
                .isInstanceOf(SettingsException.class)
                .hasMessage("receivers[0].url = 'file:/no/such/file' (settings): expected a readable UTF-8 file at"
                        + " /no/such/file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "receivers: [{name: a, type: slack, url: 'hunter2'}]",
                "receivers: [{name: a, type: slack, url: 'https:// hunter2'}]",
                "receivers: [{name: a, type: slack, url: [hunter2]}]",
                "receivers: [{name: a, type: slack, url: 'https://h.example', secret: {hunter2: hunter2}}]",
                "receivers: [hunter2]",
                "receivers: hunter2",
                "kafka: {sasl.jaas.config: [{a: hunter2}]}",
                "kafka: {ssl.key.password: [[hunter2]]}",
                "receivers: [{url: hunter2",
                "receivers: {url: 'hunter2, x: \"hunter2\"}",
                "kafka: {ssl.key.password: &x hunter2, y: *x}",
                "\"hunter2",
            })
    void neverShowsASecret(String yaml) {
        assertThatThrownBy(() -> SettingsLoader.parse(yaml))
                .isInstanceOf(SettingsException.class)
                .satisfies(e ->
                        assertThat(e.getMessage()).doesNotContain("hunter2").doesNotContain("\n"));
        int colon = yaml.indexOf(": ");
        if (colon > 0 && yaml.startsWith("receivers")) {
            assertThatThrownBy(() -> load(Map.of("SHOPWATCH_RECEIVERS", yaml.substring(colon + 2))))
                    .isInstanceOf(SettingsException.class)
                    .satisfies(e ->
                            assertThat(e.getMessage()).doesNotContain("hunter2").doesNotContain("\n"));
        }
    }

    // --- errors

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            serve.port: 65536 | serve.port = '65536' (settings): expected a port from 0 (any free one) to 65535
            serve: {port: http} | serve.port = 'http' (settings): expected a port from 0 (any free one) to 65535
            serve.port: [1] | serve.port = a list (settings): expected a port from 0 (any free one) to 65535
            serve.port: '' | serve.port = '' (settings): expected a port from 0 (any free one) to 65535
            serve.bind: a b | serve.bind = 'a b' (settings): expected an address such as 127.0.0.1 or 0.0.0.0
            shop.timezone: Mars/Base | shop.timezone = 'Mars/Base' (settings): expected a time zone such as Europe/Berlin, Asia/Shanghai or UTC
            shop.currency: XYZ | shop.currency = 'XYZ' (settings): expected an ISO 4217 currency such as USD or CNY
            kafka.bootstrap.servers: kafka | kafka.bootstrap.servers = 'kafka' (settings): expected host:port, or several separated by commas
            kafka.bootstrap.servers: k:1, | kafka.bootstrap.servers = 'k:1,' (settings): expected host:port, or several separated by commas
            kafka.bootstrap.servers: k:65536 | kafka.bootstrap.servers = 'k:65536' (settings): expected host:port, or several separated by commas
            kafka.partitions: 0 | kafka.partitions = '0' (settings): expected a whole number from 1 to 10000
            events.max-ahead: 0s | events.max-ahead = '0s' (settings): expected a duration above zero
            events.max-ahead: -1s | events.max-ahead = '-1s' (settings): expected a duration such as 500ms, 1s, 5m, 1h or 30d
            events.max-ahead: 5 | events.max-ahead = '5' (settings): expected a duration such as 500ms, 1s, 5m, 1h or 30d
            orders.ttl: 99999d | orders.ttl = '99999d' (settings): expected a duration of at most 100 years
            inventory.service-level: 1 | inventory.service-level = '1' (settings): expected a number from 0.5 to below 1.0
            inventory.service-level: .NaN | inventory.service-level = '.NaN' (settings): expected a number from 0.5 to below 1.0
            inventory.commit-on: placed | inventory.commit-on = 'placed' (settings): expected shipped or paid
            flink.state-backend: RocksDB | flink.state-backend = 'RocksDB' (settings): expected hashmap or rocksdb
            flink.rocksdb-memory: 63MB | flink.rocksdb-memory = '63MB' (settings): expected a size such as 512MB or 2GB, at least 64MB
            flink.rocksdb-memory: 512 | flink.rocksdb-memory = '512' (settings): expected a size such as 512MB or 2GB, at least 64MB
            flink.rocksdb-memory: 2000000g | flink.rocksdb-memory = '2000000g' (settings): expected a size such as 512MB or 2GB, at least 64MB
            links.dashboard-url: ftp://x | links.dashboard-url = 'ftp://x' (settings): expected an http or https URL
            serve: {prot: 1} | serve.prot (settings): no such setting; did you mean serve.port?
            something: {else: 1} | something.else (settings): no such setting
            something: | something (settings): no such setting
            kafka.: x | kafka. (settings): no such setting
            serve: 1 | serve (settings): no such setting
            serve: {port: 1}\\nserve.port: 2 | serve.port (settings) is given twice, nested and with dots
            serve: {port: 1}\\nserve: {port: 2} | settings, line 2: the key serve is given twice
            - a | settings: expected a mapping of keys to values
            a: [ | settings, line 1: not YAML: expected the node content, but found '<stream end>'
            --- {}\\n--- {} | settings, line 2: more than one YAML document
            a: &x 1\\nb: *x | settings, line 2: YAML aliases are not supported
            funnels: {} | funnels = a mapping (settings): expected a list of funnels
            funnels: [{steps: [clicks.search, orders.paid]}] | funnels[0].name (settings) is missing; it has only steps
            funnels: [{}] | funnels[0].name (settings) is missing; it has no keys
            funnels: [{name: a>b}] | funnels[0].name = 'a>b' (settings): expected a name of letters, digits, '.', '_' and '-', at most 64
            funnels: [{name: a, step: x}] | funnels[0].step (settings): no such key; expected one of name, steps, within, mode
            funnels: [{name: a, steps: [clicks.search]}] | funnels[0].steps = a list (settings): expected other steps: a funnel has 2 to 16 steps, not 1
            funnels: [{name: a, steps: [view]}] | funnels[0].steps[0] = 'view' (settings): expected a step such as view=clicks.view_item or clicks.view_item
            funnels: [{name: a, steps: [v=stock.view]}] | funnels[0].steps[0] = 'v=stock.view' (settings): expected a step of the stream stock with one of its types: counted, received or adjusted
            funnels: [{name: a, steps: [{stream: stock, type: paid}]}] | funnels[0].steps[0].type = 'paid' (settings): expected a type of the stream stock: counted, received or adjusted
            funnels: [{name: a, steps: [{stream: carts}]}] | funnels[0].steps[0].type (settings) is missing; it has only stream
            funnels: [{name: a, mode: half, steps: [clicks.search, orders.paid]}] | funnels[0].mode = 'half' (settings): expected closed or open
            inventory.skus: [{sku: a}, {sku: a}] | inventory.skus[1].sku = 'a' (settings): expected each SKU and warehouse once
            inventory.skus: [{sku: a, lowThreshold: -1}] | inventory.skus[0].lowThreshold = '-1' (settings): expected a whole number, at least 0
            promotions: [{name: a, start: tomorrow}] | promotions[0].start = 'tomorrow' (settings): expected an RFC 3339 time such as 2026-11-11T00:00:00+08:00
            receivers: [{name: a, type: pager}] | receivers[0].type = 'pager' (settings): expected alertmanager, webhook, slack, dingtalk, feishu, wecom or teams
            receivers: [{name: a, type: slack}] | receivers[0].url (settings) is missing; it has only name, type
            receivers: [{name: a, type: slack, url: x}] | receivers[0].url = *** (settings): expected an http or https URL, or file:/path of one
            receivers: [{name: a, type: slack, url: 'http://a', ratePerMinute: 0}] | receivers[0].ratePerMinute = '0' (settings): expected a whole number from 1 to 100000
            receivers: [{name: a, type: slack, url: 'http://a', minSeverity: error}] | receivers[0].minSeverity = 'error' (settings): expected info, warning or critical
            receivers: [{name: a, type: slack, url: 'http://a'}, {name: a, type: slack, url: 'http://a'}] | receivers[1].name = 'a' (settings): expected a name that no other has
            """)
    void namesKeyValueAndWhatWasExpected(String yaml, String message) {
        assertThatThrownBy(() -> SettingsLoader.parse(yaml.replace("\\n", "\n")))
                .isInstanceOf(SettingsException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({
        "2, 1, 3, goal, '1', 'at least the base 2'",
        "1, 3, 2, stretch, '2', 'at least the goal 3'",
        "-1, 3, 4, base, '-1', 'an amount of money, at least 0'",
    })
    void wantsTargetsThatRise(String base, String goal, String stretch, String key, String value, String expected) {
        String yaml =
                "promotions: [{name: a, start: 2026-11-11T00:00:00Z, end: 2026-11-12T00:00:00Z, base: %s, goal: %s,"
                        + " stretch: %s}]";

        assertThatThrownBy(() -> SettingsLoader.parse(yaml.formatted(base, goal, stretch)))
                .hasMessage("promotions[0]." + key + " = '" + value + "' (settings): expected " + expected);
    }

    @Test
    void wantsPromotionsToEndAfterTheirStart() {
        assertThatThrownBy(() -> SettingsLoader.parse(
                        "promotions: [{name: a, start: 2026-11-11T00:00:00Z, end: 2026-11-11T01:00:00+01:00}]"))
                .hasMessage(
                        "promotions[0].end = '2026-11-11T01:00:00+01:00' (settings): expected a time after the start");
    }

    @Test
    void namesTheOriginOfAWrongValue() throws IOException {
        Path file = write("serve.port: x");

        assertThatThrownBy(() -> SettingsLoader.load(file, Map.of(), List.of()))
                .hasMessage("serve.port = 'x' (" + file + "): expected a port from 0 (any free one) to 65535");
        assertThatThrownBy(() -> load(Map.of("SHOPWATCH_SERVE_PORT", "x")))
                .hasMessage("serve.port = 'x' (SHOPWATCH_SERVE_PORT): expected a port from 0 (any free one) to 65535");
        assertThatThrownBy(() -> load(Map.of(), "serve.port=x"))
                .hasMessage("serve.port = 'x' (--set): expected a port from 0 (any free one) to 65535");
    }

    @Test
    void refusesUnknownVariablesAndFlags() {
        assertThatThrownBy(() -> load(Map.of("SHOPWATCH_SERVE_PROT", "1")))
                .hasMessage("SHOPWATCH_SERVE_PROT (environment): no such setting; did you mean SHOPWATCH_SERVE_PORT?");
        assertThatThrownBy(() -> load(Map.of(), "serve.prot=1"))
                .hasMessage("serve.prot (--set): no such setting; did you mean serve.port?");
        assertThatThrownBy(() -> load(Map.of(), "kafka.ssl.key.password"))
                .hasMessage("--set = 'kafka.ssl.key.password': expected key=value, for example serve.port=0");
        assertThatThrownBy(() -> load(Map.of(), "=secret"))
                .hasMessage("--set = '…': expected key=value, for example serve.port=0");
        assertThatThrownBy(() -> load(Map.of(), "kafka.ssl.key.password:hunter2"))
                .hasMessage("--set = 'kafka.ssl.key.password…': expected key=value, for example serve.port=0");
    }

    @Test
    void refusesAFileThatIsMissing() {
        Path missing = folder.resolve("missing.yaml");

        assertThatThrownBy(() -> SettingsLoader.load(missing, Map.of(), List.of()))
                .hasMessage("--settings = '" + missing + "': expected a readable UTF-8 file");
        assertThatThrownBy(() -> load(Map.of("SHOPWATCH_SETTINGS", folder.toString())))
                .hasMessage("SHOPWATCH_SETTINGS = '" + folder + "': expected a readable UTF-8 file");
    }

    // --- the catalogue

    @Test
    void everyDefaultPassesItsOwnValidator() {
        for (Option<?> option : Options.ALL) {
            if (!option.type().startsWith("list") && !option.defaultText().equals("none")) {
                assertThat(load(Map.of(), option.key() + "=" + option.defaultText()))
                        .as(option.key())
                        .isEqualTo(Settings.defaults());
            }
        }
    }

    @Test
    void everySettingIsInTheCatalogueOnce() {
        assertThat(Options.ALL).extracting(Option::key).doesNotHaveDuplicates();
        assertThat(Options.ALL).allSatisfy(option -> {
            assertThat(option.description()).isNotBlank();
            assertThat(option.type()).isNotBlank();
        });
        assertThat(Options.markdownTable())
                .contains("| `events.max-ahead` | duration | `5m` | ")
                .contains("| `funnels` | list of {name, steps, within, mode} | `purchase, buy, checkout` | ")
                .contains("| `flink.checkpoint-dir` | folder or URI | `none` | ")
                .contains("| `shop.timezone` | time zone | `UTC` | ");
    }

    @Test
    void settingsTravelToTheCluster() throws Exception {
        Settings settings = SettingsLoader.parse("receivers: [{name: a, type: slack, url: 'http://a'}]\n"
                + "funnels: [{name: f, steps: [clicks.search, orders.paid]}]\nkafka.client.id: x");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(settings);
        }

        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(settings);
        }
    }

    private static Settings load(Map<String, String> environment, String... assignments) {
        return SettingsLoader.load(null, environment, List.of(assignments));
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(folder.resolve("shopwatch.yaml"), yaml);
    }
}
