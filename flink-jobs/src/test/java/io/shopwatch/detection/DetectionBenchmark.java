package io.shopwatch.detection;

import io.shopwatch.detection.SimulatedShop.Fault;
import io.shopwatch.detection.SimulatedShop.Series;
import io.shopwatch.detection.SimulatedShop.Tide;
import io.shopwatch.domain.alert.BernoulliCusum;
import io.shopwatch.domain.alert.ConversionSeries;
import io.shopwatch.domain.alert.ConversionWatch;
import io.shopwatch.domain.alert.Rule;
import io.shopwatch.domain.alert.RuleKind;
import io.shopwatch.domain.alert.RuleParser;
import io.shopwatch.domain.funnel.FunnelDefinition;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How many false alarms the conversion rule raises in calm weeks, and how soon it finds drops, beside the naive rule
 * "this window is 2 points under the last hour" and beside the Bernoulli CUSUM, which knows the true rate and has the
 * same budget of false alarms. Prints Markdown. Arguments: days of calm per traffic level (28), repetitions per cell
 * (20).
 */
public final class DetectionBenchmark {
    private static final double[] LEVELS = {3, 15, 60};
    private static final double[] DROPS = {2, 3, 4, 6};
    private static final Rule RULE = new RuleParser(FunnelDefinition.DEFAULTS, List.of())
            .defaults().stream()
                    .filter(rule -> rule.kind() == RuleKind.CONVERSION_DROP)
                    .findFirst()
                    .orElseThrow();
    private static final double BUDGET_PER_WEEK = RULE.falseAlarmsPerWeek();
    private static final long WEEK = 7L * 24 * 3600;
    private static final long WARM_UP = 7 * 3600;
    private static final long LIMIT = 4 * 3600;

    private DetectionBenchmark() {}

    /** What watches a shop. */
    interface Detector {
        /** Looks at the last ten seconds; returns how many incidents opened. */
        int look(SimulatedShop shop, long end);
    }

    public static void main(String[] arguments) {
        int days = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 28;
        int repetitions = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20;
        if (days > 0) {
            calm(days, System.out);
        }
        if (repetitions > 0) {
            drops(repetitions, System.out);
        }
    }

    static void calm(int days, PrintStream out) {
        double budget = BUDGET_PER_WEEK * days / 7;
        out.append(String.format(
                Locale.ROOT,
                "False alarms in %d calm days (budget %.0f)%n%n| visitors/s | Shopwatch | naive rule | CUSUM |%n| ---: | ---: | ---: | ---: |%n",
                days,
                budget));
        for (int level = 0; level < LEVELS.length; level++) {
            SimulatedShop shop = new SimulatedShop(11 + level, SimulatedShop.daily(LEVELS[level]), List.of());
            List<Detector> detectors = detectors(shop, LEVELS[level]);
            int[] alarms = new int[detectors.size()];
            long end = 0;
            while (shop.seconds() < days * 86_400L) {
                shop.advance();
                end += SimulatedShop.TICK;
                for (int d = 0; d < alarms.length; d++) {
                    alarms[d] += detectors.get(d).look(shop, end);
                }
            }
            out.append(String.format(
                    Locale.ROOT, "| %.0f | %d | %d | %d |%n", LEVELS[level], alarms[0], alarms[1], alarms[2]));
        }
        out.println();
    }

    static void drops(int repetitions, PrintStream out) {
        out.append(String.format(
                Locale.ROOT,
                "Drops of view > cart from 10 %%: found within 4 h, and median delay%n%n"
                        + "| visitors/s | where | points | Shopwatch | naive rule | CUSUM | ratio |%n"
                        + "| ---: | --- | ---: | ---: | ---: | ---: | ---: |%n"));
        String[][] scopes = {{"all", null, null}, {"channel=ads", "ads", null}, {"device=desktop", null, "desktop"}};
        for (int level = 0; level < LEVELS.length; level++) {
            for (String[] scope : scopes) {
                for (double points : DROPS) {
                    cell(level, scope, points, repetitions, out);
                }
            }
        }
    }

