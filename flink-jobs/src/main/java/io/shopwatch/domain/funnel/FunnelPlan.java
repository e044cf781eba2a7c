package io.shopwatch.domain.funnel;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.EventType;
import java.io.Serializable;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The funnels of a shop, with their steps numbered in one row: the flat index of step k of funnel f. */
public final class FunnelPlan implements Serializable {
    private static final long serialVersionUID = 1;

    private final List<FunnelDefinition> funnels;
    private final List<String> seriesNames;
    private final int[] offsets;
    private final int steps;
    private final int fingerprint;
    private final EnumSet<EventType> types = EnumSet.noneOf(EventType.class);

    /**
     * @throws IllegalArgumentException if two funnels share a name
     */
    public FunnelPlan(List<FunnelDefinition> funnels) {
        this.funnels = List.copyOf(funnels);
        this.offsets = new int[funnels.size()];
        Set<String> names = new HashSet<>();
        int next = 0;
        for (int f = 0; f < funnels.size(); f++) {
            FunnelDefinition funnel = funnels.get(f);
            if (!names.add(funnel.name())) {
                throw new IllegalArgumentException("two funnels are named " + funnel.name());
            }
            offsets[f] = next;
            next += funnel.steps().size();
            funnel.steps().forEach(step -> types.add(step.type()));
        }
        this.steps = next;
        this.seriesNames = this.funnels.stream()
                .map(funnel -> funnel.name() + "#"
                        + Integer.toHexString(describe(funnel).hashCode()))
                .toList();
        this.fingerprint = seriesNames.hashCode();
    }

    // Not the hash of the definition: enums hash by identity, which differs from process to process.
    private static String describe(FunnelDefinition funnel) {
        StringBuilder description = new StringBuilder(funnel.mode().name()).append(funnel.within());
        funnel.steps().forEach(step -> description
                .append(' ')
                .append(step.name())
                .append('=')
                .append(step.type().wireName()));
        return description.toString();
    }

    /** The funnels, in the order of the settings. */
    public List<FunnelDefinition> funnels() {
        return funnels;
    }

    /**
     * Name of the series of funnel {@code f}: its own name and a fingerprint of what it counts, so that a funnel that was
     * redefined never mixes its figures with those of the old definition.
     */
    public String seriesName(int f) {
        return seriesNames.get(f);
    }

    /** Fingerprint of all funnels; a visitor's state that was written under another one is not readable. */
    public int fingerprint() {
        return fingerprint;
    }

    /** Flat index of the first step of funnel {@code f}. */
    public int offset(int f) {
        return offsets[f];
    }

    /** Number of steps of all funnels. */
    public int steps() {
        return steps;
    }

    /** Steps of the longest funnel. */
    public int longest() {
        return funnels.stream().mapToInt(funnel -> funnel.steps().size()).max().orElse(0);
    }

    /** Whether an event of that type reaches a step of any funnel. */
    public boolean uses(EventType type) {
        return types.contains(type);
    }

    /** Streams that carry any of the types. */
    public Set<EventStream> streams() {
        EnumSet<EventStream> streams = EnumSet.noneOf(EventStream.class);
        types.forEach(type -> streams.add(type.stream()));
        return streams;
    }
}
