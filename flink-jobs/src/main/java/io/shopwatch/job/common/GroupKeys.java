package io.shopwatch.job.common;

import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/**
 * A key for each key group that stands for it: what is kept for all keys of a key group is kept under that one. It is the same
 * for every parallelism.
 */
final class GroupKeys {
    private final int maxParallelism;
    private final int firstGroup;
    private final String[] keys;

    GroupKeys(KeyGroupRange groups, int maxParallelism) {
        this.maxParallelism = maxParallelism;
        this.firstGroup = groups.getStartKeyGroup();
        this.keys = new String[groups.getNumberOfKeyGroups()];
        int missing = keys.length;
        for (int n = 0; missing > 0; n++) {
            String key = Integer.toString(n);
            int group = groupOf(key);
            if (groups.contains(group) && keys[group - firstGroup] == null) {
                keys[group - firstGroup] = key;
                missing--;
            }
        }
    }

    /** The key that stands for a key group. */
    String of(int group) {
        return keys[group - firstGroup];
    }

    /** The key group of any key. */
    int groupOf(String key) {
        return KeyGroupRangeAssignment.assignToKeyGroup(key, maxParallelism);
    }
}
