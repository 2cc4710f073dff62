package io.kekbit.core;

import io.kekbit.core.exceptions.InvalidPositionException;
import io.kekbit.core.exceptions.PositionInUseException;
import io.kekbit.core.exceptions.PositionMismatchException;
import io.kekbit.core.exceptions.ReaderClosedException;
import io.kekbit.core.exceptions.UnavailablePositionException;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.PositionDescriptor;
import io.kekbit.core.positions.NamedPosition;
import io.kekbit.core.positions.NamedReader;
import io.kekbit.core.positions.Storing;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler.Action;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Where a reader of a name goes on, and when it stores how far it is. The records are the numbers from 1 on, and each
 * takes 16 bytes behind the heartbeat that a channel begins with.
 */
class NamedReaderTest
{
    private static final String NAME = "risk";
    private static final int FIRST = 8;
    private static final int RECORD = 16;
    private static final int MANY = 1000;

    private final UnsafeBuffer number = new UnsafeBuffer(new byte[8]);
    private final List<Long> handled = new ArrayList<>();
    private final RecordHandler handler = (buffer, offset, length, position, nextPosition) ->
        handled.add(buffer.getLong(offset, LITTLE_ENDIAN));
    private final long[] nowMs = {1_700_000_000_000L};

    @TempDir
    private Path root;
    private Path folder;
    private ShmWriter<RawBinDataFormat> writer;
    private long written;

    @BeforeEach
    void create()
    {
        folder = root.resolve("positions");
        writer = TestChannels.createSmall(root);
    }

    @AfterEach
    void close()
    {
        writer.close();
    }

