package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.FormatMismatchException;
import io.kekbit.core.exceptions.ReaderClosedException;
import io.kekbit.core.exceptions.StorageNotReadyException;
import io.kekbit.core.exceptions.UnavailablePositionException;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.layout.ExtensionDescriptor;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.ControlledMessageHandler.Action;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NoOpIdleStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Opening and reading that wait, controlled reading, iterating, and going to the end.
 */
class ReaderConvenienceTest
{
    private static final int NO_LIMIT = Integer.MAX_VALUE;
    private static final long TIMEOUT_NS = 1_000;

    @TempDir
    private Path root;
    private final CachedNanoClock clock = new CachedNanoClock();
    private final List<Long> seen = new ArrayList<>();
    private final RecordHandler noting = (buffer, offset, length, position, nextPosition) -> seen.add(position);
    private ShmWriter<RawBinDataFormat> writer;
    private ShmReader reader;

    @BeforeEach
    void open()
    {
        writer = TestChannels.createSmall(root);
        reader = ShmReader.builder(root, 1).clock(clock).open();
    }

    @AfterEach
    void close()
    {
        reader.close();
        writer.close();
    }

    @Test
    void shouldOpenWhenChannelIsCreatedWhileWaiting(@TempDir final Path otherRoot)
    {
        final Deque<ShmWriter<RawBinDataFormat>> created = new ArrayDeque<>();
        final IdleStrategy creating = TestChannels.onIdle(() ->
        {
            if (created.isEmpty())
            {
                created.add(TestChannels.createSmall(otherRoot));
            }
        });

        try (ShmReader late = ShmReader.builder(otherRoot, 1).clock(clock).tryOpen(TIMEOUT_NS, creating))
        {
            assertEquals(1, late.header().channelId());
        }
        created.remove().close();
    }

    @Test
    void shouldAnswerLastErrorWhenTimeIsUp(@TempDir final Path otherRoot) throws IOException
    {
        Files.createDirectories(TestChannels.file(otherRoot).getParent());
        final ShmReaderBuilder builder = ShmReader.builder(otherRoot, 1).clock(clock);
        final IdleStrategy ticking = TestChannels.onIdle(() -> clock.advance(TIMEOUT_NS / 4));

        assertThrows(ChannelNotFoundException.class, () -> builder.tryOpen(TIMEOUT_NS, ticking));
        Files.createFile(ChannelPath.lockFile(otherRoot, 1));
        assertThrows(StorageNotReadyException.class, () -> builder.tryOpen(TIMEOUT_NS, ticking));
        assertEquals(2 * TIMEOUT_NS, clock.nanoTime());
    }

    @Test
    void shouldNotWaitWhenWaitingCannotHelp()
    {
        final IdleStrategy never = TestChannels.onIdle(() ->
        {
            throw new AssertionError("waited");
        });
        final ShmReaderBuilder builder = ShmReader.builder(root, 1).format(PlainTextDataFormat.INSTANCE);

        assertThrows(FormatMismatchException.class, () -> builder.tryOpen(TIMEOUT_NS, never));
    }

    @Test
    void shouldReadWhenRecordArrivesWhileWaiting()
    {
        final IdleStrategy writing = TestChannels.onIdle(() ->
        {
            clock.advance(1);
            if (clock.nanoTime() == 3)
            {
                write(2);
            }
        });

        assertEquals(2, reader.read(noting, NO_LIMIT, TIMEOUT_NS, writing));
        assertEquals(3, clock.nanoTime());
    }

    @Test
    void shouldReadNothingWhenTimeIsUp()
    {
        final IdleStrategy ticking = TestChannels.onIdle(() -> clock.advance(100));

        assertEquals(0, reader.read(noting, NO_LIMIT, TIMEOUT_NS, ticking));
        assertEquals(TIMEOUT_NS, clock.nanoTime());
        assertEquals(ReaderState.OPEN, reader.state());
    }

