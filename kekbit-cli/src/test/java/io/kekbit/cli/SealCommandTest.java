package io.kekbit.cli;

import io.kekbit.cli.support.ExitCodes;
import io.kekbit.cli.support.SeriesTree;
import io.kekbit.core.exceptions.SeriesSealedException;
import io.kekbit.core.series.Retention;
import io.kekbit.core.series.SeriesListener;
import io.kekbit.core.series.SeriesWriter;
import io.kekbit.sbe.SbeDataFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * {@code kekbit seal}, and {@code kekbit verify} and {@code kekbit stats} of series.
 */
class SealCommandTest
{
    private static final int TRADES = 1_000;

    @TempDir
    private Path root;

    @Test
    void shouldWriteManifestAsSha256sumChecksItWhenSeriesIsClosed(@TempDir final Path folder) throws Exception
    {
        final Path series = closedSeries();

        final InProcess seal = InProcess.run("seal", root.toString(), TradeSeries.NAME);

        assertEquals(ExitCodes.OK, seal.status(), seal.err());
        assertTrue(seal.out().startsWith("sealed " + files(series).size() + " channels of "), seal.out());
        try (CommandProcess check = CommandProcess.program(
            folder, List.of("sh", "-c", "cd '" + series + "' && sha256sum -c SHA256SUMS")))
        {
            assertEquals(0, check.awaitExit(), check.err());
            assertEquals(files(series).size(), check.out().lines().count());
        }
    }

    @Test
    void shouldMakeFilesReadOnlyWhenSeriesIsSealed() throws IOException
    {
        final Path series = closedSeries();

        InProcess.run("seal", series.toString());

        for (final Path file : files(series))
        {
            final String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
            assertFalse(permissions.contains("w"), permissions);
        }
        assertFalse(PosixFilePermissions.toString(
            Files.getPosixFilePermissions(series.resolve("SHA256SUMS"))).contains("w"));
    }

    @Test
    void shouldRefuseWhenSomebodyWrites() throws IOException
    {
        try (TradeSeries series = TradeSeries.open(root).write(TRADES))
        {
            final InProcess seal = InProcess.run("seal", series.folder().toString());

            assertEquals(ExitCodes.FAILED, seal.status());
            assertEquals(1, seal.err().lines().count());
            assertFalse(Files.exists(series.folder().resolve("SHA256SUMS")));
        }
    }

    @Test
    void shouldRefuseWhenSomethingIsWrong() throws IOException
    {
        final Path series = closedSeries();
        damage(files(series).get(1));

        final InProcess seal = InProcess.run("seal", series.toString());

        assertEquals(ExitCodes.DAMAGED, seal.status());
        assertTrue(seal.err().contains("so it was not sealed"), seal.err());
        assertFalse(Files.exists(series.resolve("SHA256SUMS")));
    }

    @Test
    void shouldRefuseWhenSealedAlready() throws IOException
    {
        final Path series = closedSeries();
        InProcess.run("seal", series.toString());

        final InProcess seal = InProcess.run("seal", series.toString());

        assertEquals(ExitCodes.FAILED, seal.status());
        assertTrue(seal.err().startsWith("kekbit: sealed already: "), seal.err());
    }

    @Test
    void shouldCompareWithManifestWhenSealedSeriesIsVerified() throws IOException
    {
        final Path series = closedSeries();
        InProcess.run("seal", series.toString());
        final InProcess before = InProcess.run("verify", series.toString());
        // A byte of the label, by which no reader goes.
        final Path file = files(series).get(1);
        final byte[] bytes = Files.readAllBytes(file);
        bytes[256] ^= 1;
        Files.delete(file);
        Files.write(file, bytes);
        Files.delete(files(series).get(files(series).size() - 1));

        final InProcess after = InProcess.run("verify", series.toString());

        assertEquals(ExitCodes.OK, before.status(), before.out() + before.err());
        assertTrue(before.out().contains("compared with the manifest"), before.out());
        assertEquals(ExitCodes.DAMAGED, after.status(), after.out());
        assertTrue(after.out().contains("0000_0000/0000_0002.kekbit is not what it was"), after.out());
        assertTrue(after.out().contains(" is in the manifest, and is gone"), after.out());
    }

