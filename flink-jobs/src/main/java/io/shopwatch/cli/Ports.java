package io.shopwatch.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Looks whether ports are free before anything is started, so that the message can say which is not. */
final class Ports {
    private Ports() {}

    /**
     * @param what what would listen there
     * @param flag the flag that chooses another port
     * @throws FailureException if the port is taken
     */
    static void check(String bind, int port, String what, String flag) {
        if (port <= 0) {
            return;
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(bind), port));
        } catch (IOException e) {
            throw new FailureException(
                    "port " + port + " for " + what + " is not to be had on " + bind + " (" + e.getMessage()
                            + "); choose another with " + flag + ", 0 is any free port",
                    e);
        }
    }
}
