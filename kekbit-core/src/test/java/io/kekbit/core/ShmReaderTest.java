package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.ChannelExistsException;
import io.kekbit.core.exceptions.InvalidPositionException;
import io.kekbit.core.exceptions.ReaderClosedException;
import io.kekbit.core.exceptions.UnavailablePositionException;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ShmReaderTest
{
    private static final int NO_LIMIT = Integer.MAX_VALUE;

    @TempDir
    private Path root;
    private final CachedNanoClock clock = new CachedNanoClock();
    private final List<String> seen = new ArrayList<>();
    private final RecordHandler noting = (buffer, offset, length, position, nextPosition) ->
        seen.add(length + "@" + position + "-" + nextPosition);
    private ShmWriter<RawBinDataFormat> writer;
    private ShmReader reader;

    @BeforeEach
    void open()
    {
        writer = TestChannels.createSmall(root);
        reader = ShmReader.builder(root, TestChannels.CHANNEL_ID).clock(clock).open();
    }

    @AfterEach
    void close()
    {
        reader.close();
        writer.close();
    }

    @Test
    void shouldHandOverRecordsWithPositionsWhenRead()
    {
        write(1);
        write(9);

        assertEquals(2, reader.read(noting, NO_LIMIT));
        assertEquals(List.of("1@8-24", "9@24-48"), seen);
        assertEquals(48, reader.position());
    }

    @Test
    void shouldHandOverContentWhenRead()
    {
        write(61);
        reader.read(
            (buffer, offset, length, position, nextPosition) ->
            {
                final byte[] content = new byte[length];
                buffer.getBytes(offset, content);
                assertArrayEquals(TestChannels.fixtureRecord(61, 61), content);
                seen.add("checked");
            },
            NO_LIMIT);

        assertEquals(List.of("checked"), seen);
    }

    @Test
    void shouldAnswerZeroWhenNothingIsWritten()
    {
        assertEquals(0, reader.read(noting, NO_LIMIT));
        assertEquals(ReaderState.OPEN, reader.state());
        assertEquals(8, reader.position());
    }

    @Test
    void shouldSeeRecordsAsTheyAreWrittenWhenPolled()
    {
        for (int i = 1; i <= 20; i++)
        {
            write(i);
            assertEquals(1, reader.read(noting, NO_LIMIT));
            assertEquals(0, reader.read(noting, NO_LIMIT));
        }
        assertEquals(20, seen.size());
    }

    @Test
    void shouldLoadEveryWordOnceWhenRead() throws IOException
    {
        write(1);
        write(9);
        final List<Integer> loads = new ArrayList<>();
        final ChannelOpener.Opened opened =
            new ChannelOpener(ChannelFiles.SYSTEM, root, TestChannels.CHANNEL_ID).open(null);
        opened.mapping().unmap();
        final ChannelMapping noted = ChannelMapping.readOnly(
            new LoadNotingFiles(loads),
            writer.file(),
            RecordDescriptor.wholeFileLength(TestChannels.SMALL_CAPACITY),
            0,
            0);

        try (ShmReader other = new ShmReader(
            new ChannelOpener.Opened(opened.header(), opened.extension(), opened.schema(), noted),
            clock,
            false,
            null))
        {
            loads.clear();
            assertEquals(2, other.read(noting, NO_LIMIT));
        }
        assertEquals(List.of(1024, 1032, 1048, 1072), loads);
    }

    @Test
    void shouldStopAtLimitWhenMoreIsThere()
    {
        reader.read(noting, 1);
        for (int i = 0; i < 5; i++)
        {
            write(1);
        }

        assertEquals(2, reader.read(noting, 2));
        assertEquals(3, reader.read(noting, 10));
    }

    @Test
    void shouldCountHeartbeatsAgainstLimitWhenRead()
    {
        writer.heartbeat();
        write(1);

        assertEquals(0, reader.read(noting, 2));
        assertEquals(16, reader.position());
        assertEquals(1, reader.read(noting, 2));
    }

    @Test
    void shouldCountRecordAsReadWhenHandlerThrows()
    {
        write(1);
        write(2);
        assertThrows(IllegalStateException.class, () -> reader.read(
            (buffer, offset, length, position, nextPosition) ->
            {
                throw new IllegalStateException("handler");
            },
            NO_LIMIT));

        assertEquals(24, reader.position());
        assertEquals(1, reader.read(noting, NO_LIMIT));
        assertEquals(List.of("2@24-40"), seen);
    }

    @Test
    void shouldStepOverHeartbeatsWhenGoingToNext()
    {
        writer.heartbeat();
        write(3);
        writer.heartbeat();
        write(4);

        assertTrue(reader.next());
        assertEquals(3, reader.length());
        assertEquals(16, reader.recordPosition());
        assertEquals(32, reader.position());
        assertTrue(reader.next());
        assertEquals(4, reader.length());
        assertFalse(reader.next());
        assertEquals(4, reader.length());
        assertEquals(40, reader.recordPosition());
        assertEquals(TestChannels.fixtureRecord(4, 4)[3], reader.buffer().getByte(reader.offset() + 3));
    }

    @Test
    void shouldHaveNoLengthWhenNextWasNeverCalled()
    {
        assertEquals(0, reader.length());
    }

    @Test
    void shouldBeClosedWhenWriterClosed()
    {
        write(1);
        writer.close();

        assertEquals(ReaderState.OPEN, reader.state());
        assertEquals(1, reader.read(noting, NO_LIMIT));
        assertEquals(ReaderState.CLOSED, reader.state());
        assertTrue(reader.state().isFinal());
        assertEquals(0, reader.read(noting, NO_LIMIT));
        assertFalse(reader.next());
    }

    @Test
    void shouldBeFullWhenNoFurtherRecordFits()
    {
        TestChannels.fillWithLongest(writer);
        final int longest = (int)writer.available() - 8;
        write(longest);
        reader.read(noting, NO_LIMIT);

        assertEquals(ReaderState.FULL, reader.state());
        assertFalse(reader.state().isFinal());
        writer.close();
        assertEquals(0, reader.read(noting, NO_LIMIT));
        assertEquals(ReaderState.CLOSED, reader.state());
    }

    @ParameterizedTest
    @CsvSource({"16, OPEN", "8, FULL"})
    void shouldBeFullOnlyWhenLessThanShortestRecordIsLeft(final long left, final ReaderState expected)
    {
        TestChannels.fillWithLongest(writer);
        while (writer.available() > left)
        {
            writer.heartbeat();
        }
        reader.read(noting, NO_LIMIT);

        assertEquals(expected, reader.state());
    }

    @Test
    void shouldTimeOutWhenWriterIsSilentForLongerThanTimeout()
    {
        reader.read(noting, NO_LIMIT);
        assertEquals(ReaderState.OPEN, reader.state());
        clock.advance(TestChannels.TIMEOUT_NS);
        assertEquals(ReaderState.OPEN, reader.state());
        clock.advance(1);

        assertEquals(ReaderState.TIMED_OUT, reader.state());
        assertFalse(reader.state().isFinal());
    }

    @Test
    void shouldRecoverFromTimeoutWhenWriterGivesSignOfLife()
    {
        reader.read(noting, NO_LIMIT);
        reader.state();
        clock.advance(TestChannels.TIMEOUT_NS + 1);
        assertEquals(ReaderState.TIMED_OUT, reader.state());

        writer.heartbeat();
        assertEquals(ReaderState.OPEN, reader.state());
        reader.read(noting, NO_LIMIT);
        assertEquals(ReaderState.OPEN, reader.state());
        clock.advance(TestChannels.TIMEOUT_NS);
        assertEquals(ReaderState.OPEN, reader.state());
    }

    @Test
    void shouldNotTimeOutWhenRecordWaitsToBeRead()
    {
        write(1);
        clock.advance(10 * TestChannels.TIMEOUT_NS);

        assertEquals(ReaderState.OPEN, reader.state());
    }

    @ParameterizedTest
    @ValueSource(longs = {113, 1L << 31, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE, -2, -8, 0xFFFF_FFFF_1111_1112L})
    void shouldBeCorruptWhenLengthWordIsImpossible(final long word) throws IOException
    {
        write(1);
        TestChannels.putLengthWord(writer.file(), 24, word);

        assertEquals(1, reader.read(noting, NO_LIMIT));
        assertEquals(ReaderState.CORRUPT, reader.state());
        assertEquals(24, reader.position());
        assertFalse(reader.next());
    }

    @Test
    void shouldStayCorruptWhenWordBecomesPossibleLater() throws IOException
    {
        TestChannels.putLengthWord(writer.file(), 8, 113);
        reader.read(noting, NO_LIMIT);
        TestChannels.putLengthWord(writer.file(), 8, 8);

        assertEquals(0, reader.read(noting, NO_LIMIT));
        assertEquals(ReaderState.CORRUPT, reader.state());
    }

    @ParameterizedTest
    @ValueSource(strings = {"read", "next", "moveTo", "state"})
    void shouldBeCorruptWhenRecordReachesBeyondCapacity(final String first) throws IOException
    {
        final int lastWord = toEndOfChannel();
        TestChannels.putLengthWord(writer.file(), lastWord, 1);
        reader.moveTo(lastWord);

        switch (first)
        {
            case "read" -> assertEquals(0, reader.read(noting, NO_LIMIT));
            case "next" -> assertFalse(reader.next());
            case "moveTo" -> assertThrows(UnavailablePositionException.class, () -> reader.moveTo(lastWord + 16));
            default -> assertEquals(ReaderState.CORRUPT, reader.state());
        }
        assertEquals(lastWord, reader.position());
        assertEquals(ReaderState.CORRUPT, reader.state());
    }

    @Test
    void shouldAgreeWithReadingWhenStateIsAskedInFooter() throws IOException
    {
        toEndOfChannel();
        TestChannels.putLengthWord(writer.file(), TestChannels.SMALL_CAPACITY - 16, 8);
        assertEquals(1, reader.read(noting, 1));
        assertEquals(TestChannels.SMALL_CAPACITY, reader.position());

        assertEquals(ReaderState.OPEN, reader.state());
        assertEquals(0, reader.read(noting, NO_LIMIT));
        assertEquals(ReaderState.FULL, reader.state());
    }

    @Test
    void shouldReadRecordWhenItEndsExactlyAtCapacity() throws IOException
    {
        toEndOfChannel();
        reader.moveTo(TestChannels.SMALL_CAPACITY - 16);
        TestChannels.putLengthWord(writer.file(), TestChannels.SMALL_CAPACITY - 16, 8);

        assertEquals(1, reader.read(noting, 1));
        assertEquals(TestChannels.SMALL_CAPACITY, reader.position());
    }

    @Test
    void shouldBeFullWhenFooterIsReached() throws IOException
    {
        toEndOfChannel();
        for (int offset = -16; offset < RecordDescriptor.FOOTER_LENGTH; offset += 8)
        {
            TestChannels.putLengthWord(
                writer.file(), TestChannels.SMALL_CAPACITY + offset, RecordDescriptor.HEARTBEAT);
        }

        assertEquals(0, reader.read(noting, NO_LIMIT));
        assertEquals(TestChannels.SMALL_CAPACITY + 32, reader.position());
        assertEquals(ReaderState.FULL, reader.state());

        // Another file of the name says nothing about the one that is read.
        Files.delete(writer.file());
        Files.createFile(writer.file());
        assertEquals(ReaderState.FULL, reader.state());
    }

    @Test
    void shouldReadAgainWhenMovedBack()
    {
        write(1);
        write(2);
        reader.read(noting, NO_LIMIT);

        reader.moveTo(24);
        reader.read(noting, NO_LIMIT);
        reader.moveTo(0);
        reader.read(noting, NO_LIMIT);

        assertEquals(List.of("1@8-24", "2@24-40", "2@24-40", "1@8-24", "2@24-40"), seen);
    }

    @Test
    void shouldReadOnlyWhatFollowsWhenMovedToEnd()
    {
        write(1);
        reader.moveTo(24);
        assertEquals(0, reader.read(noting, NO_LIMIT));
        write(2);

        reader.read(noting, NO_LIMIT);
        assertEquals(List.of("2@24-40"), seen);
    }

    @Test
    void shouldReadAgainWhenMovedBackFromClosedEnd()
    {
        write(1);
        writer.close();
        reader.read(noting, NO_LIMIT);
        assertEquals(ReaderState.CLOSED, reader.state());

        reader.moveTo(8);

        assertEquals(ReaderState.OPEN, reader.state());
        assertEquals(1, reader.read(noting, NO_LIMIT));
        assertEquals(ReaderState.CLOSED, reader.state());
    }

    @ParameterizedTest
    @ValueSource(longs = {-8, -1, 1, 4, 7, 9, 12, 23})
    void shouldRefuseToMoveWhenPositionIsUnaligned(final long position)
    {
        write(1);

        assertRefusedMove(InvalidPositionException.class, position, "not a multiple of 8");
    }

    @Test
    void shouldRefuseToMoveWhenPositionIsInsideRecord()
    {
        write(1);
        write(1);

        assertRefusedMove(InvalidPositionException.class, 32, "inside the record at position 24");
    }

    @ParameterizedTest
    @ValueSource(longs = {32, 16_384, 1L << 31, 1L << 32, Long.MAX_VALUE - 7})
    void shouldRefuseToMoveWhenPositionIsNotWritten(final long position)
    {
        write(1);

        assertRefusedMove(UnavailablePositionException.class, position, "end=24");
    }

    @Test
    void shouldRefuseToMoveWhenChannelIsCorruptBefore() throws IOException
    {
        write(1);
        write(1);
        TestChannels.putLengthWord(writer.file(), 24, 4096);

        assertRefusedMove(UnavailablePositionException.class, 40, "end=24");
    }

    @Test
    void shouldRefuseHandlerThatCallsItsReader()
    {
        write(1);
        final RecordHandler moving = (buffer, offset, length, position, nextPosition) -> reader.moveTo(0);
        final RecordHandler going = (buffer, offset, length, position, nextPosition) -> reader.next();
        final RecordHandler reading = (buffer, offset, length, position, nextPosition) -> reader.read(noting, 1);

        assertThrows(IllegalStateException.class, () -> reader.read(moving, NO_LIMIT));
        reader.moveTo(0);
        assertThrows(IllegalStateException.class, () -> reader.read(going, NO_LIMIT));
        reader.moveTo(0);
        assertThrows(IllegalStateException.class, () -> reader.read(reading, NO_LIMIT));
    }

    @Test
    void shouldStopBehindRecordWhenHandlerClosesReader()
    {
        write(1);
        write(2);
        final RecordHandler closing = (buffer, offset, length, position, nextPosition) ->
        {
            reader.close();
            seen.add(length + ":" + (buffer.getByte(offset) & 0xFF));
        };

        assertEquals(1, reader.read(closing, NO_LIMIT));
        assertEquals(List.of("1:31"), seen);
        assertEquals(0, reader.buffer().capacity(), "unmapped");
        assertThrows(ReaderClosedException.class, () -> reader.read(noting, NO_LIMIT));
    }

    @Test
    void shouldRefuseEveryCallWhenClosed()
    {
        write(1);
        reader.close();
        reader.close();

        assertNamesFile(assertThrows(ReaderClosedException.class, () -> reader.read(noting, NO_LIMIT)));
        assertNamesFile(assertThrows(ReaderClosedException.class, () -> reader.next()));
        assertNamesFile(assertThrows(ReaderClosedException.class, () -> reader.moveTo(0)));
        assertNamesFile(assertThrows(ReaderClosedException.class, () -> reader.state()));
        assertEquals(0, reader.buffer().capacity());
        assertTrue(reader.toString().contains("isClosed=true"));
    }

    @Test
    void shouldLeaveWriterAloneWhenReadersComeAndGo()
    {
        for (int i = 0; i < 10; i++)
        {
            ShmReader.open(root, TestChannels.CHANNEL_ID).close();
            write(1);
        }

        assertThrows(
            ChannelExistsException.class, () -> TestChannels.createSmall(root));
        assertEquals(10, reader.read(noting, NO_LIMIT));
    }

    @Test
    void shouldSeeTheSameRecordsWhenSeveralReadAtTheirOwnPace()
    {
        try (ShmReader other = ShmReader.open(root, TestChannels.CHANNEL_ID))
        {
            for (int i = 1; i <= 10; i++)
            {
                write(i);
                reader.read(noting, NO_LIMIT);
            }
            final List<String> first = List.copyOf(seen);
            seen.clear();
            while (other.read(noting, 3) > 0)
            {
                continue;
            }

            assertEquals(10, first.size());
            assertEquals(first, seen);
        }
    }

    private void write(final int length)
    {
        writer.write(TestChannels.bytes(length), 0, length);
    }

    /**
     * Fill the channel, with the reader behind all of it.
     *
     * @return the position of the last word of the record area.
     */
    private int toEndOfChannel() throws IOException
    {
        TestChannels.fillWithLongest(writer);
        while (writer.available() > 0)
        {
            writer.heartbeat();
        }
        reader.read(noting, NO_LIMIT);
        assertEquals(TestChannels.SMALL_CAPACITY - 16, reader.position());
        TestChannels.putLengthWord(writer.file(), TestChannels.SMALL_CAPACITY - 16, RecordDescriptor.HEARTBEAT);

        return TestChannels.SMALL_CAPACITY - 8;
    }

    private <T extends ChannelException> void assertRefusedMove(
        final Class<T> expectedType, final long position, final String expectedReason)
    {
        reader.moveTo(8);
        final T ex = assertThrows(expectedType, () -> reader.moveTo(position));
        assertTrue(ex.getMessage().contains("position=" + position), ex.getMessage());
        assertTrue(ex.getMessage().contains(expectedReason), ex.getMessage());
        assertNamesFile(ex);
        assertEquals(8, reader.position());
    }

    private void assertNamesFile(final ChannelException ex)
    {
        assertEquals(TestChannels.file(root), ex.file());
        assertTrue(ex.getMessage().contains("file=" + TestChannels.file(root)), ex.getMessage());
    }

    /**
     * Writes down where in a mapping a word is loaded.
     */
    private static final class LoadNotingFiles extends ChannelFiles
    {
        private final List<Integer> loads;

        LoadNotingFiles(final List<Integer> loads)
        {
            this.loads = loads;
        }

        @Override
        RecordLoads loads(final UnsafeBuffer view)
        {
            return new RecordLoads()
            {
                @Override
                long word(final long address)
                {
                    loads.add(Math.toIntExact(address - view.addressOffset()));
                    return super.word(address);
                }
            };
        }
    }
}
