package io.shopwatch.job.common;

import io.shopwatch.domain.event.Vocabulary;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/**
 * A {@link Vocabulary} for each key group, which moves with the states that are written with it when the parallelism
 * changes.
 */
public final class Vocabularies implements Serializable {
    private static final long serialVersionUID = 1;

    private transient Map<Integer, Vocabulary> byGroup;

    /** That of a key group. */
    public Vocabulary of(int group) {
        return byGroup().computeIfAbsent(group, g -> new Vocabulary());
    }

    /** Writes that of a key group. */
    void write(int group, DataOutput out) throws IOException {
        of(group).write(out);
    }

    /** Takes up that of a key group as {@link #write} wrote it. */
    void read(int group, DataInput in) throws IOException {
        byGroup().put(group, Vocabulary.read(in));
    }

    /** See {@link Vocabulary#forget}. */
    public void forget(long time, long life) {
        byGroup().values().forEach(words -> words.forget(time, life));
    }

    private Map<Integer, Vocabulary> byGroup() {
        if (byGroup == null) {
            byGroup = new HashMap<>();
        }
        return byGroup;
    }
}
