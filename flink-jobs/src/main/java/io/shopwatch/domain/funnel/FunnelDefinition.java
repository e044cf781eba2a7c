package io.shopwatch.domain.funnel;

import io.shopwatch.domain.event.EventType;
import java.io.Serializable;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A funnel: visitors are counted at each step they reach.
 *
 * @param name unique name
 * @param steps two or more steps, each of a different event type
 * @param within a closed chain reaches a step only if it began at most this long before
 * @param mode closed (steps in order) or open (every event of a step reaches it)
 */
public record FunnelDefinition(String name, List<Step> steps, Duration within, Mode mode) implements Serializable {

    /** Whether steps must be taken in order. */
    public enum Mode {
        CLOSED,
        OPEN
    }

    /** A step: its short name, as rules and labels use it, and the event type that reaches it. */
    public record Step(String name, EventType type) implements Serializable {}

    /** view → cart → order → pay within an hour. */
    public static final FunnelDefinition PURCHASE = closed(
            "purchase",
            Duration.ofHours(1),
            new Step("view", EventType.VIEW_ITEM),
            new Step("cart", EventType.ADD_TO_CART),
            new Step("order", EventType.PLACED),
            new Step("pay", EventType.PAID));

    /** view → order → pay within an hour, for shops with "buy now". */
    public static final FunnelDefinition BUY = closed(
            "buy",
            Duration.ofHours(1),
            new Step("view", EventType.VIEW_ITEM),
            new Step("order", EventType.PLACED),
            new Step("pay", EventType.PAID));

    /** checkout → order → pay within half an hour. */
    public static final FunnelDefinition CHECKOUT = closed(
            "checkout",
            Duration.ofMinutes(30),
            new Step("checkout", EventType.BEGIN_CHECKOUT),
            new Step("order", EventType.PLACED),
            new Step("pay", EventType.PAID));

    /** The funnels that every shop gets. */
    public static final List<FunnelDefinition> DEFAULTS = List.of(PURCHASE, BUY, CHECKOUT);

    /**
     * @throws IllegalArgumentException if there are fewer than two steps, or two steps share a name or a type, or
     *     {@code within} is not positive
     */
    public FunnelDefinition {
        steps = List.copyOf(steps);
        if (steps.size() < 2 || steps.size() > 16) {
            throw new IllegalArgumentException("a funnel has 2 to 16 steps, not " + steps.size());
        }
        Set<Object> seen = new HashSet<>();
        for (Step step : steps) {
            if (!seen.add(step.name()) || !seen.add(step.type())) {
                throw new IllegalArgumentException(
                        "each step of a funnel has a name and a type of its own; twice: " + step.name());
            }
        }
        if (within.isNegative() || within.isZero()) {
            throw new IllegalArgumentException("within must be positive, not " + within);
        }
    }

    private static FunnelDefinition closed(String name, Duration within, Step... steps) {
        return new FunnelDefinition(name, List.of(steps), within, Mode.CLOSED);
    }
}
