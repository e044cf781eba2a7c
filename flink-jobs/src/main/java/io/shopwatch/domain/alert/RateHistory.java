package io.shopwatch.domain.alert;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * What a detector remembers of one series: entries and conversions of the last hour at every evaluation, and what was
 * before in blocks of five minutes, for the baseline and for spans longer than an hour.
 *
 * <p>Samples are counts of distinct visitors in the minute before each evaluation. Minutes that follow each other share
 * no time, so their counts add up to spans of any whole number of minutes without counting a visit twice; evaluations
 * between two minutes only shift the phase. Times without trustworthy data enter nothing; times of an incident do not
 * enter the baseline, whose clock stands still meanwhile.
 *
 * <p>Fields are public because this is also what a checkpoint holds.
 */
public class RateHistory {
    /** Longest span looked back over, in minutes. */
    public static final int LONGEST_MINUTES = 180;

    /**
     * Longest span that begins at any minute and can be read during an incident; longer ones begin where a block of the
     * baseline does.
     */
    static final int FINE_MINUTES = 60;

    /** Minutes of a baseline block. */
    public static final int BLOCK_MINUTES = 5;

    private static final int J = DelayModel.CANDIDATES;

    /** Half-life of what is learned about delays and dispersion, in minutes. */
    private static final double LEARNING_HALF_LIFE = 720;

    private static final double KEEP = Math.pow(0.5, 1 / LEARNING_HALF_LIFE);

    /** Squared deviations beyond this count as this, so that an outage does not teach that outages are usual. */
    private static final double WINSOR = 16;

    /** Minutes of prior experience that counts scatter like Poisson. */
    private static final double PRIOR_MINUTES = 30;

    /** Minutes of baseline that must be there before anything is learned from it. */
    private static final int LEARNING_MINUTES = 60;

    /** Twice the log-likelihood by which a candidate may fall behind the best. */
    private static final double PLAUSIBLE = 8;

    public int perMinute;
    public int baselineBlocks;
    public double maxDelaySeconds;

    /** Samples taken so far; the newest has index samples − 1. */
    public long samples;

    public long lastEnd;
    public long validSince;
    public int taintedSamples;

    public double[] due = new double[0];

    /** Filters of the stages before the last, by candidate. */
    public double[] stages = new double[0];

    public double lastEntries;
    public double[] cumulativeConversions = new double[0];
    public double[] cumulativeDue = new double[0];

    public long blocks;
    public long oldestBlock;
    public long[] blockEnd = new long[0];
    public double[] blockSums = new double[0];
    public double[] openBlock = new double[0];

    public double[] misfit = new double[0];
    public double residuals;
    public double residualMinutes;
    public int best;

    /** Columns of a block: conversions, samples, window entries, window conversions, then entries due by candidate. */
    private static final int CONVERSIONS = 0;

    private static final int SAMPLES = 1;
    private static final int WINDOW_ENTRIES = 2;
    private static final int WINDOW_CONVERSIONS = 3;
    private static final int DUE = 4;
    private static final int COLUMNS = DUE + J;

    /** For the checkpoint's reader. */
    public RateHistory() {}

    /**
     * @param everyMillis time between samples; divides a minute
     * @param baselineMillis length of the baseline
     * @param maxDelayMillis longest delay from entry to conversion
     */
    public RateHistory(long everyMillis, long baselineMillis, long maxDelayMillis) {
        if (everyMillis <= 0 || 60_000 % everyMillis != 0) {
            throw new IllegalArgumentException("samples must divide a minute, not come every " + everyMillis + " ms");
        }
        perMinute = (int) (60_000 / everyMillis);
        baselineBlocks = (int) Math.max(1, baselineMillis / (BLOCK_MINUTES * 60_000L));
        maxDelaySeconds = maxDelayMillis / 1000.0;
        due = new double[J];
        stages = new double[J * DelayModel.STAGES];
        misfit = new double[J];
        cumulativeConversions = new double[ring()];
        cumulativeDue = new double[ring() * J];
        blockEnd = new long[blockRing()];
        blockSums = new double[blockRing() * COLUMNS];
        openBlock = new double[COLUMNS];
        best = DelayModel.within(3, maxDelaySeconds) ? 3 : 0;
    }

