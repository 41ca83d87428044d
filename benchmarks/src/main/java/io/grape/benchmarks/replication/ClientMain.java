package io.grape.benchmarks.replication;

import io.grape.benchmarks.replication.LoadLoop.Cell;
import io.grape.transport.driver.IdleMode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The client process: connects, warms up, runs every cell of a {@link Load}, and prints a line for each.
 *
 * <p>Arguments: grape or aeron-cluster, where the members are, a directory of its own, then the load.
 */
final class ClientMain {
    private static final int WARM_UP_WINDOW = 64;

    private ClientMain() {}

    public static void main(String[] arguments) {
        Load load = Load.of(Arrays.asList(arguments).subList(3, arguments.length));
        LoadLoop loop = new LoadLoop(IdleMode.of(load.idle()).newStrategy());
        try (LogClient client = connect(arguments, load, loop)) {
            client.entryBytes(load.sizes().getFirst());
            loop.withWindow(client, WARM_UP_WINDOW, load.warmUpSeconds());
            for (int size : load.sizes()) {
                client.entryBytes(size);
                for (int rate : load.rates()) {
                    print(size, rate, false, loop.atRate(client, rate, load.seconds()));
                }
                for (int window : load.windows()) {
                    print(size, window, true, loop.withWindow(client, window, load.seconds()));
                }
            }
        }
    }

    private static LogClient connect(String[] arguments, Load load, LoadLoop loop) {
        return switch (arguments[0]) {
            case GrapeContender.NAME -> new GrapeLogClient(List.of(arguments[1].split(",", -1)), load.idle(), loop);
            case AeronContender.NAME -> new AeronLogClient(arguments[1], load.idle(), Path.of(arguments[2]), loop);
            default -> throw new IllegalArgumentException("no contender " + arguments[0]);
        };
    }

    private static void print(int size, int load, boolean isWindow, Cell cell) {
        System.out.println(
                new CellLine(size, load, isWindow, cell.perSecond(), cell.failed(), cell.latencyNs()).print());
        if (cell.failed() > 0) {
            System.out.println(
                    "failed=" + cell.failed() + " size=" + size + " load=" + load + " last: " + cell.failure());
        }
    }
}
