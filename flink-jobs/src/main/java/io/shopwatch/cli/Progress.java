package io.shopwatch.cli;

import io.shopwatch.domain.window.Durations;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Progress of long work: on a terminal one line that renews itself with what is done, the rate, the share and the time
 * left; nothing at all when the output is piped.
 *
 * <p>Belongs to one thread.
 */
public final class Progress implements AutoCloseable {
    private static final long RENEW_NANOS = 200_000_000;
    private static final double NANOS = 1e9;

    private final PrintWriter terminal;
    private final LongSupplier nanoTime;
    private final String unit;
    private final long total;
    private final long begun;
    private long shown;
    private long done;
    private int width;

    /**
     * @param terminal where to write; null for a silent one
     * @param nanoTime monotonic clock in nanoseconds
     * @param unit what is counted, for example {@code events}
     * @param total how many there will be; 0 or less if that is unknown
     */
    Progress(PrintWriter terminal, LongSupplier nanoTime, String unit, long total) {
        this.terminal = terminal;
        this.nanoTime = nanoTime;
        this.unit = unit;
        this.total = total;
        this.begun = nanoTime.getAsLong();
        this.shown = begun - RENEW_NANOS;
    }

    /**
     * Progress on this process's terminal, if it has one.
     *
     * @param unit what is counted, for example {@code events}
     * @param total how many there will be; 0 or less if that is unknown
     */
    public static Progress of(String unit, long total) {
        return new Progress(Terminal.writer().orElse(null), System::nanoTime, unit, total);
    }

    /** So many more are done. Cheap: the line is renewed five times a second at most. */
    public void add(long more) {
        update(done + more);
    }

    /** So many are done by now. */
    public void update(long doneByNow) {
        done = doneByNow;
        if (terminal == null) {
            return;
        }
        long now = nanoTime.getAsLong();
        if (now - shown >= RENEW_NANOS) {
            shown = now;
            show(line(done, total, unit, (now - begun) / NANOS));
        }
    }

    /** Shows the final figures and ends the line. */
    @Override
    public void close() {
        if (terminal != null) {
            show(line(done, total, unit, (nanoTime.getAsLong() - begun) / NANOS));
            terminal.println();
            terminal.flush();
        }
    }

    private void show(String line) {
        // Spaces wipe what a longer line before left behind.
        terminal.print('\r' + line + " ".repeat(Math.max(0, width - line.length())));
        terminal.flush();
        width = line.length();
    }

    static String line(long done, long total, String unit, double seconds) {
        double rate = seconds > 0 ? done / seconds : 0;
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%,d", done));
        if (total > 0) {
            line.append(String.format(Locale.ROOT, " of %,d", total));
        }
        line.append(String.format(Locale.ROOT, " %s, %,.0f/s", unit, rate));
        if (total > 0) {
            line.append(String.format(Locale.ROOT, ", %.0f %%", 100.0 * Math.min(done, total) / total));
            if (rate > 0 && done < total) {
                long left = (long) Math.ceil((total - done) / rate);
                line.append(", ")
                        .append(Durations.format(Duration.ofSeconds(left)))
                        .append(" left");
            }
        }
        return line.toString();
    }
}
