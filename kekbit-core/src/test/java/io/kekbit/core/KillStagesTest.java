package io.kekbit.core;

import io.kekbit.core.StagedRun.Scenario;
import io.kekbit.core.StagedRun.Stage;
import io.kekbit.core.exceptions.ChannelClosedException;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.StorageNotReadyException;
import io.kekbit.core.layout.ChannelPath;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Writers that die between any two operations on files and any two stores: while they create, with and without hard
 * links, while they resume, while they write and close. What a killed process leaves is what the files hold at that
 * instant, so most stages are looked at by copying the files; a sample, in the long form all, by killing a process.
 */
@Tag("kill")
class KillStagesTest
{
    private static final int KILLS = Evidence.times("kekbit.stage.kills", 2);

    private final long seed = System.nanoTime();

    @TempDir
    private Path folder;
    private int none;
    private int notReady;
    private int whole;
    private int removedByHand;

    private record Snapshot(Stage stage, Path root)
    {
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void shouldLeaveNoChannelOrWholeOneWhenKilledAtAnyStage() throws IOException, InterruptedException
    {
        final Map<Scenario, Integer> stages = new EnumMap<>(Scenario.class);
        int killed = 0;
        for (final Scenario scenario : Scenario.values())
        {
            final List<Snapshot> snapshots = runAndCopy(scenario);
            for (final Snapshot snapshot : snapshots)
            {
                check(scenario, snapshot.stage(), snapshot.root());
            }
            stages.put(scenario, snapshots.size());
            killed += killAtSomeStages(scenario, snapshots);
        }

        assertTrue(stages.values().stream().allMatch((count) -> count >= 20), stages.toString());
        Evidence.print(
            "killed at every stage", "stages", stages.values().stream().mapToInt((count) -> count).sum(),
            "ofThem", stages.toString().replace(" ", ""), "killed", killed, "readerSawNone", none,
            "readerSawNotReady", notReady, "readerSawWhole", whole, "lockFilesRemovedByHand", removedByHand, "litter",
            0, "seed", seed);
    }

    /**
     * The control: a creator that gave the file its name before it was complete would be found.
     */
    @Test
    void shouldFindIncompleteChannelWhenItHasItsNameTooEarly() throws IOException
    {
        final Snapshot early = runAndCopy(Scenario.CREATE).stream()
            .filter((snapshot) -> snapshot.stage().next().equals("fillWithZeros, a third done"))
            .findFirst()
            .orElseThrow();
        final Path file = TestChannels.file(early.root());
        final Path temporary = TestChannels.filesBelow(early.root()).stream()
            .filter((path) -> path.toString().endsWith(".tmp"))
            .findFirst()
            .orElseThrow();
        Files.move(temporary, file);

        assertThrows(ChannelException.class, () -> check(Scenario.CREATE, early.stage(), early.root()));
    }

    private List<Snapshot> runAndCopy(final Scenario scenario) throws IOException
    {
        final Path root = folder.resolve(scenario + "-run");
        final List<Snapshot> snapshots = new ArrayList<>();
        StagedRun.prepare(scenario, root);
        new StagedRun(
            scenario,
            (stage) ->
            {
                final Path copy = folder.resolve(scenario + "-" + stage.number());
                copy(root, copy);
                snapshots.add(new Snapshot(stage, copy));
            }).run(root);

        return snapshots;
    }

    private int killAtSomeStages(final Scenario scenario, final List<Snapshot> snapshots)
        throws IOException, InterruptedException
    {
        final SplittableRandom random = new SplittableRandom(seed);
        int killed = 0;
        for (int left = snapshots.size(); left > 0; left--)
        {
            // So many of those that are left are still to be taken.
            if (random.nextInt(left) < KILLS - killed)
            {
                killAt(scenario, snapshots.get(snapshots.size() - left).stage());
                killed++;
            }
        }
        assertEquals(Math.min(KILLS, snapshots.size()), killed);

        return killed;
    }

