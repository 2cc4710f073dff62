package io.kekbit.core;

import io.kekbit.core.exceptions.NotEnoughSpaceException;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * File systems that are really full. A channel either is not made, or can be filled to its last byte.
 */
@Tag("disk-full")
class DiskFullTest
{
    private static final int RECORD_LENGTH = 504;
    private static final int SPACE_OF_FOLDERS = 64 * 1024;

    private static int refused;
    private static int channelsFilled;
    private static int leftBehind;

    @TempDir
    private Path folder;

    @AfterAll
    static void printEvidence()
    {
        if (!SmallDisk.mounted().isEmpty())
        {
            Evidence.print(
                "disk full",
                "fileSystems",
                SmallDisk.mounted().stream().map((kind) -> kind.name().toLowerCase()).collect(Collectors.joining(",")),
                "refused", refused,
                "channelsFilled", channelsFilled,
                "leftBehind", leftBehind);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseAndLeaveNothingWhenChannelDoesNotFit(final SmallDisk.Kind kind) throws IOException
    {
        try (SmallDisk disk = SmallDisk.mount(kind, folder))
        {
            final long usableBefore = disk.usable();
            final int capacity = (int)usableBefore / 8 * 8;
            final NotEnoughSpaceException ex =
                assertThrows(NotEnoughSpaceException.class, () -> create(disk.root(), 1, capacity));

            create(folder, 1, capacity).close();
            assertEquals(Files.size(TestChannels.file(folder)), ex.required());
            assertTakesNoSpace(disk, usableBefore);
            assertEquals(disk.usable(), ex.available());
            assertTrue(
                ex.getMessage().contains("required=" + ex.required() + " available=" + ex.available()),
                ex.getMessage());
            assertLeavesNothingBut(disk, List.of());
        }
    }

    /**
     * The space goes to somebody else between the question for it and the last byte; without hard links while the file
     * is made for the second time.
     */
    @ParameterizedTest
    @CsvSource({"TMPFS, true", "TMPFS, false", "EXT4, true", "EXT4, false"})
    void shouldRefuseAndLeaveNothingWhenFileSystemPromisesMoreThanItHas(
        final SmallDisk.Kind kind, final boolean hasHardLinks) throws IOException
    {
        try (SmallDisk disk = SmallDisk.mount(kind, folder))
        {
            final long usableBefore = disk.usable();
            final Path taken = Files.write(disk.root().resolve("taken"), new byte[(int)disk.usable() / 2]);
            final List<Path> others = new ArrayList<>(List.of(taken));
            final int capacity = (int)disk.usable() / (hasHardLinks ? 1 : 2);
            final ChannelFiles promising = new ChannelFiles()
            {
                private int questions;

                @Override
                long usableSpace(final Path asked) throws IOException
                {
                    final boolean isPromise = ++questions == (hasHardLinks ? 1 : 2);
                    return isPromise ? Long.MAX_VALUE : super.usableSpace(asked);
                }

                @Override
                void link(final Path newName, final Path file) throws IOException
                {
                    others.add(disk.fillUp());
                    throw new FileSystemException(newName.toString(), file.toString(), "Operation not permitted");
                }
            };

            final NotEnoughSpaceException ex = assertThrows(
                NotEnoughSpaceException.class,
                () -> builder(disk.root(), 1, capacity).files(promising).create());

            assertEquals(hasHardLinks ? 1 : 2, others.size());
            assertTrue(ex.getCause().getMessage().contains("No space left"), ex.getMessage());
            assertTrue(ex.available() > 0 && ex.available() <= ex.required(), ex.getMessage());
            assertLeavesNothingBut(disk, others);
            for (final Path other : others)
            {
                Files.delete(other);
            }
            assertTakesNoSpace(disk, usableBefore);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldFillChannelToItsLastByteWhenDiskIsFull(final SmallDisk.Kind kind) throws IOException
    {
        try (SmallDisk disk = SmallDisk.mount(kind, folder))
        {
            final int capacity = (int)disk.usable() / 16 * 8;
            try (ShmWriter<RawBinDataFormat> writer = create(disk.root(), 1, capacity))
            {
                disk.fillUp();
                fillToTheEnd(writer, 1);
            }

            assertHoldsOnlyItsOwn(disk.root(), 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldDoAllThatAWriterDoesWhenDiskIsFull(final SmallDisk.Kind kind) throws IOException
    {
        try (SmallDisk disk = SmallDisk.mount(kind, folder))
        {
            final ShmWriter<RawBinDataFormat> dying = create(disk.root(), 1, 64 * 1024);
            dying.write(record(1), 0, 8);
            disk.fillUp();
            dying.abandon();

            try (ShmWriter<RawBinDataFormat> writer =
                ShmWriter.resume(disk.root(), 1, RawBinDataFormat.INSTANCE))
            {
                writer.heartbeat();
                writer.write(record(1), 0, 8);
                writer.flush();
                writer.claim(8);
                writer.abort();
                writer.write(record(1), 0, 8);
            }

            try (ShmReader reader = ShmReader.open(disk.root(), 1))
            {
                assertEquals(3, TestChannels.readAll(reader).size());
                assertSame(ReaderState.CLOSED, reader.state());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldFillEveryChannelThatWasMadeWhenTheyTakeTheWholeDisk(final SmallDisk.Kind kind) throws IOException
    {
        try (SmallDisk disk = SmallDisk.mount(kind, folder))
        {
            final int capacity = (int)disk.usable() / 96 * 8;
            final List<ShmWriter<RawBinDataFormat>> writers = new ArrayList<>();
            try
            {
                assertThrows(NotEnoughSpaceException.class, () ->
                {
                    while (true)
                    {
                        writers.add(create(disk.root(), writers.size() + 1, capacity));
                    }
                });
                final List<Path> expected = new ArrayList<>();
                for (int id = 1; id <= writers.size(); id++)
                {
                    final Path file = writers.get(id - 1).file();
                    expected.add(file);
                    expected.add(file.resolveSibling(file.getFileName().toString().replace(".kekbit", ".writer")));
                }
                assertLeavesNothingBut(disk, expected);
                disk.fillUp();
                for (int i = 0; i < writers.size(); i++)
                {
                    fillToTheEnd(writers.get(i), i + 1);
                }
            }
            finally
            {
                writers.forEach(ShmWriter::close);
            }

            assertTrue(writers.size() > 5, "channels: " + writers.size());
            for (int id = 1; id <= writers.size(); id++)
            {
                assertHoldsOnlyItsOwn(disk.root(), id);
            }

            Files.delete(writers.get(2).file());
            // A little less than that, since where its pieces lie takes room, too.
            create(disk.root(), 3, capacity - 4096).close();
        }
    }

    private static void fillToTheEnd(final ShmWriter<RawBinDataFormat> writer, final int id)
    {
        final UnsafeBuffer record = record(id);
        while (writer.tryWrite(record, 0, RECORD_LENGTH) > 0)
        {
            continue;
        }
        while (writer.available() > 0)
        {
            writer.heartbeat();
        }
        channelsFilled++;
    }

    private static void assertHoldsOnlyItsOwn(final Path root, final int id)
    {
        try (ShmReader reader = ShmReader.open(root, id))
        {
            final byte[] expected = record(id).byteArray();
            final List<byte[]> records = TestChannels.readAll(reader);
            for (final byte[] record : records)
            {
                assertArrayEquals(expected, record, "channel " + id);
            }
            assertEquals((reader.header().capacity() - 24) / (RECORD_LENGTH + 8), records.size());
            assertSame(ReaderState.CLOSED, reader.state());
            assertEquals(reader.header().capacity() - 16, reader.position());
        }
    }

    private static void assertLeavesNothingBut(final SmallDisk disk, final List<Path> expected) throws IOException
    {
        refused++;
        final List<Path> left = new ArrayList<>(TestChannels.filesBelow(disk.root()));
        left.removeAll(expected);
        leftBehind += left.size();
        assertEquals(List.of(), left);
    }

    /**
     * Not even by a file that has lost its name and is still open or mapped; folders stay, and take a little.
     */
    private static void assertTakesNoSpace(final SmallDisk disk, final long usableBefore) throws IOException
    {
        final long taken = usableBefore - disk.usable();
        assertTrue(taken < SPACE_OF_FOLDERS, "taken by what was refused: " + taken);
    }

    private static UnsafeBuffer record(final int id)
    {
        return new UnsafeBuffer(TestChannels.fixtureRecord(id, RECORD_LENGTH));
    }

    private static ShmWriter<RawBinDataFormat> create(final Path root, final int id, final int capacity)
    {
        return builder(root, id, capacity).create();
    }

    private static ShmWriterBuilder<RawBinDataFormat> builder(final Path root, final int id, final int capacity)
    {
        final Header header = Header.builder().channelId(id).capacity(capacity).maxMessageLength(8).build();
        final int longest = Math.min(RECORD_LENGTH, header.capacity() / 128 - 16);

        return ShmWriter.builder(
            root,
            Header.builder().channelId(id).capacity(capacity).maxMessageLength(longest).build(),
            RawBinDataFormat.INSTANCE);
    }
}
