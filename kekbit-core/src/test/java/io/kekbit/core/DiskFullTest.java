package io.kekbit.core;

import io.kekbit.core.exceptions.NotEnoughSpaceException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A file system of one MiB, really full. Only root may mount one; for others these tests are skipped, and say so.
 */
class DiskFullTest
{
    private static final int SIZE = 1024 * 1024;

    @TempDir
    private Path mountPoint;
    private boolean isMounted;

    @BeforeEach
    void mount() throws IOException, InterruptedException
    {
        isMounted = run("mount", "-t", "tmpfs", "-o", "size=" + SIZE, "tmpfs", mountPoint.toString());
        Assumptions.assumeTrue(isMounted, "mounting a file system takes root: the full disk was not tried");
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException
    {
        if (isMounted)
        {
            assertTrue(run("umount", "-l", mountPoint.toString()));
        }
    }

    @Test
    void shouldRefuseAndLeaveNothingWhenChannelDoesNotFit() throws IOException
    {
        final NotEnoughSpaceException ex = assertThrows(NotEnoughSpaceException.class, () -> create(2 * SIZE));

        assertTrue(ex.required() > 2 * SIZE, ex.getMessage());
        assertTrue(ex.available() <= SIZE, ex.getMessage());
        assertEquals(List.of(), TestChannels.filesBelow(mountPoint));
    }

    @Test
    void shouldRefuseAndLeaveNothingWhenFileSystemPromisesMoreThanItHas() throws IOException
    {
        final ChannelFiles promising = new ChannelFiles()
        {
            private boolean isFirst = true;

            @Override
            long usableSpace(final Path folder) throws IOException
            {
                final long usable = isFirst ? Long.MAX_VALUE : super.usableSpace(folder);
                isFirst = false;

                return usable;
            }
        };

        final NotEnoughSpaceException ex = assertThrows(
            NotEnoughSpaceException.class,
            () -> ShmWriter.builder(mountPoint, header(2 * SIZE), RawBinDataFormat.INSTANCE).files(promising).create());

        assertTrue(ex.getCause().getMessage().contains("No space left"), ex.getMessage());
        assertTrue(ex.available() > 0 && ex.available() <= SIZE, ex.getMessage());
        assertEquals(List.of(), TestChannels.filesBelow(mountPoint));
    }

    @Test
    void shouldFillChannelToItsLastByteWhenDiskIsFull() throws IOException
    {
        try (ShmWriter<RawBinDataFormat> writer = create(SIZE / 2))
        {
            assertThrows(IOException.class, () -> Files.write(mountPoint.resolve("rest"), new byte[SIZE]));
            TestChannels.fillWithLongest(writer);
            while (writer.available() > 0)
            {
                writer.heartbeat();
            }
        }

        try (ShmReader reader = ShmReader.open(mountPoint, TestChannels.CHANNEL_ID))
        {
            for (final byte[] record : TestChannels.readAll(reader))
            {
                assertEquals(reader.header().maxMessageLength(), record.length);
            }
            assertEquals(ReaderState.CLOSED, reader.state());
            assertEquals(SIZE / 2 - 16, reader.position());
        }
    }

    private ShmWriter<RawBinDataFormat> create(final int capacity)
    {
        return ShmWriter.create(mountPoint, header(capacity), RawBinDataFormat.INSTANCE);
    }

    private static Header header(final int capacity)
    {
        return Header.builder().channelId(TestChannels.CHANNEL_ID).capacity(capacity).maxMessageLength(1000).build();
    }

    private static boolean run(final String... command) throws IOException, InterruptedException
    {
        try
        {
            return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        }
        catch (final IOException ex)
        {
            return false;
        }
    }
}
