package io.kekbit.benchmarks.stream;

import io.kekbit.benchmarks.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MeasurementsTest
{
    private static final String SUBJECT = "kekbit";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"false", "true"})
    void shouldTellThroughput(final String isFarSideProcess)
    {
        final Result result = measure(
            new Throughput(), SUBJECT,
            "--messages", "10000", "--passes", "3", "--warm-up-passes", "1", "--processes", isFarSideProcess);

        final double slowest = result.figures().get("slowestPassMessagesPerSecond");
        final double median = result.figures().get("messagesPerSecond");
        final double fastest = result.figures().get("fastestPassMessagesPerSecond");
        assertTrue(0 < slowest && slowest <= median && median <= fastest, result.figures().toString());
        assertTrue(result.figures().containsKey("allocatedBytesPerMessage"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "true"})
    void shouldTellRoundTrips(final String isFarSideProcess)
    {
        final Result result = measure(
            new RoundTrip(), SUBJECT,
            "--messages", "5000", "--warm-up-messages", "100", "--processes", isFarSideProcess);

        assertEquals(5_000, result.histograms().get("roundTrip").getTotalCount());
        assertEquals(5_000, result.figures().get("count"));
        assertTrue(result.figures().keySet().containsAll(Set.of("p50Ns", "p99Ns", "p999Ns", "maxNs")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "true"})
    void shouldTellLatencyAtRate(final String isFarSideProcess)
    {
        final Result result = measure(
            new OpenLoop(), SUBJECT,
            "--rate", "100000", "--warm-up-millis", "1", "--millis", "50", "--processes", isFarSideProcess);

        assertEquals(5_000, result.histograms().get("latency").getTotalCount());
        assertTrue(result.figures().keySet().containsAll(
            Set.of("p50Ns", "p99Ns", "p999Ns", "maxNs", "lateShare", "messagesPerSecond")));
    }

    @ParameterizedTest
    @ValueSource(strings = {SUBJECT, "agrona-ring"})
    void shouldTellStalls(final String subject)
    {
        final Result result = measure(new Stall(), subject, "--messages", "2000", "--millis", "10");

        assertEquals(2_000, result.histograms().get("backToBack").getTotalCount());
        assertEquals(1_000, result.histograms().get("paced").getTotalCount());
        assertTrue(result.figures().keySet().containsAll(
            Set.of("pacedAbove1Us", "pacedAbove10Us", "pacedAbove100Us", "pacedAbove1Ms", "timerP50Ns")));
    }

    @Test
    void shouldTellHowLongReadingFullChannelTook()
    {
        final Result result = measure(new CatchUp(), SUBJECT, "--bytes", "1000000");

        assertTrue(result.figures().keySet().containsAll(
            Set.of("openMs", "readMs", "totalMs", "messagesPerSecond", "bytesPerSecond")));
    }

    @Test
    void shouldTellStallsOfAllThreeChannelsAfterWriteBack()
    {
        final Result result = measure(
            new AfterWriteBack(), SUBJECT,
            "--wait", "0", "--messages-before", "100", "--messages", "2000", "--millis", "10");

        for (final String name : List.of("Cold", "Now", "Agent"))
        {
            assertEquals(1_000, result.histograms().get("paced" + name).getTotalCount());
            assertEquals(2_000, result.histograms().get("backToBack" + name).getTotalCount());
            assertTrue(result.figures().containsKey("paced" + name + "Above10Us"));
        }
    }

    @Test
    void shouldSoakOverSuccessionOfChannels()
    {
        // 256 KiB hold 3,640 messages. What else this JVM does now and then, as compiling, takes memory as well.
        final Result result = measure(
            new Soak(), SUBJECT,
            "--minutes", "0.002", "--warm-up-seconds", "0.1", "--rate", "200000", "--channel-bytes", "262144",
            "--max-heap-growth", "512", "--max-memory-growth", "1024");

        assertEquals(24_000, result.histograms().get("claimToCommit").getTotalCount());
        assertEquals(24_000, result.histograms().get("latency").getTotalCount());
        assertEquals(44_000, result.figures().get("messages"));
        assertTrue(result.figures().get("channelsBegun") >= 6, result.figures().toString());
        assertTrue(result.figures().keySet().containsAll(Set.of(
            "claimToCommitAbove10Us", "claimToCommitAbove100Us", "claimToCommitAbove1Ms", "heapBytesBefore",
            "heapBytesAfter", "anonymousBytesBefore", "anonymousBytesAfter", "mappingsBefore", "mappingsAfter")));
    }

    @Test
    void shouldFailSoakWhenMemoryHasGrown()
    {
        final List<String> complaints = new ArrayList<>();

        Soak.compare(complaints, "heapBytes", 100, 108, 8);
        Soak.compare(complaints, "anonymousBytes", -1, -1, 8);
        Soak.compare(complaints, "mappings", 100, 109, 8);

        assertEquals(List.of("has grown: mappings before=100 after=109 maxGrowth=8"), complaints);
    }

    @Test
    void shouldFailWhenPeerKeepsNothingForReaderThatComesLate()
    {
        final StringWriter errors = new StringWriter();

        final int status = new CommandLine(new CatchUp())
            .setErr(new PrintWriter(errors))
            .execute(arguments("agrona-ring", new String[0]));

        assertNotEquals(0, status);
        assertTrue(errors.toString().contains("subject=agrona-ring"), errors.toString());
        assertFalse(Files.exists(folder.resolve("channels")));
    }

    private Result measure(final Callable<Integer> measurement, final String subject, final String... options)
    {
        final StringWriter errors = new StringWriter();

        final int status = new CommandLine(measurement)
            .setErr(new PrintWriter(errors))
            .execute(arguments(subject, options));

        assertEquals(0, status, errors.toString());
        assertFalse(Files.exists(folder.resolve("channels")), "the folder is left");

        return Result.read(folder.resolve("result"));
    }

    private String[] arguments(final String subject, final String[] options)
    {
        final List<String> arguments = new ArrayList<>(List.of(
            "--subject", subject,
            "--folder", folder.resolve("channels").toString(),
            "--result", folder.resolve("result").toString()));
        arguments.addAll(List.of(options));

        return arguments.toArray(new String[0]);
    }
}
