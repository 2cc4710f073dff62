package io.kekbit.core;

import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.IndexDescriptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Copying that dies between any two operations on files and any two stores, or loses power there: what it leaves shows
 * whole blocks only, and is gone on with to a copy that is the channel, its index included.
 */
@Tag("kill")
class ChannelCopyKillTest
{
    private static final int KILLS = Evidence.times("kekbit.copy.kills", 5);
    private static final int BLOCK_LIMIT = 1024;
    private static final int CAPACITY = 16 * 1024 * 1024;
    private static final int LONGEST_LIFE_US = 400_000;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    private Path folder;
    private Path source;

    private record Snapshot(String next, Path root, long position, long durablePosition)
    {
    }

    @BeforeEach
    void makeFolder() throws IOException
    {
        folder = FuzzChannels.newFolder();
    }

    @AfterEach
    void deleteFolder() throws IOException
    {
        FuzzChannels.delete(folder);
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void shouldGoOnToTheSameCopyWhenKilledOrWithoutPowerAtAnyStage() throws IOException
    {
        source = write(1 << 14);
        final Set<Long> boundaries = Copying.boundaries(source, BLOCK_LIMIT);
        final List<Snapshot> snapshots = new ArrayList<>();
        final ChannelCopy[] copying = new ChannelCopy[1];
        final Path running = folder.resolve("running");
        final ChannelFiles files = new StagedFiles(true, (next) ->
        {
            final Path snapshot = folder.resolve("snapshot-" + snapshots.size());
            copy(running, snapshot);
            snapshots.add(new Snapshot(
                next,
                snapshot,
                copying[0] == null ? 0 : copying[0].position(),
                copying[0] == null ? 0 : copying[0].durablePosition()));
        });

        // Opened twice, so that it is gone on with in stages, too.
        for (int half = 0; half < 2; half++)
        {
            try (ChannelCopy copy = Copying.open(files, source, running);
                BlockReader blocks = BlockReader.open(source, copy.position()))
            {
                copying[0] = copy;
                appendHalf(blocks, copy, half);
            }
        }
        Copying.assertSame(source, ChannelPath.file(running, 1));

        int open = 0;
        for (int i = 0; i < snapshots.size(); i++)
        {
            open += check(snapshots.get(i), i, boundaries) ? 1 : 0;
        }
        assertTrue(open > 50 && snapshots.size() - open > 20, "open=" + open);
        Evidence.print(
            "copy killed at every stage", "stages", snapshots.size(), "withFile", open, "differences", 0, "seed",
            seed);
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void shouldEndAsTheSameCopyWhenKilledAgainAndAgainWhileTheChannelIsWritten()
        throws IOException, InterruptedException
    {
        final Path targetRoot = folder.resolve("target");
        final Header header = Header.builder().channelId(1).capacity(CAPACITY).maxMessageLength(1000).build();
        int inCreation = 0;
        long lastPosition = 0;
        int advances = 0;
        try (ShmWriter<RawBinDataFormat> writer =
            ShmWriter.create(folder.resolve("source"), header, RawBinDataFormat.INSTANCE))
        {
            source = writer.file();
            final RandomTraffic traffic = new RandomTraffic(random, writer);
            for (int kill = 0; kill < KILLS; kill++)
            {
                try (ChildJvm child = ChildJvm.start(
                    ChildJvm.QUICK_START, Copier.class, source, targetRoot, 100 + random.nextInt(10_000)))
                {
                    final long endNs = System.nanoTime() + 1000L * random.nextInt(LONGEST_LIFE_US);
                    if (kill > 0)
                    {
                        assertEquals("copying", child.readLine());
                    }
                    final long begin = writer.writeOffset();
                    final long end = begin + CAPACITY / (KILLS + 1);
                    final boolean isLast = kill == KILLS - 1;
                    do
                    {
                        if (writer.writeOffset() < end)
                        {
                            traffic.next();
                        }
                    }
                    while (System.nanoTime() - endNs < 0 || isLast && writer.writeOffset() == begin);
                    if (isLast)
                    {
                        // However busy the machine is, one of them gets as far as that.
                        assertEquals("appended", child.readLine());
                    }
                    child.killAndRead();
                }
                if (!Files.exists(ChannelPath.file(targetRoot, 1)))
                {
                    inCreation++;
                    continue;
                }
                try (ChannelCopy copy = Copying.open(source, targetRoot))
                {
                    assertTrue(copy.position() >= lastPosition, "seed=" + seed);
                    advances += copy.position() > lastPosition ? 1 : 0;
                    lastPosition = copy.position();
                }
            }
            traffic.next();
        }
        final Path copy = Copying.run(source, targetRoot, 5000);

        Copying.assertSame(source, copy);
        assertTrue(advances > 0, "seed=" + seed);
        Evidence.print(
            "copier killed", "kills", KILLS, "inCreation", inCreation, "advanced", advances, "differences", 0, "seed",
            seed);
    }

    private static void appendHalf(final BlockReader blocks, final ChannelCopy copy, final int half)
    {
        final BlockHandler handler = (buffer, offset, length, position, timeTicks) ->
            copy.append(position, buffer, offset, length, timeTicks) > 0;
        while (blocks.poll(handler, BLOCK_LIMIT) > 0 && (half > 0 || copy.position() < 6000))
        {
            if (copy.position() / 3000 > copy.durablePosition() / 3000)
            {
                copy.flush();
            }
        }
        if (half > 0)
        {
            copy.complete();
        }
    }

    /**
     * @return whether there is a file.
     */
    private boolean check(final Snapshot snapshot, final int number, final Set<Long> boundaries) throws IOException
    {
        final String what = "stage " + number + " before " + snapshot.next() + " seed=" + seed;
        final Path file = ChannelPath.file(snapshot.root(), 1);
        final boolean isThere = Files.exists(file);
        if (isThere)
        {
            try (ShmReader reader = ShmReader.builder(file).atEnd(true).open())
            {
                assertTrue(boundaries.contains(reader.position()), what);
            }
            checkWithoutPower(snapshot, what);
        }
        goOn(snapshot.root(), what);

        return isThere;
    }

    /**
     * The same stage, at which the machine loses power: what was not forced is lost, or is anything.
     */
    private void checkWithoutPower(final Snapshot snapshot, final String what) throws IOException
    {
        final Path root = Path.of(snapshot.root() + "-without-power");
        copy(snapshot.root(), root);
        final Path file = ChannelPath.file(root, 1);
        final long durable = TestChannels.getLong(file, ExtensionDescriptor.DURABLE_POSITION_OFFSET);
        TestChannels.putLong(file, ExtensionDescriptor.BOOT_ID_OFFSET, 0x1122_3344_5566_7788L);
        final boolean isClosed;
        try (ShmReader reader = ShmReader.builder(file).atEnd(true).open())
        {
            isClosed = reader.state() == ReaderState.CLOSED;
        }
        if (!isClosed)
        {
            for (long position = durable; position < (1 << 14); position += 8)
            {
                TestChannels.putLengthWord(file, position, random.nextBoolean() ? random.nextLong() : 0);
            }
            final long index = Copying.blueprint(file).extension().indexOffset();
            for (int entry = 0; entry < 4; entry++)
            {
                final long at = index + (long)entry * IndexDescriptor.ENTRY_LENGTH;
                // Of an entry below, all was forced before the durable position was stored.
                if (TestChannels.getLong(file, at + IndexDescriptor.POSITION_OFFSET) >= durable)
                {
                    TestChannels.putLong(file, at + IndexDescriptor.CHECK_OFFSET, random.nextLong());
                }
            }
        }

        try (ChannelCopy copy = Copying.open(StagedFiles.withoutForcing(true), source, root))
        {
            assertEquals(isClosed, copy.isClosed(), what);
            assertEquals(durable, copy.position(), what);
        }
        goOn(root, "without power: " + what);
    }

    private void goOn(final Path root, final String what) throws IOException
    {
        final Path copy = Copying.run(StagedFiles.withoutForcing(true), source, root, BLOCK_LIMIT * 2);
        try
        {
            Copying.assertSame(source, copy);
        }
        catch (final AssertionError ex)
        {
            throw new AssertionError(what, ex);
        }
    }

    private Path write(final int capacity)
    {
        final Header header = Header.builder().channelId(1).capacity(capacity).maxMessageLength(100).build();
        try (ShmWriter<RawBinDataFormat> writer =
            ShmWriter.create(folder.resolve("source"), header, RawBinDataFormat.INSTANCE))
        {
            final RandomTraffic traffic = new RandomTraffic(random, writer);
            while (traffic.next())
            {
                continue;
            }

            return writer.file();
        }
    }

    private static void copy(final Path from, final Path to)
    {
        try
        {
            Files.createDirectories(to);
            if (!Files.exists(from))
            {
                return;
            }
            try (Stream<Path> paths = Files.walk(from))
            {
                for (final Path path : paths.toList())
                {
                    final Path target = to.resolve(from.relativize(path));
                    if (Files.isDirectory(path))
                    {
                        Files.createDirectories(target);
                    }
                    else
                    {
                        Files.copy(path, target);
                    }
                }
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /**
     * Copies a channel as it grows, until it is killed.
     */
    static final class Copier
    {
        private Copier()
        {
        }

        public static void main(final String[] args)
        {
            ChildJvm.endWithParent();
            final Path source = Path.of(args[0]);
            try (ChannelCopy copy = Copying.open(source, Path.of(args[1]));
                BlockReader blocks = BlockReader.open(source, copy.position()))
            {
                System.out.println("copying");
                final long begin = copy.position();
                boolean isTold = false;
                while (true)
                {
                    Copying.append(blocks, copy, Integer.parseInt(args[2]));
                    if (copy.position() - copy.durablePosition() > CAPACITY / 16)
                    {
                        copy.flush();
                    }
                    if (!isTold && copy.position() > begin)
                    {
                        isTold = true;
                        System.out.println("appended");
                    }
                    LockSupport.parkNanos(1000);
                }
            }
        }
    }
}
