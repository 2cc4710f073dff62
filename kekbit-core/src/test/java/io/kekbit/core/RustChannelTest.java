package io.kekbit.core;

import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.layout.HeaderDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/**
 * Files that the Rust crate wrote, and a file written here against one of them.
 */
class RustChannelTest
{
    private static final int FIXTURES = 5;

    @TempDir
    private Path root;

    @BeforeEach
    void copyFixtures() throws IOException
    {
        for (int id = 1; id <= FIXTURES; id++)
        {
            final Path file = ChannelPath.file(root, id);
            Files.createDirectories(file.getParent());
            try (InputStream fixture =
                getClass().getResourceAsStream("/channels/rust/" + ChannelPath.relative(id)))
            {
                Files.copy(fixture, file);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 25, CLOSED, 1040",
        "2, 25, OPEN, 1040",
        "3, 25, CLOSED, 1016",
        "4, 213, FULL, 15512",
        "5, 40, CLOSED, 1672"})
    void shouldReadEveryRecordWhenCrateWroteChannel(
        final long channelId, final int expectedRecords, final ReaderState expectedState, final long expectedPosition)
    {
        try (ShmReader reader = ShmReader.open(root, channelId))
        {
            final List<byte[]> records = TestChannels.readAll(reader);

            assertEquals(expectedRecords, records.size());
            for (int i = 0; i < records.size(); i++)
            {
                final int length = channelId == 4 ? 64 : TestChannels.fixtureLength(i);
                assertArrayEquals(TestChannels.fixtureRecord(i, length), records.get(i), "record " + i);
            }
            assertEquals(expectedState, reader.state());
            assertEquals(expectedPosition, reader.position());
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 16384, 112", "2, 16384, 112", "3, 16384, 112", "4, 16384, 112", "5, 200000, 1512"})
    void shouldReadHeaderWhenCrateWroteChannel(
        final long channelId, final int expectedCapacity, final int expectedMaxRecordLength)
    {
        try (ShmReader reader = ShmReader.open(root, channelId))
        {
            final Header header = reader.header();

            assertEquals(1850, header.writerId());
            assertEquals(channelId, header.channelId());
            assertEquals(expectedCapacity, header.capacity());
            assertEquals(expectedMaxRecordLength, header.maxMessageLength());
            assertEquals(TestChannels.TIMEOUT_NS, header.timeout());
            assertEquals(TickUnit.NANOS, header.tickUnit());
            assertFalse(reader.extension().isPresent());
        }
    }

    @Test
    void shouldAcceptAnyFormatWhenCrateDoesNotTellIt()
    {
        try (ShmReader reader = ShmReader.open(root, 1, PlainTextDataFormat.INSTANCE))
        {
            assertEquals(25, TestChannels.readAll(reader).size());
        }
    }

    @Test
    void shouldWriteTheSameBytesAsCrateWhenGivenTheSameInput(@TempDir final Path otherRoot) throws IOException
    {
        final byte[] expected = Files.readAllBytes(ChannelPath.file(root, 1));
        try (ShmWriter<RawBinDataFormat> writer = TestChannels.createSmall(otherRoot))
        {
            for (int i = 0; i < 25; i++)
            {
                final int length = TestChannels.fixtureLength(i);
                writer.write(new UnsafeBuffer(TestChannels.fixtureRecord(i, length)), 0, length);
                if (i == 9 || i == 19)
                {
                    writer.heartbeat();
                }
            }
        }
        final byte[] actual = Files.readAllBytes(ChannelPath.file(otherRoot, 1));

        // The creation time differs; the crate's file ends before its record area does.
        Arrays.fill(expected, HeaderDescriptor.CREATION_TIME_OFFSET, HeaderDescriptor.TICK_UNIT_OFFSET, (byte)0);
        Arrays.fill(actual, HeaderDescriptor.CREATION_TIME_OFFSET, HeaderDescriptor.TICK_UNIT_OFFSET, (byte)0);
        assertArrayEquals(
            Arrays.copyOf(expected, HeaderDescriptor.LENGTH), Arrays.copyOf(actual, HeaderDescriptor.LENGTH));
        final int from = RecordDescriptor.RECORD_AREA_OFFSET;
        assertArrayEquals(
            Arrays.copyOfRange(expected, from, expected.length), Arrays.copyOfRange(actual, from, expected.length));
    }
}