    @Test
    void shouldNotWaitWhenEndIsReached()
    {
        writer.close();

        assertEquals(0, reader.read(noting, NO_LIMIT, Long.MAX_VALUE, NoOpIdleStrategy.INSTANCE));
        assertEquals(ReaderState.CLOSED, reader.state());
    }

    @Test
    void shouldNotWaitWhenChannelIsFull()
    {
        TestChannels.fillWithLongest(writer);
        while (writer.available() > 8)
        {
            writer.heartbeat();
        }
        reader.read(noting, NO_LIMIT);

        assertEquals(0, reader.read(noting, NO_LIMIT, Long.MAX_VALUE, NoOpIdleStrategy.INSTANCE));
    }

    @Test
    void shouldGoOnWaitingWhenWriterIsSilent()
    {
        final IdleStrategy ticking = TestChannels.onIdle(() -> clock.advance(TestChannels.TIMEOUT_NS));

        assertEquals(0, reader.read(noting, NO_LIMIT, 5 * TestChannels.TIMEOUT_NS, ticking));
        assertEquals(5 * TestChannels.TIMEOUT_NS, clock.nanoTime());
        assertEquals(ReaderState.TIMED_OUT, reader.state());
    }

    @Test
    void shouldReturnWhenHandlerClosesReaderWhileWaiting()
    {
        write(1);

        assertEquals(1, reader.read(
            (buffer, offset, length, position, nextPosition) -> reader.close(),
            NO_LIMIT,
            Long.MAX_VALUE,
            NoOpIdleStrategy.INSTANCE));
    }

    @Test
    void shouldGoOnOrStopAsHandlerSaysWhenControlled()
    {
        write(4);
        final Deque<Action> answers = new ArrayDeque<>(List.of(Action.CONTINUE, Action.BREAK, Action.ABORT));
        final ControlledRecordHandler handler = (buffer, offset, length, position, nextPosition) ->
        {
            seen.add(position);
            return answers.remove();
        };

        assertEquals(2, reader.controlledRead(handler, NO_LIMIT));
        assertEquals(40, reader.position());
        assertEquals(0, reader.controlledRead(handler, NO_LIMIT));
        assertEquals(40, reader.position());
        answers.addAll(List.of(Action.COMMIT, Action.CONTINUE));
        assertEquals(2, reader.controlledRead(handler, NO_LIMIT));
        assertEquals(List.of(8L, 24L, 40L, 40L, 56L), seen);
        assertEquals(72, reader.position());
    }

    @Test
    void shouldShowPositionToHandlerOnlyWhenItCommits()
    {
        write(3);
        final Deque<Action> answers = new ArrayDeque<>(List.of(Action.COMMIT, Action.CONTINUE, Action.CONTINUE));
        reader.controlledRead(
            (buffer, offset, length, position, nextPosition) ->
            {
                seen.add(reader.position());
                return answers.remove();
            },
            NO_LIMIT);

        assertEquals(List.of(0L, 24L, 24L), seen);
    }

    @Test
    void shouldCountRecordAsReadWhenControlledHandlerThrows()
    {
        write(1);
        assertThrows(IllegalStateException.class, () -> reader.controlledRead(
            (buffer, offset, length, position, nextPosition) ->
            {
                throw new IllegalStateException("handler");
            },
            NO_LIMIT));

        assertEquals(24, reader.position());
    }

    @Test
    void shouldStopAtLimitAndEndWhenControlled()
    {
        write(3);
        writer.close();
        final ControlledRecordHandler all = (buffer, offset, length, position, nextPosition) -> Action.CONTINUE;

        assertEquals(1, reader.controlledRead(all, 2));
        assertEquals(2, reader.controlledRead(all, NO_LIMIT));
        assertEquals(0, reader.controlledRead(all, NO_LIMIT));
        assertEquals(ReaderState.CLOSED, reader.state());
        reader.close();
        assertThrows(ReaderClosedException.class, () -> reader.controlledRead(all, 1));
    }