    private int ring() {
        return FINE_MINUTES * perMinute + 1;
    }

    private int blockRing() {
        // One block more than is summed (prefix sums), and as many as a span, or an incident's start, may lie back.
        return baselineBlocks + LONGEST_MINUTES / BLOCK_MINUTES + 2;
    }

    /**
     * Takes in the next sample.
     *
     * @param end exclusive end of the sampled minute, epoch milliseconds
     * @param entries visitors at the first step within the minute
     * @param conversions visitors at the second step within the minute
     * @param windowEntries visitors at the first step within the rule's window
     * @param windowConversions visitors at the second step within the rule's window
     * @param trusted whether the streams behind the figures are alive
     * @param usual whether the time may become part of the baseline
     */
    public void add(
            long end,
            double entries,
            double conversions,
            double windowEntries,
            double windowConversions,
            boolean trusted,
            boolean usual) {
        long step = 60_000L / perMinute;
        if (samples > 0 && end - lastEnd != step) {
            // A hole: minutes no longer follow each other.
            taintedSamples = perMinute;
        }
        if (!trusted) {
            // What came in while conversions could not be seen must not fall due later, and until the stretch has
            // filled again nothing can be said.
            entries = 0;
            conversions = 0;
            taintedSamples = perMinute * (int) (1 + (settleMillis() + 59_999) / 60_000);
        }
        double stepSeconds = step / 1000.0;
        double middle = samples == 0 ? entries : (entries + lastEntries) / 2;
        // At first the mean of all entries so far, as if it had always been so; a filter that fills from nothing would
        // have too few entries due, and so too high a rate, in the first part of the baseline. The very first minute
        // may
        // not be whole.
        double leastGain = 1.0 / Math.max(1, samples - perMinute + 1);
        for (int j = 0; j < J; j++) {
            if (j == 0) {
                due[j] = entries;
                continue;
            }
            double gain = Math.max(DelayModel.gain(j, stepSeconds), leastGain);
            double inflow = middle;
            for (int stage = 0; stage < DelayModel.stages(j) - 1; stage++) {
                int filter = j * DelayModel.STAGES + stage;
                double before = stages[filter];
                stages[filter] += gain * (inflow - before);
                inflow = (before + stages[filter]) / 2;
            }
            due[j] += gain * (inflow - due[j]);
        }
        lastEntries = entries;
        lastEnd = end;
        int at = (int) (samples % ring());
        int before = (int) ((samples + ring() - perMinute) % ring());
        boolean first = samples < perMinute;
        cumulativeConversions[at] = (first ? 0 : cumulativeConversions[before]) + conversions;
        for (int j = 0; j < J; j++) {
            cumulativeDue[at * J + j] = (first ? 0 : cumulativeDue[before * J + j]) + due[j];
        }
        samples++;
        boolean sound = trusted && taintedSamples == 0;
        if (taintedSamples > 0) {
            taintedSamples--;
            validSince = samples;
        }
        if (sound && usual) {
            if (samples % perMinute == 0) {
                learn(conversions);
            }
            addToBlock(conversions, windowEntries, windowConversions);
        }
    }

    private void addToBlock(double conversions, double windowEntries, double windowConversions) {
        // Each minute is seen perMinute times, at every phase: the mean over the phases is the count itself.
        openBlock[CONVERSIONS] += conversions / perMinute;
        openBlock[SAMPLES] += 1;
        openBlock[WINDOW_ENTRIES] += windowEntries;
        openBlock[WINDOW_CONVERSIONS] += windowConversions;
        for (int j = 0; j < J; j++) {
            openBlock[DUE + j] += due[j] / perMinute;
        }
        if (openBlock[SAMPLES] < BLOCK_MINUTES * perMinute) {
            return;
        }
        int previous = slot(blocks + blockRing() - 1);
        int slot = slot(blocks);
        for (int c = 0; c < COLUMNS; c++) {
            double total = blocks == 0 ? 0 : blockSums[previous * COLUMNS + c];
            blockSums[slot * COLUMNS + c] = total + openBlock[c];
            openBlock[c] = 0;
        }
        blockEnd[slot] = samples;
        blocks++;
        // The prefix before the oldest block must still be there.
        oldestBlock = Math.max(oldestBlock, blocks - blockRing() + (blocks > blockRing() ? 1 : 0));
    }

