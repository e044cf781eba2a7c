package io.shopwatch.cli;

import io.shopwatch.settings.Settings;
import io.shopwatch.settings.SettingsLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The flags {@code --settings} and {@code --set}, for commands to mix in. */
public final class SettingsOptions {

    @Option(
            names = "--settings",
            paramLabel = "FILE",
            description = "Settings file (YAML); without it $SHOPWATCH_SETTINGS, or shopwatch.yaml in this folder.")
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Sets one key, for example --set kafka.bootstrap.servers=kafka:9092; may be repeated.")
    private List<String> assignments = new ArrayList<>();

    private Settings loaded;

    /**
     * The settings that file, environment and flags make.
     *
     * @throws io.shopwatch.settings.SettingsException if one of them is wrong
     */
    public Settings load() {
        return load(Map.of());
    }

    /**
     * The same with flags of the command that stand for settings, which come before all others.
     *
     * @param flags values by settings key; those that are null are left out
     * @throws io.shopwatch.settings.SettingsException if one of them is wrong
     */
    public Settings load(Map<String, ?> flags) {
        List<String> all = new ArrayList<>(assignments);
        flags.forEach((key, value) -> {
            if (value != null) {
                all.add(key + "=" + value);
            }
        });
        loaded = SettingsLoader.load(file, System.getenv(), all);
        return loaded;
    }

    /** What {@link #load()} gave last; null before. */
    Settings loaded() {
        return loaded;
    }
}
