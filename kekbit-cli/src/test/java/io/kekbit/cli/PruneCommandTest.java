package io.kekbit.cli;

import io.kekbit.cli.support.ExitCodes;
import io.kekbit.cli.support.SeriesTree;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * {@code kekbit prune}.
 */
class PruneCommandTest
{
    @TempDir
    private Path root;

    @TempDir
    private Path positions;

    private Path series;
    private List<Path> files;

    @BeforeEach
    void write() throws IOException
    {
        try (TradeSeries trades = TradeSeries.open(root).write(1_000))
        {
            series = trades.folder();
        }
        files = files(series);
        assertTrue(files.size() > 4, files.toString());
    }

    @Test
    void shouldOnlyTellWhenDeletingIsNotAskedFor() throws IOException
    {
        final InProcess prune = prune("--max-channels=2", "--ignore-readers");

        assertEquals(ExitCodes.OK, prune.status(), prune.err());
        assertTrue(prune.out().startsWith("would delete " + files.get(0)), prune.out());
        assertEquals(files.size() - 1, prune.out().lines().count());
        assertTrue(prune.out().contains(" would be deleted; --delete does it; "), prune.out());
        assertEquals(files, files(series));
    }

    @Test
    void shouldDeleteOldestChannelsWhenThereAreTooMany() throws IOException
    {
        final InProcess prune = prune("--max-channels=2", "--ignore-readers", "--delete");

        assertEquals(ExitCodes.OK, prune.status(), prune.err());
        assertEquals(files.subList(files.size() - 2, files.size()), files(series));
    }

    @Test
    void shouldKeepWithinBytesWhenTheyAreGiven() throws IOException
    {
        final long length = Files.size(files.get(0));

        final InProcess prune = prune("--max-bytes=" + (3 * length + 1), "--ignore-readers", "--delete");

        assertEquals(ExitCodes.OK, prune.status(), prune.err());
        assertEquals(3, files(series).size());
    }

    @Test
    void shouldDeleteAllButTheLastWhenTheyAreTooOld() throws IOException
    {
        final InProcess prune = prune("--max-age=1d", "--ignore-readers", "--delete");

        assertEquals(ExitCodes.OK, prune.status(), prune.err());
        assertEquals(files.subList(files.size() - 1, files.size()), files(series));
    }

    @Test
    void shouldDeleteNothingWhenNothingIsTooOld() throws IOException
    {
        final InProcess prune = prune("--json", "--max-age=100000d", "--ignore-readers", "--delete");

        assertEquals(ExitCodes.OK, prune.status(), prune.err());
        assertTrue(prune.out().contains("\"isDeleted\":true,\"channels\":0,\"bytes\":0,"), prune.out());
        assertEquals(files, files(series));
    }

    @Test
    void shouldKeepWhatNamedReaderNeedsWhenItIsBehind() throws IOException
    {
        TradeSeries.read(root, positions, "risk", 1);

        final InProcess prune = prune("--max-channels=1", "--positions=" + positions, "--delete");

        assertEquals(ExitCodes.FAILED, prune.status());
        assertTrue(prune.out().contains("more is beyond the bounds, and named readers need it"), prune.out());
        assertEquals(files, files(series));
    }

    @Test
    void shouldDeleteWhatNamedReaderIsDoneWithWhenItIsAtTheEnd() throws IOException
    {
        TradeSeries.read(root, positions, "risk", 1_000);

        final InProcess prune = prune("--max-channels=1", "--positions=" + positions, "--delete");

        assertEquals(ExitCodes.OK, prune.status(), prune.out() + prune.err());
        assertEquals(1, files(series).size());
    }

    @Test
    void shouldKeepEverythingWhenPositionCannotBeRead() throws IOException
    {
        Files.writeString(positions.resolve("risk.position"), "nothing that makes sense");

        final InProcess prune = prune("--max-channels=1", "--positions=" + positions, "--delete");

        assertEquals(ExitCodes.FAILED, prune.status());
        assertTrue(prune.err().startsWith("kekbit: everything is kept, since a reader's needs"), prune.err());
        assertEquals(files, files(series));
    }

    @Test
    void shouldRefuseWhenSeriesIsSealed() throws IOException
    {
        assertEquals(ExitCodes.OK, InProcess.run("seal", series.toString()).status());

        final InProcess prune = prune("--max-channels=1", "--ignore-readers", "--delete");

        assertEquals(ExitCodes.FAILED, prune.status());
        assertTrue(prune.err().startsWith("kekbit: sealed: "), prune.err());
        assertEquals(files, files(series));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "--ignore-readers",
        "--max-channels=1",
        "--max-channels=0 --ignore-readers",
        "--max-age=soon --ignore-readers",
        "--max-bytes=10q --ignore-readers",
        "--max-bytes=99999999t --ignore-readers",
        "--max-channels=1 --ignore-readers --delete --dry-run",
        "--max-channels=1 --ignore-readers --positions=."})
    void shouldRefuseWhenCommandLineMakesNoSense(final String options) throws IOException
    {
        assertEquals(ExitCodes.USAGE, prune(options.split(" ")).status());
        assertEquals(files, files(series));
    }

    @Test
    void shouldRefuseWhenFolderOfPositionsIsMistyped() throws IOException
    {
        final InProcess prune = prune("--max-channels=1", "--positions=" + root.resolve("typo"), "--delete");

        assertEquals(ExitCodes.FAILED, prune.status());
        assertEquals(files, files(series));
    }

    private InProcess prune(final String... options)
    {
        final List<String> args = new ArrayList<>(List.of("prune", series.toString()));
        args.addAll(List.of(options));

        return InProcess.run(args.toArray(new String[0]));
    }

    private static List<Path> files(final Path series) throws IOException
    {
        return SeriesTree.channels(series).stream().map(SeriesTree.Channel::file).toList();
    }
}
