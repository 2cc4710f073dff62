package io.kekbit.aeron.replication;

import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.exceptions.NotEnoughSpaceException;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.series.SeriesReader;
import io.kekbit.core.series.SeriesWriter;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The disk of a copy is really full. Mounting a small one takes root; for others this is skipped.
 */
class FullDiskTest
{
    private static final String NAME = "trades";
    private static final int CAPACITY = 64 * 1024;
    private static final int DISK_LENGTH = 1024 * 1024;
    private static final int RECORDS = 2_000;
    private static final int RECORD_LENGTH = 100;

    @TempDir
    private Path from;
    @TempDir
    private Path folder;
    private final Hosts hosts = new Hosts();
    private final Events events = new Events();
    private Path disk;
    private boolean isMounted;
    private ReplicationSource source;
    private long read;

    @BeforeEach
    void mount() throws Exception
    {
        disk = Files.createDirectory(folder.resolve("disk"));
        isMounted = run("mount", "-t", "tmpfs", "-o", "size=" + DISK_LENGTH, "tmpfs", disk.toString());
        Assumptions.assumeTrue(isMounted, "mounting a file system takes root");
        try (SeriesWriter<RawBinDataFormat> writer = SeriesWriter.builder(from, NAME, RawBinDataFormat.INSTANCE)
            .capacity(CAPACITY).maxMessageLength(200).open())
        {
            final UnsafeBuffer record = new UnsafeBuffer(new byte[RECORD_LENGTH]);
            for (int i = 0; i < RECORDS; i++)
            {
                record.putLong(0, i);
                writer.write(record, 0, RECORD_LENGTH);
            }
        }
        source = hosts.closing(hosts.source(from, hosts.driver()).build());
    }

    @AfterEach
    void unmount() throws Exception
    {
        hosts.close();
        if (isMounted)
        {
            // Also where something is still mapped, so that nothing stays mounted.
            assertTrue(run("umount", disk.toString()) || run("umount", "-l", disk.toString()));
        }
    }

    @Test
    void shouldGoOnWhenThereIsRoomForTheNextChannelAgain() throws IOException
    {
        // There is room for one, and not for another.
        final Path ballast = leaveFree(Files.size(file(from, 1)) * 3 / 2);
        final ReplicationTarget target = target(Duration.ofMillis(20));
        Hosts.runUntil(() -> events.errors().size() == 3, source, target);

        assertNotEnoughSpace(file(disk, 2));
        assertEquals(0, target.ordinal());
        assertFalse(Files.exists(file(disk, 2)));
        try (SeriesReader reader = SeriesReader.open(disk, NAME))
        {
            assertEquals(target.recordCount(), readAll(reader));

            Files.delete(ballast);
            Hosts.runUntil(() -> readAll(reader) == RECORDS, source, target);
        }
        assertEquals(0, events.lost(), events.toString());
        assertEquals(0, events.discontinuities());
        assertEquals(0, events.refusals().size(), events.toString());
        Hosts.runUntil(() -> events.completed().size() == target.ordinal() + 1, source, target);
        for (long id = 1; id <= target.ordinal() + 1; id++)
        {
            Areas.assertSame(file(from, id), file(disk, id));
        }
    }

    @Test
    void shouldBeginWhenThereIsRoomForTheFirstChannel() throws IOException
    {
        final Path ballast = leaveFree(32 * 1024);
        final ReplicationTarget target = target(Duration.ofMillis(20));
        Hosts.runUntil(() -> events.errors().size() == 2, source, target);
        assertNotEnoughSpace(file(disk, 1));
        assertEquals(-1, target.ordinal());

        Files.delete(ballast);
        Hosts.runUntil(() -> events.completed().size() == 4, source, target);
        assertEquals(List.of(0L, 1L, 2L, 3L), events.completed());
        Areas.assertSame(file(from, 4), file(disk, 4));
    }

    @Test
    void shouldTryLessAndLessOftenAndKeepConnectionWhenThereIsNoRoom() throws IOException
    {
        leaveFree(32 * 1024);
        assertTriesLessAndLessOften(-1);
    }

    @Test
    void shouldTryLessAndLessOftenAndKeepConnectionWhenThereIsRoomForOneChannelOnly() throws IOException
    {
        leaveFree(Files.size(file(from, 1)) * 3 / 2);
        assertTriesLessAndLessOften(0);
    }

    private void assertTriesLessAndLessOften(final long ordinal)
    {
        final ReplicationTarget target = target(Duration.ofMinutes(1));
        final long startNs = System.nanoTime();
        Hosts.runUntil(() -> events.errors().size() == 7, source, target);

        // 20, 40, 80, 160, 320 and 640 ms.
        assertTrue(System.nanoTime() - startNs >= Duration.ofMillis(1_260).toNanos());
        assertEquals(ordinal, target.ordinal());
        assertTrue(target.isConnected());
        assertEquals(0, events.lost(), events.toString());
    }

    private ReplicationTarget target(final Duration maxRetryInterval)
    {
        return hosts.closing(hosts.target(disk, hosts.driver())
            .series(NAME)
            .maxRetryInterval(maxRetryInterval)
            .listener(events)
            .build());
    }

    private void assertNotEnoughSpace(final Path file)
    {
        for (final Throwable error : events.errors())
        {
            assertEquals(NotEnoughSpaceException.class, error.getClass(), error.toString());
            assertTrue(error.getMessage().contains("file=" + file), error.getMessage());
            assertTrue(error.getMessage().contains("Free some"), error.getMessage());
        }
    }

    private long readAll(final SeriesReader reader)
    {
        while (reader.next())
        {
            assertEquals(read, reader.buffer().getLong(reader.offset()));
            read++;
        }

        return read;
    }

    /**
     * Take all of the disk but some bytes.
     *
     * @return the file that takes it.
     */
    private Path leaveFree(final long length) throws IOException
    {
        final long usable = Files.getFileStore(disk).getUsableSpace();

        return Files.write(disk.resolve("ballast"), new byte[(int)(usable - length)]);
    }

    private static Path file(final Path root, final long id)
    {
        return ChannelPath.file(root.resolve(NAME), id);
    }

    private static boolean run(final String... command) throws InterruptedException
    {
        try
        {
            return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        }
        catch (final IOException ex)
        {
            // There is no such command.
            return false;
        }
    }
}
