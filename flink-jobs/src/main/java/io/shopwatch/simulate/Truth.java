package io.shopwatch.simulate;

import java.util.ArrayList;
import java.util.List;

/** The incidents of a run so far, in order of their start. */
final class Truth {
    private final List<Incident> incidents = new ArrayList<>();
    private int version;

    /** Notes a new incident and returns its number. */
    int open(Incident incident) {
        incidents.add(incident);
        version++;
        return incidents.size() - 1;
    }

    void close(int number, long time) {
        Incident incident = incidents.get(number);
        if (incident.isOpen()) {
            incidents.set(number, incident.until(time));
            version++;
        }
    }

    /** Changes whenever an incident begins or ends. */
    int version() {
        return version;
    }

    /** All incidents; those still open end at {@code now}. */
    List<Incident> until(long now) {
        return incidents.stream()
                .map(incident -> incident.isOpen() ? incident.until(now) : incident)
                .toList();
    }
}
