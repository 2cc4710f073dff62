package io.kekbit.core;

import io.kekbit.core.exceptions.ReaderClosedException;
import io.kekbit.core.handlers.SequenceHandler;
import org.agrona.concurrent.ControlledMessageHandler.Action;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Who reads numbered records is told of the numbers that are missing.
 */
@Tag("damage")
class SequenceGapTest
{
    private static final int ALIGNED_LENGTH = 24;
    private static final int FIRST_POSITION = 8;

    @TempDir
    private Path root;
    private final List<String> gaps = new ArrayList<>();

    @Test
    void shouldTellNothingWhenEveryRecordIsThere()
    {
        write(5);

        try (ShmReader reader = open())
        {
            assertEquals(5, TestChannels.readAll(reader).size());
        }
        assertEquals(List.of(), gaps);
    }

    @Test
    void shouldTellOnceBeforeTheRecordWhenThoseBeforeItAreLost() throws IOException
    {
        write(5);
        lose(1);
        lose(2);

        try (ShmReader reader = open())
        {
            final List<Long> seen = new ArrayList<>();
            reader.read((buffer, offset, length, position, next) ->
            {
                if (reader.sequence() == 4)
                {
                    assertEquals(List.of("2..4@" + position(3)), gaps);
                }
                seen.add(reader.sequence());
            }, 100);

            assertEquals(List.of(1L, 4L, 5L), seen);
        }
        assertEquals(List.of("2..4@" + position(3)), gaps);
    }

    @Test
    void shouldTellWhenGoingFromRecordToRecord() throws IOException
    {
        write(3);
        lose(1);

        try (ShmReader reader = open())
        {
            assertEquals(2, TestChannels.readAll(reader).size());
        }
        assertEquals(List.of("2..3@" + position(2)), gaps);
    }

    @Test
    void shouldTellOnceWhenRecordBehindGapIsAborted() throws IOException
    {
        write(3);
        lose(1);

        try (ShmReader reader = open())
        {
            assertEquals(1, reader.controlledRead(
                (buffer, offset, length, position, next) ->
                    reader.sequence() == 3 ? Action.ABORT : Action.CONTINUE,
                100));
            assertEquals(1, reader.controlledRead((buffer, offset, length, position, next) -> Action.CONTINUE, 100));
        }
        assertEquals(List.of("2..3@" + position(2)), gaps);
    }

    @Test
    void shouldRefuseListenerThatMovesTheReaderAndGoOn() throws IOException
    {
        write(3);
        lose(1);
        final ShmReader[] readers = new ShmReader[1];

        try (ShmReader reader = ShmReader.builder(root, TestChannels.CHANNEL_ID)
            .gapListener((expected, actual, position) -> readers[0].moveToEnd())
            .open())
        {
            readers[0] = reader;
            assertTrue(reader.next());
            assertThrows(IllegalStateException.class, reader::next);

            assertTrue(reader.next());
            assertEquals(3, reader.sequence());
            assertEquals(position(2), reader.recordPosition());
        }
    }

    @Test
    void shouldStopWhenListenerClosesTheReader() throws IOException
    {
        write(3);
        lose(1);
        final ShmReader[] readers = new ShmReader[1];

        try (ShmReader reader = ShmReader.builder(root, TestChannels.CHANNEL_ID)
            .gapListener((expected, actual, position) -> readers[0].close())
            .open())
        {
            readers[0] = reader;
            assertTrue(reader.next());
            assertFalse(reader.next());
            assertThrows(ReaderClosedException.class, reader::next);
        }
    }

    @Test
    void shouldTakeFirstRecordAsItComesWhenMoved()
    {
        write(4);

        try (ShmReader reader = open())
        {
            assertTrue(reader.next());
            reader.moveTo(position(2));
            assertTrue(reader.next());
            assertEquals(3, reader.sequence());
            reader.moveTo(0);
            assertTrue(reader.next());
            assertEquals(1, reader.sequence());
        }
        assertEquals(List.of(), gaps);
    }

    private ShmReader open()
    {
        return ShmReader.builder(root, TestChannels.CHANNEL_ID)
            .gapListener((expected, actual, position) -> gaps.add(expected + ".." + actual + "@" + position))
            .open();
    }

    private void write(final int count)
    {
        try (EnvelopeWriter<RawBinDataFormat> writer = EnvelopeWriter.create(
            ShmWriter.builder(root, TestChannels.smallHeader().build(), RawBinDataFormat.INSTANCE),
            new SequenceHandler()))
        {
            for (int i = 0; i < count; i++)
            {
                writer.write(TestChannels.bytes(8), 0, 8);
            }
        }
    }

    /**
     * Let a record be heartbeats, as a lost page makes it.
     */
    private void lose(final int index) throws IOException
    {
        TestChannels.putHeartbeats(TestChannels.file(root), position(index), ALIGNED_LENGTH);
    }

    private static int position(final int index)
    {
        return FIRST_POSITION + index * ALIGNED_LENGTH;
    }
}