    @Test
    void shouldGoOnBehindLastRecordHandledWhenNameIsUsedAgain()
    {
        write(5);
        try (NamedReader reader = open())
        {
            assertTrue(reader.isNew());
            assertEquals(3, reader.read(handler, 4));
        }
        write(2);

        try (NamedReader reader = open())
        {
            assertFalse(reader.isNew());
            assertEquals(position(4), reader.position());
            assertEquals(4, reader.read(handler, MANY));
            assertEquals(0, reader.read(handler, MANY));
        }
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L), handled);
        assertStored(position(8), 7);
    }

    @Test
    void shouldBeginAtStartOfChannelWhenNameIsNew()
    {
        write(2);
        open().close();

        assertStored(0, 0);
    }

    @Test
    void shouldBeginWhereReaderIsWhenNameIsNew()
    {
        write(2);
        NamedReader.open(folder, NAME, ShmReader.openAtEnd(root, 1)).close();
        assertStored(position(3), 2);
        write(1);

        readAll();

        assertEquals(List.of(3L), handled);
    }

    @Test
    void shouldHandRecordOverAgainWhenItsHandlerThrew()
    {
        write(4);
        try (NamedReader reader = open())
        {
            assertThrows(IllegalStateException.class, () -> reader.read(throwingAt(3), MANY));
        }
        assertEquals(List.of(1L, 2L), handled);
        assertStored(position(3), 2);

        readAll();

        assertEquals(List.of(1L, 2L, 3L, 4L), handled);
    }

    @Test
    void shouldTakeRecordAsDoneWhenReaderIsCalledAgainAfterItsHandlerThrew()
    {
        write(4);
        try (NamedReader reader = open())
        {
            assertThrows(IllegalStateException.class, () -> reader.read(throwingAt(3), MANY));
            assertEquals(position(3), reader.storedPosition());
            reader.read(handler, 0);
            assertEquals(position(4), reader.storedPosition());
            reader.read(handler, MANY);
        }

        assertEquals(List.of(1L, 2L, 4L), handled);
        assertStored(position(5), 4);
    }

    @Test
    void shouldStoreRecordWhenReaderIsAskedForTheNextOne()
    {
        write(3);
        try (NamedReader reader = open())
        {
            assertTrue(reader.next());
            assertEquals(0, reader.storedPosition());
            assertTrue(reader.next());
            assertEquals(position(2), reader.storedPosition());
            assertEquals(1, reader.storedRecords());
            assertTrue(reader.next());
            assertFalse(reader.next());
            assertEquals(position(4), reader.storedPosition());
        }
        assertStored(position(4), 3);
    }

    @Test
    void shouldStoreRecordThatReaderIsAtWhenTold()
    {
        write(3);
        try (NamedReader reader = open())
        {
            assertTrue(reader.next());
            reader.store();
        }

        assertStored(position(2), 1);
    }

    @Test
    void shouldStoreNothingWhenReaderIsClosedWithinRecord()
    {
        write(3);
        try (NamedReader reader = open())
        {
            assertTrue(reader.next());
            assertTrue(reader.next());
        }

        assertStored(position(2), 1);
    }

    @Test
    void shouldGiveViewOfEachRecordWhenIterated()
    {
        write(3);
        try (NamedReader reader = open())
        {
            for (final DirectBuffer content : reader)
            {
                handled.add(content.getLong(0, LITTLE_ENDIAN));
            }
            assertEquals(List.of(1L, 2L, 3L), handled);
        }
        assertStored(position(4), 3);
    }

    @Test
    void shouldStoreOnlyWhenToldWhenStoringIsOnCall()
    {
        write(5);
        try (NamedReader reader = NamedReader.builder(folder, NAME, ShmReader.open(root, 1))
            .storing(Storing.ON_CALL).clock(() -> nowMs[0]).open())
        {
            reader.read(handler, 3);
            reader.store();
            reader.read(handler, MANY);
            nowMs[0] += 5000;
            assertEquals(0, reader.read(handler, MANY));
            assertFalse(reader.next());
            assertEquals(Instant.ofEpochMilli(nowMs[0]), NamedPosition.of(folder, NAME).storedAt());
        }

        assertStored(position(3), 2);
    }

    @Test
    void shouldNotStoreRecordWhenItIsAborted()
    {
        write(4);
        try (NamedReader reader = open())
        {
            assertEquals(2, reader.controlledRead(aborting(3), MANY));
            assertEquals(position(3), reader.storedPosition());
            assertEquals(2, reader.controlledRead(aborting(9), MANY));
        }

        assertStored(position(5), 4);
    }

    @Test
    void shouldStoreRecordWhoseHandlerClosesReader()
    {
        write(4);
        final NamedReader reader = open();
        reader.read(
            (buffer, offset, length, position, nextPosition) ->
            {
                if (buffer.getLong(offset, LITTLE_ENDIAN) == 2)
                {
                    reader.close();
                }
            },
            MANY);

        assertStored(position(3), 2);
        assertThrows(ReaderClosedException.class, () -> reader.read(handler, 1));
        assertThrows(ReaderClosedException.class, reader::store);
        reader.close();
        readAll();
        assertEquals(List.of(3L, 4L), handled);
    }

    @Test
    void shouldRefuseToBeCalledByItsHandler()
    {
        write(2);
        try (NamedReader reader = open())
        {
            assertThrows(IllegalStateException.class, () -> reader.read(
                (buffer, offset, length, position, nextPosition) -> reader.store(), MANY));
            assertThrows(IllegalStateException.class, () -> reader.read(
                (buffer, offset, length, position, nextPosition) -> reader.next(), MANY));
        }
    }

    @Test
    void shouldStoreThatHeartbeatsWereReadWhenNothingElseIsThere()
    {
        write(1);
        try (NamedReader reader = open())
        {
            reader.read(handler, MANY);
            writer.heartbeat();
            writer.heartbeat();
            reader.read(handler, MANY);
            assertEquals(writer.writeOffset(), reader.storedPosition());
            assertEquals(1, reader.storedRecords());
        }
    }

    @Test
    void shouldTellThatReaderLivesWhenNothingIsThereForLong()
    {
        try (NamedReader reader = open())
        {
            reader.read(handler, MANY);
            final long before = nowMs[0];
            nowMs[0] += 999;
            poll(reader, 300);
            assertEquals(Instant.ofEpochMilli(before), NamedPosition.of(folder, NAME).storedAt());
            nowMs[0]++;
            poll(reader, 300);
            assertEquals(Instant.ofEpochMilli(nowMs[0]), NamedPosition.of(folder, NAME).storedAt());
        }
    }

    @Test
    void shouldWaitForRecordsAsAnyReaderDoes()
    {
        try (NamedReader reader = open())
        {
            final int count = reader.read(handler, MANY, Long.MAX_VALUE, TestChannels.onIdle(() -> write(2)));

            assertEquals(2, count);
            assertEquals(position(3), reader.storedPosition());
            assertEquals(0, reader.read(handler, MANY, 0, TestChannels.onIdle(() -> write(2))));
            writer.close();
            assertEquals(0, reader.read(handler, MANY, Long.MAX_VALUE, TestChannels.onIdle(() -> write(2))));
            assertEquals(ReaderState.CLOSED, reader.state());
        }
    }

    @Test
    void shouldStoreMoveOnlyWhenRecordIsDoneOrToldTo()
    {
        write(6);
        try (NamedReader reader = open())
        {
            reader.read(handler, 3);
            reader.moveTo(position(5));
            assertEquals(position(3), reader.storedPosition());
            assertEquals(1, reader.read(handler, 1));
            assertEquals(position(6), reader.storedPosition());
            assertEquals(5, reader.storedRecords());
            reader.moveToEnd();
            reader.store();
            assertEquals(6, reader.storedRecords());
            assertTrue(reader.seekToRecord(1));
            reader.store();
            assertEquals(1, reader.storedRecords());
            assertFalse(reader.seekToRecord(6));
            reader.seekToTime(0);
            reader.store();
            assertEquals(0, reader.storedRecords());
        }
    }

    @Test
    void shouldTellHowFarStoredPositionIsBehind()
    {
        write(6);
        try (NamedReader reader = open())
        {
            reader.read(handler, 3);
            final Lag lag = reader.lag();

            assertEquals(position(3), lag.position());
            assertEquals(4 * RECORD, lag.bytes());
            assertEquals(OptionalLong.of(2), lag.recordsBefore());
            assertEquals(OptionalLong.of(4), lag.records());
            assertEquals(lag.records(), NamedPosition.of(folder, NAME).lag(writer.file()).records());
        }
    }

    @Test
    void shouldRefuseWhenAnotherReaderHasTheNameAndLeaveThatAlone()
    {
        write(3);
        try (NamedReader reader = open();
            ShmReader other = ShmReader.open(root, 1))
        {
            assertThrows(PositionInUseException.class, () -> NamedReader.open(folder, NAME, other));
            reader.read(handler, MANY);
            assertEquals(0, other.position());
            assertTrue(other.next());
        }
        assertStored(position(4), 3);
    }

    @Test
    void shouldRefuseWhenNameIsOfAnotherChannelOrOfOneMadeAnew() throws IOException
    {
        write(3);
        readAll();
        writer.close();
        Files.delete(writer.file());
        final Header header = TestChannels.smallHeader().creationTime(1).build();
        writer = ShmWriter.create(root, header, RawBinDataFormat.INSTANCE);
        try (ShmReader reader = ShmReader.open(root, 1))
        {
            assertThrows(PositionMismatchException.class, () -> NamedReader.open(folder, NAME, reader));
            assertThrows(
                PositionMismatchException.class, () -> NamedPosition.of(folder, NAME).lag(writer.file()));
        }
        assertStored(position(4), 3);
    }

    @Test
    void shouldRefuseWhenNoRecordBeginsAtPosition() throws IOException
    {
        write(3);
        readAll();
        storeAsOnAnotherRun(position(2) + 8, 0, 1);
        try (ShmReader reader = ShmReader.open(root, 1))
        {
            assertThrows(InvalidPositionException.class, () -> NamedReader.open(folder, NAME, reader));
            storeAsOnAnotherRun(position(9), position(8), 1);
            assertThrows(UnavailablePositionException.class, () -> NamedReader.open(folder, NAME, reader));
            storeAsOnAnotherRun(position(2), 0, 1);
            NamedReader.open(folder, NAME, reader).close();
        }
    }

    @Test
    void shouldGoOnAtPositionWhenMachineWasRestartedAndNobodyTookChannelOver() throws IOException
    {
        write(3);
        readAll();
        writer.close();
        storeAsOnAnotherRun(position(3), 0, 1);

        handled.clear();
        readAll();

        assertEquals(List.of(3L), handled);
    }

    @Test
    void shouldGoBackToVouchedPositionWhenWriterTookChannelOverAfterRestart() throws IOException
    {
        write(3);
        readAll();
        storeAsOnAnotherRun(position(4), position(2), 1);
        TestChannels.putLong(writer.file(), ExtensionDescriptor.WRITER_EPOCH_OFFSET, 2);

        handled.clear();
        open().close();
        assertStored(position(2), 1);
        readAll();

        assertEquals(List.of(2L, 3L), handled);
    }

    @Test
    void shouldGoOnAtPositionWhenWriterTookChannelOverWithoutRestart() throws IOException
    {
        write(3);
        readAll();
        TestChannels.putLong(writer.file(), ExtensionDescriptor.WRITER_EPOCH_OFFSET, 2);

        try (NamedReader reader = open())
        {
            assertEquals(position(4), reader.position());
        }
    }

    @Test
    void shouldVouchOnlyForPositionThatWriterForcedBeforeTheLastOne() throws IOException
    {
        try (NamedReader reader = open())
        {
            write(1);
            reader.read(handler, MANY);
            assertEquals(0, vouched());
            writer.flush();
            write(1);
            readRefreshed(reader);
            // The page with the first durable position, that of the empty channel, went before.
            assertEquals(FIRST, vouched());
            write(1);
            writer.flush();
            readRefreshed(reader);
            assertEquals(position(2), vouched());
            TestChannels.putLong(writer.file(), ExtensionDescriptor.WRITER_EPOCH_OFFSET, 2);
            writer.flush();
            readRefreshed(reader);
            assertEquals(position(2), vouched());
        }
    }

    @Test
    void shouldGoOnWhereChannelIsSuspectWhenPositionIsBehindThat() throws IOException
    {
        write(2);
        writer.flush();
        write(2);
        readAll();
        storeAsOnAnotherRun(position(5), 0, 1);
        TestChannels.putLong(writer.file(), ExtensionDescriptor.BOOT_ID_OFFSET, 1);

        try (NamedReader reader = open())
        {
            assertEquals(position(3), reader.position());
            assertEquals(ReaderState.SUSPECT, reader.state());
        }
        assertStored(position(3), 2);
    }

    @Test
    void shouldForceFileWhenTold()
    {
        write(1);
        try (NamedReader reader = open())
        {
            reader.read(handler, MANY);
            reader.force();
        }
        assertStored(position(2), 1);
    }

    private NamedReader open()
    {
        return NamedReader.builder(folder, NAME, ShmReader.open(root, 1)).clock(() -> nowMs[0]).open();
    }

    private void readAll()
    {
        try (NamedReader reader = open())
        {
            reader.read(handler, MANY);
        }
    }

    private void readRefreshed(final NamedReader reader)
    {
        reader.read(handler, MANY);
        reader.store();
    }

    private void poll(final NamedReader reader, final int times)
    {
        for (int i = 0; i < times; i++)
        {
            assertEquals(0, reader.read(handler, MANY));
        }
    }

    private void write(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            number.putLong(0, ++written, LITTLE_ENDIAN);
            writer.write(number, 0, 8);
        }
    }

    /**
     * The position of the record with a number.
     */
    private static long position(final long recordNumber)
    {
        return FIRST + RECORD * (recordNumber - 1);
    }

    private void assertStored(final long expectedPosition, final long expectedRecords)
    {
        final NamedPosition stored = NamedPosition.of(folder, NAME);
        assertEquals(expectedPosition, stored.position());
        assertEquals(OptionalLong.of(expectedRecords), stored.records());
        assertFalse(stored.isInUse());
    }

    private long vouched() throws IOException
    {
        final UnsafeBuffer bytes = new UnsafeBuffer(Files.readAllBytes(folder.resolve(NAME + ".position")));

        return Math.max(
            bytes.getLong(PositionDescriptor.slotOffset(0) + PositionDescriptor.VOUCHED_OFFSET, LITTLE_ENDIAN),
            bytes.getLong(PositionDescriptor.slotOffset(1) + PositionDescriptor.VOUCHED_OFFSET, LITTLE_ENDIAN));
    }

    /**
     * Replace what is stored by what a reader stored before the machine was restarted.
     */
    private void storeAsOnAnotherRun(final long position, final long vouched, final long epoch) throws IOException
    {
        final Path file = folder.resolve(NAME + ".position");
        final UnsafeBuffer bytes = new UnsafeBuffer(Files.readAllBytes(file));
        final long check = bytes.getLong(PositionDescriptor.CHECK_OFFSET, LITTLE_ENDIAN);
        for (int sequence = 1000; sequence < 1002; sequence++)
        {
            PositionDescriptor.putSlot(bytes, check, sequence, position, -1, nowMs[0], vouched, epoch, 4711);
        }
        Files.write(file, bytes.byteArray());
    }

    private RecordHandler throwingAt(final long recordNumber)
    {
        return (buffer, offset, length, position, nextPosition) ->
        {
            if (buffer.getLong(offset, LITTLE_ENDIAN) == recordNumber)
            {
                throw new IllegalStateException("made to fail");
            }
            handler.onRecord(buffer, offset, length, position, nextPosition);
        };
    }

    private ControlledRecordHandler aborting(final long recordNumber)
    {
        return (buffer, offset, length, position, nextPosition) ->
            buffer.getLong(offset, LITTLE_ENDIAN) == recordNumber ? Action.ABORT : Action.CONTINUE;
    }
}