    @Test
    void shouldKeepItsChannelsWhenSealedSeriesIsWrittenOnWithinBounds() throws IOException
    {
        final Path series = closedSeries();
        InProcess.run("seal", series.toString());
        final List<Path> sealed = files(series);
        final List<RuntimeException> failures = new ArrayList<>();

        try (SeriesWriter<SbeDataFormat> writer = SeriesWriter.builder(root, TradeSeries.NAME, TradeChannel.FORMAT)
            .retention(Retention.builder().maxChannels(1).build())
            .listener(new SeriesListener()
            {
                @Override
                public void onPruningFailed(final RuntimeException cause)
                {
                    failures.add(cause);
                }
            })
            .open())
        {
            writer.agent().doWork();
        }

        assertEquals(sealed, files(series).subList(0, sealed.size()));
        assertEquals(sealed.size() + 1, files(series).size());
        assertEquals(1, failures.size());
        assertInstanceOf(SeriesSealedException.class, failures.get(0));
    }

    @Test
    void shouldTellWhichChannelIsDamagedWhenSeriesIsVerified() throws IOException
    {
        final Path series = closedSeries();
        final InProcess before = InProcess.run("verify", series.toString());
        final Path file = files(series).get(1);
        damage(file);

        final InProcess after = InProcess.run("verify", series.toString());

        assertEquals(ExitCodes.OK, before.status(), before.out() + before.err());
        assertTrue(before.out().startsWith("1,000 records of "), before.out());
        assertEquals(ExitCodes.DAMAGED, after.status());
        assertTrue(after.out().startsWith(file + System.lineSeparator() + "fault at byte "), after.out());
    }

    @Test
    void shouldTellOfDamagedHeaderWhenItIsThatOfTheLastChannel() throws IOException
    {
        final Path series = closedSeries();
        final Path last = files(series).get(files(series).size() - 1);
        Files.write(last, new byte[4_096]);

        final InProcess verify = InProcess.run("verify", series.toString());

        assertEquals(ExitCodes.DAMAGED, verify.status());
        assertTrue(verify.out().contains("whose header is damaged: " + last), verify.out());
    }

    @Test
    void shouldTellThatChannelIsMissingWhenSeriesIsVerified() throws IOException
    {
        final Path series = closedSeries();
        Files.delete(files(series).get(1));

        final InProcess verify = InProcess.run("verify", "--json", series.toString());

        assertEquals(ExitCodes.FAILED, verify.status());
        assertTrue(verify.out().contains("\"faults\":[\"channels are missing between 0 and 2\"]"), verify.out());
    }

    @Test
    void shouldCountRecordsOfAllChannelsWhenStatsAreAskedFor() throws IOException
    {
        final Path series = closedSeries();

        final InProcess stats = InProcess.run("stats", series.toString());

        assertEquals(ExitCodes.OK, stats.status(), stats.err());
        final String out = stats.out().replaceAll(" +", " ");
        assertTrue(out.contains("records 1,000\n"), stats.out());
        assertTrue(out.contains("gaps none\n"), stats.out());
        assertTrue(out.contains("Trade 2 1,000 "), stats.out());
    }

    private Path closedSeries()
    {
        try (TradeSeries series = TradeSeries.open(root).write(TRADES))
        {
            return series.folder();
        }
    }

    /**
     * Change a byte of a record, so that its checksum is wrong.
     */
    private static void damage(final Path file) throws IOException
    {
        final byte[] bytes = Files.readAllBytes(file);
        bytes[2_000] ^= 1;
        Files.write(file, bytes);
    }

    private static List<Path> files(final Path series) throws IOException
    {
        return SeriesTree.channels(series).stream().map(SeriesTree.Channel::file).toList();
    }
}
