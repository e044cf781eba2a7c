package io.shopwatch.settings;

import java.util.Locale;
import java.util.function.Function;

/**
 * A setting: what it is called, what it may be and what it means.
 *
 * @param key key in the settings file and with {@code --set}
 * @param type type and unit in words, for example {@code duration}
 * @param description what it means
 * @param ofSettings its value in settings; of {@link Settings#defaults()} it is the default
 * @param format the value as one writes it
 * @param parser reads and validates the value
 */
public record Option<T>(
        String key,
        String type,
        String description,
        Function<Settings, T> ofSettings,
        Function<T, String> format,
        Parser<T> parser) {

    /** Reads and validates a value. */
    @FunctionalInterface
    interface Parser<T> extends Function<Node, T> {}

    /** The default as one writes it, or {@code none}. */
    public String defaultText() {
        T value = ofSettings.apply(Settings.defaults());
        return value == null ? "none" : format.apply(value);
    }

    /** The environment variable that overrides the key, for example {@code SHOPWATCH_SERVE_PORT}. */
    public String environmentVariable() {
        return environmentVariable(key);
    }

    static String environmentVariable(String key) {
        return SettingsLoader.PREFIX
                + Node.dashed(key).replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
