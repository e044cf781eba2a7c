package io.shopwatch.notify;

import io.shopwatch.settings.Settings;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;

/** Makes receivers of settings. */
final class Receivers {
    static final List<String> TYPES =
            List.of("alertmanager", "webhook", "slack", "dingtalk", "feishu", "wecom", "teams");

    private Receivers() {}

    /**
     * The receiver that the settings describe.
     *
     * @throws IllegalArgumentException if the type is unknown or the address is none; without the address, which is secret
     */
    static Receiver of(Settings.Receiver settings, ZoneId zone) {
        String key = "receiver " + settings.name() + ": ";
        URI uri = address(key, settings);
        return switch (String.valueOf(settings.type()).toLowerCase(Locale.ROOT)) {
            case "alertmanager" -> new AlertmanagerReceiver(uri, zone);
            case "webhook" -> new WebhookReceiver(uri);
            case "slack" -> new SlackReceiver(uri, zone);
            case "dingtalk" -> new DingTalkReceiver(uri, settings.secret(), zone);
            case "feishu" -> new FeishuReceiver(uri, settings.secret(), zone);
            case "wecom" -> new WeComReceiver(uri, zone);
            case "teams" -> new TeamsReceiver(uri, zone);
            default ->
                throw new IllegalArgumentException(
                        key + "type is '" + settings.type() + "', expected one of " + String.join(", ", TYPES));
        };
    }

    private static URI address(String key, Settings.Receiver settings) {
        String problem = key + "url is not an http or https address";
        if (settings.url() == null) {
            throw new IllegalArgumentException(key + "url is missing");
        }
        try {
            URI uri = new URI(settings.url().reveal().strip());
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            if (uri.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
                throw new IllegalArgumentException(problem);
            }
            return uri;
        } catch (URISyntaxException e) {
            // Without the cause: its message repeats the address.
            throw new IllegalArgumentException(problem);
        }
    }
}
