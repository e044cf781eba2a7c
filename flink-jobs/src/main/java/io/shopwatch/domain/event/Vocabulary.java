package io.shopwatch.domain.event;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Numbers for channels, devices, regions, campaigns and categories, so that each of millions of visitors keeps a byte or
 * two of each instead of the word. Bounded: what is long, or comes when all numbers are taken, has none and is written
 * out. A number is free again when nobody can remember its word any more.
 *
 * <p>Not thread-safe.
 */
public final class Vocabulary {
    /** What {@link #numberOf} returns for a word without a number. */
    public static final int NONE = -1;

    /** So many words have numbers at the same time. */
    public static final int MAX_WORDS = 4096;

    /** Longer words have none. */
    public static final int MAX_LENGTH = 64;

    /** Between two attempts to free numbers, in event time. */
    private static final long ATTEMPT_MILLIS = 3_600_000;

    private static final long FREE = Long.MIN_VALUE;

    private final Map<String, Integer> numbers = new HashMap<>();
    private String[] words = new String[16];

    /** By number, when the word was asked for last, or {@link #FREE}. */
    private long[] used = new long[16];

    /** One more than the highest number that was ever given. */
    private int end;

    private long nextAttempt = Long.MIN_VALUE;

    /** The longest that anything that was written with it may live: it may be older than today's settings. */
    private long longestLife;

    /**
     * The number of a word, which has one from now on if there is one left.
     *
     * @param time event time of what will remember it, epoch milliseconds
     * @return the number from 0, or {@link #NONE}
     */
    public int numberOf(String word, long time) {
        Integer known = numbers.get(word);
        if (known != null) {
            used[known] = Math.max(used[known], time);
            return known;
        }
        if (word.length() > MAX_LENGTH || numbers.size() == MAX_WORDS) {
            return NONE;
        }
        int number = numbers.size() == end ? end++ : firstFree();
        if (number == words.length) {
            words = Arrays.copyOf(words, number * 2);
            used = Arrays.copyOf(used, number * 2);
        }
        words[number] = word;
        used[number] = time;
        numbers.put(word, number);
        return number;
    }

    /**
     * Whether that is still the number of that very word, which then counts as asked for: for who remembers the number of a
     * word that was read, and spares itself looking it up.
     */
    @SuppressWarnings("ReferenceEquality") // another string with the same letters is looked up, as any other
    boolean confirms(String word, int number, long time) {
        if (number >= end || words[number] != word) {
            return false;
        }
        used[number] = Math.max(used[number], time);
        return true;
    }

    private int firstFree() {
        int number = 0;
        while (words[number] != null) {
            number++;
        }
        return number;
    }

    /** The word of a number that was given. */
    public String word(int number) {
        return words[number];
    }

    /**
     * Frees the numbers that nobody has asked for since all who were given them have forgotten them, if numbers have
     * become rare; tries it once an hour of event time.
     *
     * @param time event time up to which all who are to forget have done so, epoch milliseconds
     * @param life after so many milliseconds at most, who was given a number from now on has forgotten it
     */
    public void forget(long time, long life) {
        longestLife = Math.max(longestLife, life);
        if (numbers.size() < MAX_WORDS || time < nextAttempt) {
            return;
        }
        nextAttempt = time + ATTEMPT_MILLIS;
        for (int number = 0; number < end; number++) {
            if (words[number] != null && used[number] < time - longestLife) {
                numbers.remove(words[number]);
                words[number] = null;
                used[number] = FREE;
            }
        }
    }

    /** Writes all words with their numbers. */
    public void write(DataOutput out) throws IOException {
        out.writeLong(longestLife);
        out.writeInt(end);
        for (int number = 0; number < end; number++) {
            out.writeLong(used[number]);
            if (words[number] != null) {
                out.writeUTF(words[number]);
            }
        }
    }

    /** What {@link #write} wrote. */
    public static Vocabulary read(DataInput in) throws IOException {
        Vocabulary vocabulary = new Vocabulary();
        vocabulary.longestLife = in.readLong();
        vocabulary.end = in.readInt();
        vocabulary.words = new String[Math.max(16, vocabulary.end)];
        vocabulary.used = new long[vocabulary.words.length];
        for (int number = 0; number < vocabulary.end; number++) {
            vocabulary.used[number] = in.readLong();
            if (vocabulary.used[number] != FREE) {
                vocabulary.words[number] = in.readUTF();
                vocabulary.numbers.put(vocabulary.words[number], number);
            }
        }
        return vocabulary;
    }
}