    static void cell(int level, String[] scope, double points, int repetitions, PrintStream out) {
        double[][] delays = new double[3][repetitions];
        for (int r = 0; r < repetitions; r++) {
            long seed = (level * 31L + scope[0].hashCode()) * 1009 + (long) (points * 10) * 97 + r;
            // Spread over the day, quiet hours and busy ones
            long hour = 24L * r / repetitions;
            double rate = rateOf(scope);
            Fault fault = new Fault(0, scope[1], scope[2], 1 - points / 100 / rate, WARM_UP, Long.MAX_VALUE);
            Tide day = SimulatedShop.daily(LEVELS[level]);
            SimulatedShop shop = new SimulatedShop(seed, s -> day.at(s + hour * 3600), List.of(fault));
            List<Detector> detectors = detectors(shop, LEVELS[level]);
            double[] found = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
            long end = 0;
            while (shop.seconds() < WARM_UP + LIMIT && Arrays.stream(found).anyMatch(Double::isInfinite)) {
                shop.advance();
                end += SimulatedShop.TICK;
                for (int d = 0; d < 3; d++) {
                    int opened = detectors.get(d).look(shop, end);
                    if (opened > 0 && shop.seconds() > WARM_UP && Double.isInfinite(found[d])) {
                        found[d] = shop.seconds() - WARM_UP;
                    }
                }
            }
            for (int d = 0; d < 3; d++) {
                delays[d][r] = found[d];
            }
        }
        double mine = median(delays[0]);
        double reference = median(delays[2]);
        out.append(String.format(
                Locale.ROOT,
                "| %.0f | %s | %.0f | %s | %s | %s | %s |%n",
                LEVELS[level],
                scope[0],
                points,
                text(delays[0]),
                text(delays[1]),
                text(delays[2]),
                Double.isInfinite(mine) || Double.isInfinite(reference)
                        ? "–"
                        : String.format(Locale.ROOT, "%.2f", mine / reference)));
    }

    private static double rateOf(String[] scope) {
        double rate = 0;
        double share = 0;
        for (int c = 0; c < SimulatedShop.CHANNELS.length; c++) {
            for (int d = 0; d < SimulatedShop.DEVICES.length; d++) {
                if ((scope[1] == null || scope[1].equals(SimulatedShop.CHANNELS[c]))
                        && (scope[2] == null || scope[2].equals(SimulatedShop.DEVICES[d]))) {
                    double weight = SimulatedShop.CHANNEL_SHARE[c] * SimulatedShop.DEVICE_SHARE[d];
                    share += weight;
                    rate += weight
                            * SimulatedShop.CHANCE[0]
                            * SimulatedShop.CHANNEL_LIFT[c]
                            * SimulatedShop.DEVICE_LIFT[d];
                }
            }
        }
        return rate / share;
    }

    private static String text(double[] delays) {
        long found = Arrays.stream(delays).filter(Double::isFinite).count();
        double median = median(delays);
        return String.format(Locale.ROOT, "%d/%d %s", found, delays.length, minutes(median));
    }

