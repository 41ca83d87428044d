package io.grape.benchmarks.replication;

import io.grape.benchmarks.process.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Three member processes of Aeron Cluster. */
final class AeronContender implements Contender {
    static final String NAME = "aeron-cluster";
    private static final int LOWEST_PORT = 20_000;
    private static final int HIGHEST_PORT = 32_000;

    private final int basePort;
    private final List<ChildJvm> members = new ArrayList<>();

    private AeronContender(int basePort) {
        this.basePort = basePort;
    }

    /** Aeron Cluster at a file sync level: 0 leaves it to the page cache, 1 and 2 force. */
    record Theirs(int syncLevel, String idle) implements Launch {
        @Override
        public String name() {
            return "Aeron Cluster 1.51.0, file sync level " + syncLevel;
        }

        @Override
        public String kind() {
            return NAME;
        }

        @Override
        public Contender start(Path directory) throws IOException {
            // Below the range that the system hands out, so that only another benchmark could meet it.
            AeronContender contender =
                    new AeronContender(ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT));
            for (int member = 0; member < ReplicationBenchmark.MEMBERS; member++) {
                Path home = directory.resolve("member-" + member);
                contender.members.add(ChildJvm.start(
                        AeronMember.class,
                        ReplicationBenchmark.HEAP,
                        home.resolve("member.log"),
                        List.of(
                                Integer.toString(member),
                                Integer.toString(contender.basePort),
                                home.toString(),
                                Integer.toString(syncLevel),
                                idle)));
            }
            return contender;
        }
    }

    @Override
    public String address() {
        return AeronMember.ingress(basePort);
    }

    @Override
    public void close() {
        members.forEach(ChildJvm::close);
    }
}
