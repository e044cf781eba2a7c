package io.shopwatch.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EmbeddedKafkaTest {

    @Test
    void aFreePortIsGivenOnceAndByNobodyElse() throws Exception {
        Set<Integer> given = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            int port = EmbeddedKafka.freePort("127.0.0.1");
            assertThat(given.add(port)).as("port %s is new", port).isTrue();
            // Above are those that a system gives to whoever asks for any, or connects to something.
            assertThat(port).isBetween(20_000, 32_767);
        }
    }

    @Test
    void aPortThatIsTakenIsNotGiven() throws Exception {
        InetAddress local = InetAddress.getByName("127.0.0.1");
        int first = EmbeddedKafka.freePort("127.0.0.1");
        int next = first == 32_767 ? 20_000 : first + 1;
        try (ServerSocket taken = new ServerSocket(next, 1, local)) {
            assertThat(EmbeddedKafka.freePort("127.0.0.1")).isNotEqualTo(taken.getLocalPort());
        }
    }
}
