package io.kekbit.benchmarks.compare;

import io.kekbit.benchmarks.Result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A measurement that does as the test wants: its name says what.
 */
final class Probe
{
    private Probe()
    {
    }

    public static void main(final String... args) throws IOException, InterruptedException
    {
        final List<String> all = List.of(args);
        final Path folder = Path.of(all.get(all.indexOf("--folder") + 1));
        final Path result = Path.of(all.get(all.indexOf("--result") + 1));
        Files.writeString(folder.resolve("channel"), "left behind");
        switch (args[0])
        {
            case "good" -> new Result().figure("ns", 7).write(result);
            case "bad" ->
            {
                System.out.println("no such thing: name=bad");
                System.exit(3);
            }
            case "silent" -> System.exit(0);
            default -> new CountDownLatch(1).await();
        }
    }
}
