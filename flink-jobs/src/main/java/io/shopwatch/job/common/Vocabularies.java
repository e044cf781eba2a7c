package io.shopwatch.job.common;

import io.shopwatch.domain.event.Vocabulary;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.util.Arrays;

/**
 * A {@link Vocabulary} for each key group, which moves with the states that are written with it when the parallelism
 * changes.
 */
public final class Vocabularies implements Serializable {
    private static final long serialVersionUID = 1;

    /** By key group; null for those that are not here, or have none yet. */
    private transient Vocabulary[] byGroup;

    /** That of a key group. */
    public Vocabulary of(int group) {
        if (byGroup == null) {
            byGroup = new Vocabulary[group + 1];
        } else if (group >= byGroup.length) {
            byGroup = Arrays.copyOf(byGroup, Math.max(group + 1, 2 * byGroup.length));
        }
        Vocabulary words = byGroup[group];
        if (words == null) {
            words = new Vocabulary();
            byGroup[group] = words;
        }
        return words;
    }

    /** Writes that of a key group. */
    void write(int group, DataOutput out) throws IOException {
        of(group).write(out);
    }

    /** Takes up that of a key group as {@link #write} wrote it. */
    void read(int group, DataInput in) throws IOException {
        Vocabulary read = Vocabulary.read(in);
        of(group);
        byGroup[group] = read;
    }

    /** See {@link Vocabulary#forget}. */
    public void forget(long time, long life) {
        if (byGroup == null) {
            return;
        }
        for (Vocabulary words : byGroup) {
            if (words != null) {
                words.forget(time, life);
            }
        }
    }
}
