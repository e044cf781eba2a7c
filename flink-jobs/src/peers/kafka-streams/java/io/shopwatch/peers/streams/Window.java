package io.shopwatch.peers.streams;

/** The sliding windows. */
enum Window {
    FIVE_MINUTES("5m", 300),
    HOUR("1h", 3600);

    /** What is not by channel. */
    static final String ALL = "all";

    private final String label;
    private final int seconds;

    Window(String label, int seconds) {
        this.label = label;
        this.seconds = seconds;
    }

    String label() {
        return label;
    }

    int seconds() {
        return seconds;
    }
}
