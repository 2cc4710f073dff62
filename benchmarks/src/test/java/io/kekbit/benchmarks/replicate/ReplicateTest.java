package io.kekbit.benchmarks.replicate;

import io.kekbit.benchmarks.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ReplicateTest
{
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"PLAIN,ONE", "PLAIN_BOTH_WAYS,EACH", "KEKBIT,ONE", "KEKBIT,EACH"})
    void shouldTellLatencyAndThroughputOfEverySubject(final Subject subject, final Threads threads)
    {
        final HostOptions options = new HostOptions();
        options.subject = subject;
        options.threads = threads;
        options.folder = folder;
        options.result = folder.resolve("result");
        options.port = Replicate.freePort();
        options.length = 64;
        options.rates = List.of(1_000L, 10_000L);
        options.warmUpMs = 10;
        options.measuredMs = 100;
        options.bytes = 64 * 1_000;

        final int status = new CommandLine(new SourceHost()).setErr(new PrintWriter(err, true))
            .execute(options.args().toArray(new String[0]));

        assertEquals(0, status, err.toString());
        final Result result = Result.read(options.result);
        assertEquals(100, result.histograms().get("at1000").getTotalCount());
        assertEquals(1_000, result.histograms().get("at10000").getTotalCount());
        assertTrue(result.histograms().get("at10000").getMinValue() > 0);
        assertTrue(result.figures().get("throughput") > 0, result.figures().toString());
        assertTrue(result.figures().get(Phase.TURN_AT_TARGET) > 0, result.figures().toString());
        assertTrue(Result.read(SourceHost.sourceResult(options)).figures().get(Phase.TURN_AT_SOURCE) > 0);
    }

    @Test
    void shouldFixTimesOfMessagesBeforeTheFirst()
    {
        final Phase phase = new Phase("at1000", 5, 1_000);

        assertEquals(7, phase.dueNs(7, 0));
        assertEquals(4_000_007, phase.dueNs(7, 4));
        assertEquals(7, new Phase("throughput", 5, Phase.UNPACED).dueNs(7, 4));
    }

    @ParameterizedTest
    @CsvSource({"--lengths=20,--lengths=20 is not a multiple of 8", "--rates=0,--rates=0 is less than 1"})
    void shouldTellInOneLineWhenOptionsAreNotRight(final String option, final String message)
    {
        final CommandLine commandLine = new CommandLine(new Replicate());
        commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));

        assertEquals(2, commandLine.execute(option));
        assertTrue(err.toString().startsWith(message), err.toString());
    }
}