    private static String minutes(double seconds) {
        return Double.isInfinite(seconds) ? "–" : String.format(Locale.ROOT, "%.1f min", seconds / 60);
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private static List<Detector> detectors(SimulatedShop shop, double level) {
        return List.of(new Shopwatch(shop), new Naive(shop), new Cusum(shop, level));
    }

    /** The conversion rule as it ships. */
    static final class Shopwatch implements Detector {
        private final ConversionWatch watch;
        private final List<ConversionSeries> series = new ArrayList<>();
        final List<ConversionWatch.Event> events = new ArrayList<>();

        Shopwatch(SimulatedShop shop) {
            watch = new ConversionWatch(RULE.watch(3_600_000L));
            for (Series s : shop.series()) {
                series.add(watch.newSeries(s.transition(), s.segment(), s.value()));
            }
        }

        @Override
        public int look(SimulatedShop shop, long end) {
            for (int i = 0; i < series.size(); i++) {
                watch.sample(series.get(i), series, end, shop.sample(i), true);
            }
            int opened = 0;
            for (ConversionWatch.Event event : watch.evaluate(series, end, t -> true, null, Long::toString)) {
                events.add(event);
                opened += event.firing() ? 1 : 0;
            }
            return opened;
        }
    }

    /** "This window is 2 points under the last hour", three times in a row. */
    static final class Naive implements Detector {
        private static final int HOUR = 360;
        private final long[][] entries;
        private final long[][] conversions;
        private final int[] run;
        private long tick;

        Naive(SimulatedShop shop) {
            entries = new long[shop.series().size()][HOUR + 30];
            conversions = new long[shop.series().size()][HOUR + 30];
            run = new int[shop.series().size()];
        }

        @Override
        public int look(SimulatedShop shop, long end) {
            int at = (int) (tick++ % (HOUR + 30));
            int opened = 0;
            for (int i = 0; i < run.length; i++) {
                entries[i][at] = shop.count(i, shop.series().get(i).transition().fromIndex(), 1);
                conversions[i][at] =
                        shop.count(i, shop.series().get(i).transition().toIndex(), 1);
                if (tick < HOUR + 30) {
                    continue;
                }
                long[] now = sums(i, at, 0, 30);
                long[] before = sums(i, at, 30, HOUR + 30);
                boolean breached = now[0] > 0
                        && before[0] > 0
                        && (double) before[1] / before[0] - (double) now[1] / now[0] >= 0.02;
                run[i] = breached ? run[i] + 1 : 0;
                opened += run[i] == RULE.breaches() ? 1 : 0;
            }
            return opened;
        }

        private long[] sums(int i, int at, int from, int to) {
            long n = 0;
            long x = 0;
            for (int back = from; back < to; back++) {
                int slot = (at - back + HOUR + 30) % (HOUR + 30);
                n += entries[i][slot];
                x += conversions[i][slot];
            }
            return new long[] {n, x};
        }
    }

    /** CUSUM per series, which knows the true rate and the true delays: what it is fed is exactly what is due. */
    static final class Cusum implements Detector {
        private final BernoulliCusum[] cusums;
        private final double[] thresholds;
        private final int[] run;
        private final double[][] past;
        private final double[][] kernel;
        private long tick;

        Cusum(SimulatedShop shop, double level) {
            int n = shop.series().size();
            cusums = new BernoulliCusum[n];
            thresholds = new double[n];
            run = new int[n];
            past = new double[n][SimulatedShop.KERNEL];
            kernel = new double[n][];
            for (int i = 0; i < n; i++) {
                Series s = shop.series().get(i);
                double rate = trueRate(s);
                double share = trueShare(s);
                double trialsPerSecond = level * share * upTo(s, s.transition().fromIndex());
                double h = BernoulliCusum.thresholdFor(
                        rate,
                        0.02,
                        trialsPerSecond * SimulatedShop.TICK / 1000,
                        trialsPerSecond * WEEK * n / BUDGET_PER_WEEK);
                cusums[i] = new BernoulliCusum(rate, 0.02, h);
                thresholds[i] = h;
                kernel[i] = SimulatedShop.kernel(s.transition());
            }
        }

        @Override
        public int look(SimulatedShop shop, long end) {
            int opened = 0;
            for (int i = 0; i < cusums.length; i++, tick += i == cusums.length ? 1 : 0) {
                Series s = shop.series().get(i);
                past[i][(int) (tick % SimulatedShop.KERNEL)] =
                        shop.count(i, s.transition().fromIndex(), 1);
                double due = 0;
                for (int back = 0; back <= Math.min(tick, SimulatedShop.KERNEL - 1); back++) {
                    due += kernel[i][back] * past[i][(int) ((tick - back) % SimulatedShop.KERNEL)];
                }
                boolean alarm = cusums[i].add(due, shop.count(i, s.transition().toIndex(), 1));
                run[i] = alarm ? run[i] + 1 : 0;
                if (run[i] == RULE.breaches()) {
                    opened++;
                    cusums[i].reset();
                    run[i] = 0;
                }
            }
            return opened;
        }

        private static double trueShare(Series s) {
            double share = 0;
            for (int c = 0; c < SimulatedShop.CHANNELS.length; c++) {
                for (int d = 0; d < SimulatedShop.DEVICES.length; d++) {
                    if (in(s, c, d)) {
                        share += SimulatedShop.CHANNEL_SHARE[c] * SimulatedShop.DEVICE_SHARE[d];
                    }
                }
            }
            return share;
        }

        /** Chance to get from the first view to that step. */
        private static double upTo(Series s, int step) {
            double reached = 0;
            double share = 0;
            for (int c = 0; c < SimulatedShop.CHANNELS.length; c++) {
                for (int d = 0; d < SimulatedShop.DEVICES.length; d++) {
                    if (in(s, c, d)) {
                        double weight = SimulatedShop.CHANNEL_SHARE[c] * SimulatedShop.DEVICE_SHARE[d];
                        double chance = 1;
                        for (int k = 0; k < step; k++) {
                            chance *= SimulatedShop.CHANCE[k]
                                    * (k == 0 ? SimulatedShop.CHANNEL_LIFT[c] * SimulatedShop.DEVICE_LIFT[d] : 1);
                        }
                        share += weight;
                        reached += weight * chance;
                    }
                }
            }
            return reached / share;
        }

        private static double trueRate(Series s) {
            return upTo(s, s.transition().toIndex()) / upTo(s, s.transition().fromIndex());
        }

        private static boolean in(Series s, int channel, int device) {
            return switch (s.segment()) {
                case "channel" -> s.value().equals(SimulatedShop.CHANNELS[channel]);
                case "device" -> s.value().equals(SimulatedShop.DEVICES[device]);
                default -> true;
            };
        }
    }
}