    /** How each candidate would have foretold the minute that just ended, and how far such counts scatter. */
    private void learn(double conversions) {
        Baseline baseline = trailing(BLOCK_MINUTES, LEARNING_MINUTES);
        if (baseline == null) {
            return;
        }
        double bestScore = Double.MAX_VALUE;
        double bestDeviation = Double.NaN;
        int bestCandidate = best;
        for (int j = 0; j < J; j++) {
            if (DelayModel.within(j, maxDelaySeconds) && baseline.rate(j) * due[j] < 0.5) {
                return;
            }
        }
        for (int j = 0; j < J; j++) {
            if (!DelayModel.within(j, maxDelaySeconds)) {
                continue;
            }
            double expected = baseline.rate(j) * due[j];
            double deviation = conversions - expected;
            double squared = Math.min(WINSOR, deviation * deviation / expected);
            misfit[j] = misfit[j] * KEEP + squared;
            // The present best keeps its place until another is clearly better: no flutter in calm traffic.
            double score = misfit[j] - (j == best ? 0.5 : 0);
            if (score < bestScore) {
                bestScore = score;
                bestDeviation = squared;
                bestCandidate = j;
            }
        }
        best = bestCandidate;
        residuals = residuals * KEEP + bestDeviation;
        residualMinutes = residualMinutes * KEEP + 1;
    }

    /**
     * Variance over mean of a minute's conversions beside what was due, 1 for Poisson. It never falls below what a
     * proportion of independent visitors has.
     */
    public double dispersion(double rate) {
        double learned = (PRIOR_MINUTES + residuals) / (PRIOR_MINUTES + residualMinutes);
        return Math.max(learned, Math.max(0.05, 1 - rate));
    }

    /** Whether the figures leave that candidate open, or it is a neighbour of the best: real delays are no exponentials. */
    boolean plausible(int candidate) {
        if (!DelayModel.within(candidate, maxDelaySeconds)) {
            return false;
        }
        return DelayModel.near(candidate, best) || misfit[candidate] - misfit[best] < PLAUSIBLE * dispersion(0);
    }

    /** Whether the last {@code minutes} minutes are all there and sound. */
    boolean covers(int minutes) {
        if (minutes > FINE_MINUTES) {
            long first = blocksBefore(minutes);
            if (minutes > LONGEST_MINUTES || first <= oldestBlock) {
                return false;
            }
            long since = blockEnd[slot(first - 1)];
            long inBlocks = (blocks - first) * BLOCK_MINUTES * perMinute + (long) openBlock[SAMPLES];
            return since >= validSince && inBlocks == samples - since;
        }
        long reach = (long) (minutes - 1) * perMinute;
        return samples > (long) minutes * perMinute && samples - 1 - reach >= validSince;
    }

    /** Conversions of the last {@code minutes} minutes, at most a block more beyond an hour. */
    double conversions(int minutes) {
        return minutes > FINE_MINUTES
                ? sinceBlock(minutes, CONVERSIONS)
                : cumulativeConversions[ringAt(0)] - cumulativeConversions[ringAt(minutes)];
    }

    /** Entries due in the same time, had they the candidate's delay; candidate 0 is entries alone. */
    double due(int minutes, int candidate) {
        return minutes > FINE_MINUTES
                ? sinceBlock(minutes, DUE + candidate)
                : cumulativeDue[ringAt(0) * J + candidate] - cumulativeDue[ringAt(minutes) * J + candidate];
    }

