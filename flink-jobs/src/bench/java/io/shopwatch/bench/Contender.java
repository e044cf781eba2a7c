package io.shopwatch.bench;

import java.io.IOException;
import java.nio.file.Path;

/** What is measured over a backlog. */
interface Contender {

    /** How tables call it. */
    String title();

    /** Runs it over the whole backlog, in a process of its own. */
    Run.Outcome run(Course course) throws IOException, InterruptedException;

    /**
     * What it runs on.
     *
     * @param bootstrapServers broker with the backlog
     * @param backlog events to account for
     * @param records records that lie in Kafka, with those that end the backlog
     * @param backend {@code hashmap} or {@code rocksdb}
     * @param folder folder of its own for state, checkpoints and temporary files
     * @param children how its process is started
     */
    record Course(
            String bootstrapServers,
            Backlog backlog,
            long records,
            String backend,
            Path folder,
            ChildProcess.Maker children) {}
}