    @Test
    void shouldGiveEveryRecordWhenIterated()
    {
        write(2);
        writer.heartbeat();
        write(1);
        int records = 0;
        for (final DirectBuffer record : reader)
        {
            assertEquals(8, record.capacity());
            assertEquals(TestChannels.bytes(8), record);
            records++;
        }

        assertEquals(3, records);
        assertEquals(64, reader.position());
    }

    @Test
    void shouldTakeViewOffChannelWhenClosedWhileIterated()
    {
        write(2);
        final Iterator<DirectBuffer> iterator = reader.iterator();
        final DirectBuffer record = iterator.next();
        assertTrue(iterator.hasNext());
        reader.close();

        assertThrows(IndexOutOfBoundsException.class, () -> record.getByte(0));
        assertThrows(ReaderClosedException.class, iterator::next);
        assertThrows(ReaderClosedException.class, iterator::hasNext);
    }

    @Test
    void shouldUseOneViewForAllRecordsWhenIterated()
    {
        write(2);
        final Iterator<DirectBuffer> iterator = reader.iterator();

        assertTrue(iterator.hasNext());
        assertTrue(iterator.hasNext());
        final DirectBuffer first = iterator.next();
        assertSame(first, iterator.next());
        assertFalse(iterator.hasNext());
        assertThrows(NoSuchElementException.class, iterator::next);
        write(1);
        assertTrue(iterator.hasNext());
    }

    @Test
    void shouldReadOnlyWhatFollowsWhenMovedToEnd()
    {
        write(5);
        reader.moveToEnd();
        assertEquals(88, reader.position());
        write(1);
        reader.read(noting, NO_LIMIT);

        assertEquals(List.of(88L), seen);
    }

    @Test
    void shouldBeClosedWhenMovedToEndOfClosedChannel()
    {
        write(5);
        writer.close();
        reader.moveToEnd();

        assertEquals(ReaderState.CLOSED, reader.state());
    }

    @Test
    void shouldWalkOnlyLastStrideWhenMovedToEnd() throws IOException
    {
        write(800);
        // Whoever walks over the first record sees this.
        TestChannels.putLengthWord(writer.file(), 8, 4096);

        reader.moveToEnd();

        assertEquals(8 + 800 * 16, reader.position());
    }

    @Test
    void shouldWalkFromNearestIndexEntryWhenMoved() throws IOException
    {
        write(800);
        TestChannels.putLengthWord(writer.file(), 8, 4096);

        reader.moveTo(8 + 700 * 16);
        reader.moveTo(8 + 300 * 16);

        assertEquals(8 + 300 * 16, reader.position());
        assertThrows(UnavailablePositionException.class, () -> reader.moveTo(24));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 3, 1L << 40})
    void shouldArriveAllTheSameWhenIndexCountLies(final long count) throws IOException
    {
        write(800);
        TestChannels.putLong(writer.file(), ExtensionDescriptor.INDEX_COUNT_OFFSET, count);

        reader.moveToEnd();
        assertEquals(8 + 800 * 16, reader.position());
        reader.moveTo(24);
        assertEquals(24, reader.position());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void shouldArriveAllTheSameWhenIndexEntryIsDamaged(final int entry) throws IOException
    {
        write(800);
        TestChannels.putByte(writer.file(), reader.extension().indexOffset() + entry * 32L, 0xFF);

        for (final int record : new int[]{799, 0, 400, 255, 256, 511, 512})
        {
            reader.moveTo(8 + record * 16L);
            assertEquals(8 + record * 16L, reader.position());
        }
        reader.moveToEnd();
        assertEquals(8 + 800 * 16, reader.position());
    }

    private void write(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            writer.write(TestChannels.bytes(8), 0, 8);
        }
    }
}
