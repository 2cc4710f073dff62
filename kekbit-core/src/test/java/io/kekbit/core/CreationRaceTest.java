package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelExistsException;
import io.kekbit.core.exceptions.WriterActiveException;
import io.kekbit.core.layout.ChannelPath;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Two processes that create the same channels at the same instants. They force to the device in one race of ten only:
 * that takes its time, and is nothing that the other process could notice.
 */
@Tag("race")
class CreationRaceTest
{
    private static final int RACES = Evidence.times("kekbit.creation.races", 1000);
    private static final int ARRIVED = 0;
    private static final int RESULTS = 8;
    private static final long WON = 1;
    private static final long LOST_TO_CHANNEL = 2;
    private static final long LOST_TO_WRITER = 3;

    @TempDir
    private Path folder;
    private SharedWords words;

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void shouldLetOneWinWhenTwoProcessesCreateTheSameChannel() throws IOException, InterruptedException
    {
        final Path root = Files.createDirectory(folder.resolve("channels"));
        final long[] wonBy = new long[2];
        long lostToWriter = 0;
        try (SharedWords results = race("create", root))
        {
            for (int race = 0; race < RACES; race++)
            {
                final long first = results.get(RESULTS + 2 * race);
                final long second = results.get(RESULTS + 2 * race + 1);
                final String what = "race " + race + " first=" + first + " second=" + second;
                assertTrue(first == WON ^ second == WON, what);
                final int winner = first == WON ? 0 : 1;
                final long loser = first + second - WON;
                assertTrue(loser == LOST_TO_CHANNEL || loser == LOST_TO_WRITER, what);
                wonBy[winner]++;
                lostToWriter += loser == LOST_TO_WRITER ? 1 : 0;
                try (ShmReader reader = ShmReader.open(root, race + 1))
                {
                    final List<byte[]> records = TestChannels.readAll(reader);
                    assertEquals(1, records.size(), what);
                    assertEquals(winner, records.get(0)[0], what);
                    assertEquals(ReaderState.CLOSED, reader.state(), what);
                }
            }
        }
        assertEquals(2 * RACES, TestChannels.filesBelow(root).size());

        Evidence.print(
            "two processes create one channel", "races", RACES, "winners", wonBy[0] + wonBy[1], "wonByFirst", wonBy[0],
            "wonBySecond", wonBy[1], "losersRefused", RACES, "ofThemByLivingWriter", lostToWriter, "litter", 0,
            "twoWinnersIfExistenceIsAskedBeforeCreating", racesWithTwoWinners());
    }

    /**
     * For comparison: how often two win who ask whether the file exists, and then make or open it, as the crate does.
     */
    private long racesWithTwoWinners() throws IOException, InterruptedException
    {
        long twoWinners = 0;
        try (SharedWords results = race("imitate", Files.createDirectory(folder.resolve("imitation"))))
        {
            for (int race = 0; race < RACES; race++)
            {
                final long winners = results.get(RESULTS + 2 * race) + results.get(RESULTS + 2 * race + 1);
                assertTrue(winners >= WON, "race " + race);
                twoWinners += winners == 2 * WON ? 1 : 0;
            }
        }

        return twoWinners;
    }

    private SharedWords race(final String way, final Path root) throws IOException, InterruptedException
    {
        final Path file = folder.resolve(way + "-words");
        words = SharedWords.create(file, RESULTS + 2 * RACES);
        try (ChildJvm first = start(way, root, file, 0); ChildJvm second = start(way, root, file, 1))
        {
            assertEquals("", first.awaitEnd());
            assertEquals("", second.awaitEnd());
        }

        return words;
    }

    private static ChildJvm start(final String way, final Path root, final Path file, final int index)
    {
        return ChildJvm.start(ChildJvm.QUICK_START, Racer.class, way, root, file, index, RACES);
    }

    /**
     * One of the two.
     */
    static final class Racer
    {
        private Racer()
        {
        }

        public static void main(final String[] args) throws IOException
        {
            ChildJvm.endWithParent();
            final boolean imitates = args[0].equals("imitate");
            final Path root = Path.of(args[1]);
            final int index = Integer.parseInt(args[3]);
            final int races = Integer.parseInt(args[4]);
            try (SharedWords words = SharedWords.open(Path.of(args[2])))
            {
                for (int race = 0; race < races; race++)
                {
                    words.meet(ARRIVED, 2L * (race + 1));
                    final long result = imitates ? imitate(root, race) : create(root, race + 1, index);
                    words.set(RESULTS + 2 * race + index, result);
                }
            }
        }

        private static long create(final Path root, final int channelId, final int index)
        {
            final Header header = TestChannels.smallHeader().channelId(channelId).build();
            final ChannelFiles files = channelId % 10 == 0 ? ChannelFiles.SYSTEM : StagedFiles.withoutForcing(true);
            try (ShmWriter<RawBinDataFormat> writer =
                ShmWriter.builder(root, header, RawBinDataFormat.INSTANCE).files(files).create())
            {
                writer.write(new UnsafeBuffer(new byte[]{(byte)index}), 0, 1);

                return WON;
            }
            catch (final ChannelExistsException ex)
            {
                return LOST_TO_CHANNEL;
            }
            catch (final WriterActiveException ex)
            {
                return LOST_TO_WRITER;
            }
        }

        private static long imitate(final Path root, final int race) throws IOException
        {
            final Path file = ChannelPath.file(root, race).getFileName();
            if (Files.exists(root.resolve(file)))
            {
                return 0;
            }
            FileChannel.open(root.resolve(file), StandardOpenOption.CREATE, StandardOpenOption.WRITE).close();

            return WON;
        }
    }
}