    private void killAt(final Scenario scenario, final Stage stage) throws IOException, InterruptedException
    {
        final Path root = folder.resolve(scenario + "-killed-" + stage.number());
        StagedRun.prepare(scenario, root);
        try (ChildJvm child =
            ChildJvm.start(ChildJvm.QUICK_START, StagedRun.class, scenario, root, stage.number()))
        {
            assertEquals(stage.attempted() + " " + stage.published() + " " + stage.next(), child.readLine());
            assertEquals("", child.killAndRead());
        }
        check(scenario, stage, root);
    }

    /**
     * What a reader sees, and that the next writer can go on.
     */
    private void check(final Scenario scenario, final Stage stage, final Path root) throws IOException
    {
        final String at = scenario + " " + stage + " seed=" + seed;
        long last = 0;
        boolean isClosed = false;
        final RecordCheck check = new RecordCheck(1, StagedRun.MAX_LENGTH);
        try (ShmReader reader = check.open(root, TestChannels.CHANNEL_ID))
        {
            check.readAll(reader);
            assertTrue(check.isFlawless(), at + " " + check);
            last = check.last();
            assertTrue(stage.published() <= last && last <= stage.attempted(), at + " " + check);
            isClosed = reader.state() == ReaderState.CLOSED;
            whole++;
        }
        catch (final ChannelNotFoundException ex)
        {
            assertTrue(scenario.isCreation(), at);
            none++;
        }
        catch (final StorageNotReadyException ex)
        {
            assertEquals(Scenario.CREATE_WITHOUT_LINKS, scenario, at);
            notReady++;
        }

        if (isClosed)
        {
            assertEquals(Scenario.WRITE_AND_CLOSE, scenario, at);
            assertEquals(stage.attempted(), last, at);
            assertThrows(ChannelClosedException.class, () -> StagedRun.createOrResume(scenario, root).close());
        }
        else
        {
            removeLockFileByHand(scenario, stage, root, at);
            try (EnvelopeWriter<?> writer = StagedRun.createOrResume(scenario, root))
            {
                assertTrue(NumberedRecords.tryWrite(writer, last + 1, StagedRun.MAX_LENGTH) > 0, at);
            }
            assertReadsBack(last + 1, root, at);
        }
        for (final Path file : TestChannels.filesBelow(root))
        {
            assertTrue(file.toString().matches(".*\\.(kekbit|writer)"), at + " left: " + file);
        }
    }

    /**
     * The one exception: a creator without hard links that dies between making its lock file and writing into it leaves
     * what could be the crate's, so that nobody but a person may remove it.
     */
    private void removeLockFileByHand(
        final Scenario scenario, final Stage stage, final Path root, final String at) throws IOException
    {
        final Path lockFile = ChannelPath.lockFile(root, TestChannels.CHANNEL_ID);
        if (Files.exists(lockFile) && Files.size(lockFile) == 0)
        {
            assertEquals(Scenario.CREATE_WITHOUT_LINKS, scenario, at);
            assertEquals("write", stage.next(), at);
            assertFalse(Files.exists(TestChannels.file(root)), at);
            assertThrows(StorageNotReadyException.class, () -> StagedRun.createOrResume(scenario, root));
            Files.delete(lockFile);
            removedByHand++;
        }
    }

    private static void assertReadsBack(final long last, final Path root, final String at)
    {
        final RecordCheck check = new RecordCheck(1, StagedRun.MAX_LENGTH);
        try (ShmReader reader = check.open(root, TestChannels.CHANNEL_ID))
        {
            check.readAll(reader);
            assertTrue(check.isFlawless() && check.last() == last, at + " then " + check);
            assertEquals(ReaderState.CLOSED, reader.state(), at);
        }
    }

    private static void copy(final Path root, final Path target)
    {
        try (var paths = Files.walk(root))
        {
            for (final Path path : paths.toList())
            {
                final Path copy = target.resolve(root.relativize(path));
                if (Files.isDirectory(path))
                {
                    Files.createDirectories(copy);
                }
                else if (path.toString().endsWith(".writer"))
                {
                    // Always empty; reading it would end the lock of this process on it.
                    Files.createFile(copy);
                }
                else
                {
                    Files.copy(path, copy);
                }
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }
}
