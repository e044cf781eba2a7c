package io.shopwatch.detection;

import io.shopwatch.domain.alert.ConversionWatch.Sample;
import io.shopwatch.domain.alert.Transition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts of a shop every ten seconds: visitors arrive (Poisson, with a daily curve), put something into the cart, order
 * and pay, each with its probability and a log-normal time to think. Channels and devices are independent of each
 * other and convert differently. Faults thin out a step's conversions from a given time on.
 */
final class SimulatedShop {
    static final long TICK = 10_000;
    static final List<Transition> TRANSITIONS = List.of(
            new Transition("view", "cart", 0, 1),
            new Transition("cart", "order", 1, 2),
            new Transition("view", "pay", 0, 3));

    static final String[] CHANNELS = {"search", "ads", "direct", "email"};
    static final double[] CHANNEL_SHARE = {0.40, 0.25, 0.20, 0.15};
    static final double[] CHANNEL_LIFT = {1.0, 0.8, 1.1, 1.2};
    static final String[] DEVICES = {"mobile", "desktop", "tablet"};
    static final double[] DEVICE_SHARE = {0.55, 0.35, 0.10};
    static final double[] DEVICE_LIFT = {0.9, 1.15, 1.0};

    /** Chance of view → cart, cart → order, order → pay. */
    static final double[] CHANCE = {0.10, 0.40, 0.85};

    /** Median seconds of the time to think. */
    private static final double[] MEDIAN_SECONDS = {90, 150, 40};

    private static final double SIGMA = 0.9;
    private static final int CELLS = CHANNELS.length * DEVICES.length;
    private static final int HORIZON = 1080;
    private static final int WINDOW = 30;

    /** A series that the rule watches. */
    record Series(Transition transition, String segment, String value) {}

    /** Turns the arrival rate of a time into another. */
    interface Tide {
        double at(long seconds);
    }

    /**
     * A fault: from {@code from} until {@code until} (seconds) a share of a step's conversions is lost.
     *
     * @param step 0 view → cart, 1 cart → order, 2 order → pay
     * @param channel only there, or null
     * @param device only there, or null
     * @param kept share of the conversions that still happens
     */
    record Fault(int step, String channel, String device, double kept, long from, long until) {}

    private final Random random;
    private final Tide tide;
    private final double botsPerSecond;
    private final long botsFrom;
    private final List<Fault> faults;
    private final int[][][] due = new int[3][CELLS][HORIZON];
    private final int[][][] ring = new int[4][CELLS][WINDOW];
    private final List<Series> series = new ArrayList<>();
    private final int[][] cellsOf;
    private long tick;

    SimulatedShop(long seed, Tide visitorsPerSecond, List<Fault> faults) {
        this(seed, visitorsPerSecond, faults, 0, 0);
    }

    SimulatedShop(long seed, Tide visitorsPerSecond, List<Fault> faults, double botsPerSecond, long botsFrom) {
        this.random = new Random(seed);
        this.tide = visitorsPerSecond;
        this.faults = faults;
        this.botsPerSecond = botsPerSecond;
        this.botsFrom = botsFrom;
        List<int[]> cells = new ArrayList<>();
        for (Transition transition : TRANSITIONS) {
            add(cells, transition, "all", "all", -1, -1);
            for (int c = 0; c < CHANNELS.length; c++) {
                add(cells, transition, "channel", CHANNELS[c], c, -1);
            }
            for (int d = 0; d < DEVICES.length; d++) {
                add(cells, transition, "device", DEVICES[d], -1, d);
            }
        }
        cellsOf = cells.toArray(new int[0][]);
    }

    private void add(List<int[]> cells, Transition transition, String segment, String value, int channel, int device) {
        series.add(new Series(transition, segment, value));
        List<Integer> mine = new ArrayList<>();
        for (int cell = 0; cell < CELLS; cell++) {
            if ((channel < 0 || cell / DEVICES.length == channel) && (device < 0 || cell % DEVICES.length == device)) {
                mine.add(cell);
            }
        }
        cells.add(mine.stream().mapToInt(i -> i).toArray());
    }

    List<Series> series() {
        return series;
    }

    /** A day's curve around a mean: quiet at five in the morning, busy in the evening. */
    static Tide daily(double mean) {
        return seconds -> mean * (1 - 0.75 * Math.cos(2 * Math.PI * (seconds / 3600.0 - 5) / 24));
    }

    /** Ticks that delays are followed over. */
    static final int KERNEL = 360;

    private static final Map<Transition, double[]> KERNELS = new ConcurrentHashMap<>();

