package io.kekbit.benchmarks.scale;

import io.kekbit.benchmarks.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ScaleTest
{
    private static final String CAPACITY = Integer.toString(1 << 20);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"kekbit", "kekbit-cold", "floor-slot-view"})
    void shouldFillChannelsInTurnWhenTotalIsMoreThanCapacity(final String subject)
    {
        final Result result = measure(
            new CapacityMeasurement(),
            "--subject", subject, "--capacity", CAPACITY, "--total", "4194304", "--warm-up", "1", "--cached", "2");

        assertEquals(
            Set.of("nsPerRecord", "nsPerRecordBest", "nsPerRecordCached", "channels"), result.figures().keySet());
        assertEquals(4, result.figures().get("channels"));
    }

    @Test
    void shouldFillOneChannelWhenTotalIsLessThanCapacity()
    {
        final Result result = measure(
            new CapacityMeasurement(),
            "--subject", "kekbit", "--capacity", CAPACITY, "--total", "8", "--warm-up", "1", "--cached", "2");

        assertEquals(1, result.figures().get("channels"));
    }

    @ParameterizedTest
    @CsvSource({"kekbit, 0", "kekbit, 1", "kekbit, 3", "floor-buffer, 0", "floor-buffer, 2"})
    void shouldTimeEveryRecordWhenReadersPoll(final String subject, final String readers)
    {
        final Result result = measure(
            new ReadersMeasurement(),
            "--subject", subject, "--readers", readers, "--capacity", CAPACITY, "--warm-up", "1", "--passes", "2");

        assertEquals(
            Set.of("nsPerRecord", "nsPerRecordBest", "claimToCommitP50Ns", "claimToCommitP99Ns", "processors"),
            result.figures().keySet());
        assertEquals(2 * Filling.records(1 << 20, 64), result.histograms().get("claimToCommit").getTotalCount());
    }

    @Test
    void shouldGoToRecordsWhenOpened()
    {
        final Result result = measure(
            new OpeningMeasurement(),
            "--subject", "kekbit", "--capacity", CAPACITY, "--warm-up", "2", "--readers", "10");

        assertEquals(Filling.records(1 << 20, 64), result.figures().get("records"));
        assertEquals(
            Set.of(
                "records", "openUs", "openP99Us", "moveToEndUs", "moveToEndP99Us", "moveToUs", "moveToP99Us",
                "moveToRecordUs", "moveToTimeUs"),
            result.figures().keySet());
        for (final String name : Set.of("open", "moveToEnd", "moveTo", "moveToRecord", "moveToTime"))
        {
            assertEquals(10, result.histograms().get(name).getTotalCount(), name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kekbit", "kekbit-cold", CreationMeasurement.PLAIN_FILE})
    void shouldTellTimePerGibibyteWhenCreated(final String subject)
    {
        final Result result = measure(new CreationMeasurement(), "--subject", subject, "--capacity", CAPACITY);

        assertEquals(Set.of("createMs", "createMsBest", "msPerGiB"), result.figures().keySet());
        assertEquals(1024, result.figures().get("msPerGiB") / result.figures().get("createMs"), 1e-9);
    }

    private Result measure(final ScaleMeasurement measurement, final String... args)
    {
        final String[] where = {
            "--folder", folder.resolve("channels").toString(), "--result", folder.resolve("result").toString()
        };
        final String[] all = Stream.of(where, args).flatMap(Arrays::stream).toArray(String[]::new);

        assertEquals(0, new CommandLine(measurement).execute(all));
        assertFalse(Files.exists(folder.resolve("channels")));
        assertTrue(Files.exists(folder.resolve("result")));

        return Result.read(folder.resolve("result"));
    }
}
