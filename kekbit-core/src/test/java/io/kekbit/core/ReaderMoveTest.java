package io.kekbit.core;

import io.kekbit.core.exceptions.ReaderClosedException;
import io.kekbit.core.layout.ExtensionDescriptor;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Going to a record by its number and by time. The channel has records of varying length, each with its number, and
 * heartbeats in between; its clock moves one tick with each record.
 */
class ReaderMoveTest
{
    private static final int RECORDS = 10_000;
    private static final int FIRST_TIME = 1_000_000;
    private static final Header HEADER = Header.builder()
        .channelId(TestChannels.CHANNEL_ID).capacity(1 << 20).maxMessageLength(1024).creationTime(1).build();

    @TempDir
    private Path root;
    private final long[] now = {FIRST_TIME};
    private final UnsafeBuffer content = new UnsafeBuffer(new byte[128]);
    private ShmWriter<RawBinDataFormat> writer;
    private ShmReader reader;

    @BeforeEach
    void create()
    {
        writer = ShmWriter.builder(root, HEADER, RawBinDataFormat.INSTANCE).clock(() -> now[0]).create();
        for (int i = 0; i < RECORDS; i++)
        {
            if (i % 7 == 0)
            {
                writer.heartbeat();
            }
            now[0] = FIRST_TIME + i;
            content.putLong(0, i);
            writer.write(content, 0, 8 + i % 100);
        }
        reader = ShmReader.open(root, TestChannels.CHANNEL_ID);
    }

    @AfterEach
    void close()
    {
        reader.close();
        writer.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 6, 7, 700, 1_023, 5_000, RECORDS - 1})
    void shouldReadRecordNextWhenSoughtByItsNumber(final long number)
    {
        assertTrue(reader.seekToRecord(number));

        assertEquals(number, nextNumber());
    }

    @Test
    void shouldGoBackWhenNumberIsLess()
    {
        reader.moveToEnd();

        assertTrue(reader.seekToRecord(3));

        assertEquals(3, nextNumber());
    }

    @Test
    void shouldStayWhenNumberIsNotWrittenYet()
    {
        reader.seekToRecord(5);
        final long position = reader.position();

        assertFalse(reader.seekToRecord(RECORDS));
        assertFalse(reader.seekToRecord(Long.MAX_VALUE));

        assertEquals(position, reader.position());
    }

    @Test
    void shouldRefuseNumberWhenNegative()
    {
        assertThrows(IllegalArgumentException.class, () -> reader.seekToRecord(-1));
    }

    @Test
    void shouldFindRecordWhenIndexSaysNothing() throws IOException
    {
        TestChannels.putLong(writer.file(), ExtensionDescriptor.INDEX_COUNT_OFFSET, 0);

        assertTrue(reader.seekToRecord(9_000));

        assertEquals(9_000, nextNumber());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 999, 5_000, 9_999})
    void shouldMissNoRecordOfATimeWhenItIsSought(final int number)
    {
        reader.seekToTime(FIRST_TIME + number);

        final long first = nextNumber();
        assertTrue(first <= number, "first=" + first);
    }

    @Test
    void shouldBeginNearARecordWhenItsTimeIsSought()
    {
        reader.seekToTime(FIRST_TIME + 9_000);
        final long from = reader.position();
        assertTrue(reader.seekToRecord(9_000));

        assertTrue(from > 0);
        assertTrue(reader.position() - from <= 2 << 16, "distance=" + (reader.position() - from));
    }

    @Test
    void shouldGoToStartWhenTimeIsBeforeTheChannel()
    {
        reader.moveToEnd();

        reader.seekToTime(Long.MIN_VALUE);

        assertEquals(0, reader.position());
    }

    @Test
    void shouldGoToLastEntryWhenTimeIsToCome()
    {
        reader.seekToTime(Long.MAX_VALUE);

        final long first = nextNumber();
        assertTrue(first > RECORDS / 2 && first < RECORDS, "first=" + first);
    }

    @Test
    void shouldThrowWhenMovedAfterClosing()
    {
        reader.close();

        assertThrows(ReaderClosedException.class, () -> reader.seekToRecord(0));
        assertThrows(ReaderClosedException.class, () -> reader.seekToTime(0));
    }

    private long nextNumber()
    {
        assertTrue(reader.next());

        return reader.buffer().getLong(reader.offset());
    }
}
