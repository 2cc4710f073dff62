package io.kekbit.benchmarks.compare;

import io.kekbit.benchmarks.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class JvmForkTest
{
    private static final long PATIENCE_MS = 30_000;

    @TempDir
    private Path base;

    @TempDir
    private Path results;

    private Path result;
    private JvmFork fork;

    @BeforeEach
    void prepare()
    {
        result = results.resolve("a.result");
        fork = fork(60);
    }

    @Test
    void shouldLeaveTheResultAndNothingElseWhenAMeasurementEnds() throws Exception
    {
        fork.run(measurement("good"), result);

        assertEquals(Map.of("ns", 7.0), Result.read(result).figures());
        assertEquals(List.of(), list(base));
        assertEquals(List.of(result), list(results));
    }

    @Test
    void shouldTellStatusAndOutputWhenAMeasurementFails() throws Exception
    {
        final ForkFailedException ex =
            assertThrows(ForkFailedException.class, () -> fork.run(measurement("bad"), result));

        assertEquals(
            "its exit status is 3\nmeasure bad --subject kekbit --length 64\nno such thing: name=bad",
            ex.getMessage());
        assertEquals(List.of(), list(base));
        assertEquals(List.of(), list(results));
    }

    @Test
    void shouldFailWhenThereIsNoResult()
    {
        final ForkFailedException ex =
            assertThrows(ForkFailedException.class, () -> fork.run(measurement("silent"), result));

        assertTrue(ex.getMessage().startsWith("it wrote no result"), ex.getMessage());
    }

    @Test
    void shouldKillWhatHangsAndDeleteWhatItLeft() throws Exception
    {
        final ForkFailedException ex =
            assertThrows(ForkFailedException.class, () -> fork(1).run(measurement("hang"), result));

        assertTrue(ex.getMessage().startsWith("it did not end within 1 s and was killed"), ex.getMessage());
        assertEquals(List.of(), list(base));
    }

    @Test
    void shouldKeepWhatTheThreadsOfAHangingMeasurementDid() throws Exception
    {
        final ForkFailedException ex =
            assertThrows(ForkFailedException.class, () -> fork(5).run(measurement("hang"), result));

        assertTrue(ex.getMessage().lines().findFirst().orElseThrow().endsWith("is in a.threads"), ex.getMessage());
        final String threads = Files.readString(results.resolve("a.threads"));
        assertTrue(threads.contains("at " + Probe.class.getName() + ".main("), threads);
    }

    @Test
    void shouldEndTheMeasurementAndRunNoMoreWhenStopped() throws Exception
    {
        final AtomicReference<Throwable> thrown = new AtomicReference<>();
        final CompletableFuture<Void> running =
            CompletableFuture.runAsync(() -> thrown.set(assertThrows(
                Exception.class, () -> fork.run(measurement("hang"), result))));
        final long deadline = System.currentTimeMillis() + PATIENCE_MS;
        while (list(base).isEmpty() && System.currentTimeMillis() < deadline)
        {
            Thread.onSpinWait();
        }

        fork.close();
        running.get(PATIENCE_MS, TimeUnit.MILLISECONDS);

        assertInstanceOf(InterruptedException.class, thrown.get());
        assertEquals(List.of(), list(base));
        assertThrows(InterruptedException.class, () -> fork.run(measurement("good"), result));
    }

    private JvmFork fork(final int spareSeconds)
    {
        final List<String> prefix = List.of(
            System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
            "-cp",
            System.getProperty("java.class.path"),
            Probe.class.getName());

        return new JvmFork((subject) -> prefix, Map.of(Store.TMPFS, base), spareSeconds);
    }

    private static Measurement measurement(final String name)
    {
        return new Measurement(name, "kekbit", Store.TMPFS, List.of("--length", "64"), 0);
    }

    private static List<Path> list(final Path folder) throws IOException
    {
        try (Stream<Path> files = Files.list(folder))
        {
            return files.toList();
        }
    }
}
