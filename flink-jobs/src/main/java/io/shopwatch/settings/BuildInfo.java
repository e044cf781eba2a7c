package io.shopwatch.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What this build is. */
public final class BuildInfo {
    private static final String VERSION = readVersion();

    private BuildInfo() {}

    /** The version, for example {@code 0.1.0}. */
    public static String version() {
        return VERSION;
    }

    private static String readVersion() {
        try (InputStream in = BuildInfo.class.getResourceAsStream("/io/shopwatch/version.properties")) {
            if (in == null) {
                throw new IllegalStateException("io/shopwatch/version.properties is not on the classpath");
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