    /** Shares of the conversions of a transition that come 0, 1, 2 … ticks after the entry, estimated from a million. */
    static double[] kernel(Transition transition) {
        return KERNELS.computeIfAbsent(transition, SimulatedShop::estimateKernel);
    }

    private static double[] estimateKernel(Transition transition) {
        Random random = new Random(1);
        double[] shares = new double[KERNEL];
        int draws = 1_000_000;
        for (int i = 0; i < draws; i++) {
            int ticks = 0;
            for (int step = transition.fromIndex(); step < transition.toIndex(); step++) {
                ticks += delayTicks(step, random);
            }
            shares[Math.min(ticks, KERNEL - 1)] += 1.0 / draws;
        }
        return shares;
    }

    private static int delayTicks(int step, Random random) {
        double seconds = MEDIAN_SECONDS[step] * Math.exp(SIGMA * random.nextGaussian()) + random.nextDouble() * 10;
        return 1 + (int) (seconds * 1000 / TICK);
    }

    /** Seconds since the start. */
    long seconds() {
        return tick * TICK / 1000;
    }

    /** Lets ten seconds pass. */
    void advance() {
        int slot = (int) (tick % HORIZON);
        int window = (int) (tick % WINDOW);
        long now = seconds();
        double rate = tide.at(now) * TICK / 1000;
        for (int cell = 0; cell < CELLS; cell++) {
            int channel = cell / DEVICES.length;
            int device = cell % DEVICES.length;
            double share = CHANNEL_SHARE[channel] * DEVICE_SHARE[device];
            int views = poisson(rate * share);
            double chance = CHANCE[0] * CHANNEL_LIFT[channel] * DEVICE_LIFT[device];
            int buyers = binomial(views, chance);
            for (int i = 0; i < buyers; i++) {
                schedule(0, cell);
            }
            if (channel == 2 && device == 1 && now >= botsFrom) {
                views += poisson(botsPerSecond * TICK / 1000);
            }
            ring[0][cell][window] = views;
            for (int step = 0; step < 3; step++) {
                int reached = due[step][cell][slot];
                due[step][cell][slot] = 0;
                for (Fault fault : faults) {
                    if (fault.step() == step
                            && now >= fault.from()
                            && now < fault.until()
                            && (fault.channel() == null || fault.channel().equals(CHANNELS[channel]))
                            && (fault.device() == null || fault.device().equals(DEVICES[device]))) {
                        reached = binomial(reached, fault.kept());
                    }
                }
                ring[step + 1][cell][window] = reached;
                if (step < 2) {
                    int going = binomial(reached, CHANCE[step + 1]);
                    for (int i = 0; i < going; i++) {
                        schedule(step + 1, cell);
                    }
                }
            }
        }
        tick++;
    }

    private void schedule(int step, int cell) {
        int ticks = delayTicks(step, random);
        if (ticks < HORIZON) {
            due[step][cell][(int) ((tick + ticks) % HORIZON)]++;
        }
    }

    /** Visitors of a series in the minute and the five minutes before now. */
    Sample sample(int series) {
        Transition transition = TRANSITIONS.get(series / (1 + CHANNELS.length + DEVICES.length));
        return new Sample(
                count(series, transition.fromIndex(), 6),
                count(series, transition.toIndex(), 6),
                count(series, transition.fromIndex(), 30),
                count(series, transition.toIndex(), 30));
    }

    /** Entries and conversions of the last ten seconds. */
    long count(int series, int step, int ticks) {
        long sum = 0;
        for (int cell : cellsOf[series]) {
            for (int back = 0; back < ticks; back++) {
                sum += ring[step][cell][(int) ((tick - 1 - back + WINDOW) % WINDOW)];
            }
        }
        return sum;
    }

    private int poisson(double mean) {
        if (mean <= 0) {
            return 0;
        }
        if (mean > 60) {
            return (int) Math.max(0, Math.round(mean + Math.sqrt(mean) * random.nextGaussian()));
        }
        double limit = Math.exp(-mean);
        double product = random.nextDouble();
        int count = 0;
        while (product > limit) {
            product *= random.nextDouble();
            count++;
        }
        return count;
    }

    private int binomial(int trials, double chance) {
        if (trials > 200) {
            double mean = trials * chance;
            return (int) Math.min(
                    trials, Math.max(0, Math.round(mean + Math.sqrt(mean * (1 - chance)) * random.nextGaussian())));
        }
        int count = 0;
        for (int i = 0; i < trials; i++) {
            if (random.nextDouble() < chance) {
                count++;
            }
        }
        return count;
    }
}