    /** Blocks that ended before the last {@code minutes} minutes, counted from the first ever. */
    private long blocksBefore(int minutes) {
        long latest = samples - (long) minutes * perMinute;
        long end = blocks;
        while (end > oldestBlock && blockEnd[slot(end - 1)] > latest) {
            end--;
        }
        return end;
    }

    private double sinceBlock(int minutes, int column) {
        return openBlock[column]
                + blockSums[slot(blocks - 1) * COLUMNS + column]
                - blockSums[slot(blocksBefore(minutes) - 1) * COLUMNS + column];
    }

    private int slot(long block) {
        return (int) (block % blockRing());
    }

    private int ringAt(int minutesBack) {
        return (int) ((samples - 1 - (long) minutesBack * perMinute) % ring());
    }

    /**
     * The baseline before the last {@code minutes} minutes, or null while there is less of it than {@code least}
     * minutes (or than its length, where that is shorter).
     */
    Baseline trailing(int minutes, int least) {
        return trailing(minutes, 0, least, baselineBlocks * BLOCK_MINUTES);
    }

    /** The same without its newest {@code without} minutes, and of what is left {@code most} minutes. */
    Baseline trailing(int minutes, int without, int least, int most) {
        long end = Math.max(oldestBlock, blocksBefore(minutes) - without / BLOCK_MINUTES);
        long count = Math.min(Math.min(baselineBlocks, most / BLOCK_MINUTES), end - oldestBlock);
        if (count < Math.min(baselineBlocks, least / BLOCK_MINUTES)) {
            return null;
        }
        int upper = slot(end - 1) * COLUMNS;
        int lower = slot(end - 1 - count + blockRing()) * COLUMNS;
        boolean whole = end == count;
        IntToDoubleFunction sum = column -> blockSums[upper + column] - (whole ? 0 : blockSums[lower + column]);
        return new Baseline(
                sum.applyAsDouble(CONVERSIONS),
                candidate -> sum.applyAsDouble(DUE + candidate),
                sum.applyAsDouble(SAMPLES) / perMinute,
                sum.applyAsDouble(WINDOW_CONVERSIONS),
                sum.applyAsDouble(WINDOW_ENTRIES));
    }

    /** Time in which a stretch of the funnel that was empty has filled again, but for a rest. */
    long settleMillis() {
        return (long) (2000 * DelayModel.mean(best));
    }

    /** Looks no further back than {@code sinceMillis}, which may be yet to come: an incident ended. */
    public void startOver(long sinceMillis) {
        long step = 60_000L / perMinute;
        validSince = Math.max(validSince, samples - Math.floorDiv(lastEnd - sinceMillis, step));
    }

    /** Takes the time since {@code sinceMillis} out of the baseline: an incident began then. */
    public void exclude(long sinceMillis) {
        long step = 60_000L / perMinute;
        long since = samples - Math.floorDiv(lastEnd - sinceMillis, step);
        while (blocks > oldestBlock + 1 && blockEnd[slot(blocks - 1)] > since) {
            blocks--;
        }
        Arrays.fill(openBlock, 0);
    }

    /**
     * What was usual; of a trailing baseline valid until the next sample.
     *
     * @param conversions conversions counted
     * @param due entries due, by candidate of the delay
     * @param minutes minutes counted
     * @param windowConversions conversions as the rule's window shows them
     * @param windowEntries entries as the rule's window shows them
     */
    record Baseline(
            double conversions,
            IntToDoubleFunction due,
            double minutes,
            double windowConversions,
            double windowEntries) {

        /** Conversions over entries as the rule's window shows them. */
        double windowRate() {
            return windowEntries == 0 ? 0 : windowConversions / windowEntries;
        }

        /** Entries, whatever the delay. */
        double entries() {
            return due.applyAsDouble(0);
        }

        double rate(int candidate) {
            double entries = due.applyAsDouble(candidate);
            return entries <= 0 ? 0 : conversions / entries;
        }

        double entriesPerMinute() {
            return entries() / minutes;
        }

        double conversionsPerMinute() {
            return conversions / minutes;
        }
    }
}
