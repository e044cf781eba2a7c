package io.shopwatch.notify;

import io.shopwatch.settings.Settings;
import io.shopwatch.wire.Alert;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who is told of an alert: the receivers its rule names, as far as it is severe enough for them. */
final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private final List<Settings.Receiver> receivers;
    private final Set<String> unknownNames = new HashSet<>();

    Dispatcher(List<Settings.Receiver> receivers) {
        this.receivers = List.copyOf(receivers);
    }

    /**
     * The receivers of an alert. A rule that names nobody means everybody; so does one whose names all belong to no
     * receiver, since a misspelt name must not silence an alarm.
     */
    List<Settings.Receiver> receivers(Alert alert) {
        List<String> named = alert.receivers() == null ? List.of() : alert.receivers();
        List<Settings.Receiver> addressed = receivers.stream()
                .filter(receiver -> named.contains(receiver.name()))
                .toList();
        if (addressed.isEmpty()) {
            if (!named.isEmpty() && unknownNames.add(String.valueOf(named))) {
                LOG.warn(
                        "Rule {} notifies {}, none of which is a receiver in the settings; all receivers are told",
                        Texts.clean(alert.rule()),
                        Texts.clean(named.toString()));
            }
            addressed = receivers;
        }
        return addressed.stream()
                .filter(receiver -> Severity.reaches(alert.severity(), receiver.minSeverity()))
                .toList();
    }
}
