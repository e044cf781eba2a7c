package io.shopwatch.domain.alert;

/**
 * The usual course of a series over a day or a week: entries and conversions of past cycles in slots of five minutes.
 * The baseline at a time is pooled over half an hour before and after that time in each remembered cycle. Times of an
 * incident, or without trustworthy data, are left out.
 *
 * <p>Fields are public because this is also what a checkpoint holds.
 */
public class SeasonalProfile {
    private static final long SLOT_MILLIS = RateHistory.BLOCK_MINUTES * 60_000L;
    private static final int REACH = 6;

    public int slots;
    public int cycles;
    public long newestSlot;

    /** By slot and cycle: conversions, entries due, window conversions, window entries, minutes. */
    public float[] figures = new float[0];

    private static final int COLUMNS = 5;

    /** For the checkpoint's reader. */
    public SeasonalProfile() {}

    /**
     * @param periodMillis length of a cycle, a multiple of five minutes
     * @param cycles cycles remembered
     */
    public SeasonalProfile(long periodMillis, int cycles) {
        this.slots = (int) (periodMillis / SLOT_MILLIS);
        this.cycles = cycles;
        this.newestSlot = Long.MIN_VALUE;
        // One cycle more than is pooled: the one that is being written.
        this.figures = new float[slots * (cycles + 1) * COLUMNS];
    }

    /** Takes in a sample of the minute before {@code end}; {@code perMinute} of them make a minute. */
    public void add(
            long end, double conversions, double due, double windowConversions, double windowEntries, int perMinute) {
        long slot = Math.floorDiv(end - 1, SLOT_MILLIS);
        int at = index(slot);
        if (slot > newestSlot) {
            long from = newestSlot == Long.MIN_VALUE ? slot : Math.max(newestSlot + 1, slot - figures.length / COLUMNS);
            for (long s = from; s <= slot; s++) {
                clear(index(s));
            }
            newestSlot = slot;
        }
        figures[at] += (float) (conversions / perMinute);
        figures[at + 1] += (float) (due / perMinute);
        figures[at + 2] += (float) windowConversions;
        figures[at + 3] += (float) windowEntries;
        figures[at + 4] += 1f / perMinute;
    }

    /** Takes the time since {@code sinceMillis} out again: an incident began then. */
    public void exclude(long sinceMillis) {
        for (long s = Math.floorDiv(sinceMillis, SLOT_MILLIS); s <= newestSlot; s++) {
            clear(index(s));
        }
    }

    private int index(long slot) {
        return (int) Math.floorMod(slot, (long) slots * (cycles + 1)) * COLUMNS;
    }

    private void clear(int at) {
        for (int c = 0; c < COLUMNS; c++) {
            figures[at + c] = 0;
        }
    }

    /** The baseline for a time, or null where no cycle knows at least half an hour around it. */
    RateHistory.Baseline at(long end) {
        long slot = Math.floorDiv(end - 1, SLOT_MILLIS);
        double conversions = 0;
        double due = 0;
        double windowConversions = 0;
        double windowEntries = 0;
        double minutes = 0;
        for (int cycle = 1; cycle <= cycles; cycle++) {
            for (long s = slot - (long) cycle * slots - REACH; s <= slot - (long) cycle * slots + REACH; s++) {
                if (s > newestSlot || s <= newestSlot - (long) slots * (cycles + 1)) {
                    continue;
                }
                int at = index(s);
                conversions += figures[at];
                due += figures[at + 1];
                windowConversions += figures[at + 2];
                windowEntries += figures[at + 3];
                minutes += figures[at + 4];
            }
        }
        if (minutes < 30 || due <= 0) {
            return null;
        }
        double entriesDue = due;
        return new RateHistory.Baseline(
                conversions, candidate -> entriesDue, minutes, windowConversions, windowEntries);
    }
}
