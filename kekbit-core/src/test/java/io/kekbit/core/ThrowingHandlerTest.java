package io.kekbit.core;

import io.kekbit.core.exceptions.EncodingException;
import io.kekbit.core.handlers.ChecksumHandler;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.layout.EnvelopeDescriptor;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler.Action;
import org.agrona.concurrent.NoOpIdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Whatever an application's handler throws, an exception or an error, reaches the caller; reader and writer go on
 * afterwards, no record is lost, and no number is given away twice. An {@link InternalError} is among them since a
 * fault on a mapped page comes as one.
 */
@Tag("life-cycle")
class ThrowingHandlerTest
{
    private static final int LENGTH = 24;
    private static final UnsafeBuffer SOURCE = TestChannels.bytes(LENGTH);

    private static int throwsSeen;
    private static int recordsLost;

    @TempDir
    private Path root;
    private final List<Long> seen = new ArrayList<>();
    private final RecordHandler noting = (buffer, offset, length, position, next) -> seen.add(position);

    @AfterAll
    static void printEvidence()
    {
        Evidence.print("handlers that throw", "thrown", throwsSeen, "recordsLost", recordsLost);
    }

    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, AssertionError.class, InternalError.class})
    void shouldCountRecordAsReadWhenHandlerThrows(final Class<? extends Throwable> type)
    {
        createPlain(3);
        createNumbered(2, 3);
        for (int channelId = 1; channelId <= 2; channelId++)
        {
            seen.clear();
            try (ShmReader reader = ShmReader.open(root, channelId))
            {
                assertThrown(type, () -> reader.read((buffer, offset, length, position, next) -> doThrow(type), 10));
                assertThrown(type, () -> reader.read(
                    (buffer, offset, length, position, next) -> doThrow(type), 10, 1, NoOpIdleStrategy.INSTANCE));
                assertEquals(1, reader.read(noting, 10));
                assertEquals(reader.position(), seen.get(0) + (channelId == 1 ? 32 : 48));
                assertEquals(ReaderState.CLOSED, reader.state());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, AssertionError.class, InternalError.class})
    void shouldCountRecordAsReadWhenControlledHandlerThrows(final Class<? extends Throwable> type)
    {
        createPlain(3);
        createNumbered(2, 3);
        for (int channelId = 1; channelId <= 2; channelId++)
        {
            try (ShmReader reader = ShmReader.open(root, channelId))
            {
                assertThrown(type, () -> reader.controlledRead((buffer, offset, length, position, next) ->
                {
                    doThrow(type);
                    return Action.ABORT;
                }, 10));
                assertEquals(2, reader.controlledRead(
                    (buffer, offset, length, position, next) -> Action.CONTINUE, 10));
                assertEquals(channelId == 1 ? Reader.NOT_TOLD : 3, reader.sequence());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, AssertionError.class, InternalError.class})
    void shouldTellOnceAndLoseNothingWhenGapListenerThrows(final Class<? extends Throwable> type) throws IOException
    {
        createNumbered(1, 4);
        // The second record becomes heartbeats, as a lost page makes it.
        TestChannels.putHeartbeats(TestChannels.file(root), 8 + 48, 48);
        for (int way = 0; way < 3; way++)
        {
            final List<Long> gaps = new ArrayList<>();
            final List<Long> sequences = new ArrayList<>();
            try (ShmReader reader = ShmReader.builder(root, 1).gapListener((expected, actual, position) ->
            {
                gaps.add(actual);
                doThrow(type);
            }).open())
            {
                final int wayNow = way;
                assertThrown(type, () -> readAll(reader, wayNow, sequences));
                assertEquals(List.of(1L), sequences);
                readAll(reader, way, sequences);
                recordsLost += 3 - sequences.size();
                assertEquals(List.of(1L, 3L, 4L), sequences, "way " + way);
                assertEquals(List.of(3L), gaps);
                assertEquals(ReaderState.CLOSED, reader.state());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, AssertionError.class, InternalError.class})
    void shouldPublishNothingAndGoOnWhenWriteHandlerThrows(final Class<? extends Throwable> type)
    {
        final Thrower inside = new Thrower();
        try (EnvelopeWriter<RawBinDataFormat> writer =
            EnvelopeWriter.create(builder(1), new SequenceHandler(), inside, new ChecksumHandler()))
        {
            for (final String where : List.of("incoming", "outgoing"))
            {
                for (final Executable call : calls(writer))
                {
                    final long before = writer.writeOffset();
                    inside.throwNext(where, type);
                    assertEncodingFails(type, call);
                    assertEquals(before, writer.writeOffset());
                    assertEquals(0, writer.slot().capacity());
                    assertTrue(writer.write(SOURCE, 0, LENGTH) > 0);
                }
            }
        }
        assertNumbered(1, 8);
    }

    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, AssertionError.class, InternalError.class})
    void shouldTellAllHandlersWhenOneThrowsAfterPublication(final Class<? extends Throwable> type)
    {
        final Thrower first = new Thrower();
        try (EnvelopeWriter<RawBinDataFormat> writer =
            EnvelopeWriter.create(builder(1), first, new SequenceHandler(), new ChecksumHandler()))
        {
            for (final Executable call : calls(writer))
            {
                final long before = writer.writeOffset();
                first.throwNext("onPublished", type);
                assertThrown(type, call);
                assertTrue(writer.writeOffset() > before, "the record stands");
                assertEquals(0, writer.slot().capacity());
            }
            assertTrue(writer.write(SOURCE, 0, LENGTH) > 0);
        }
        assertNumbered(1, 5);
    }

    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, AssertionError.class, InternalError.class})
    void shouldPublishNothingAndGoOnWhenEncodableThrows(final Class<? extends Throwable> type)
    {
        try (ConcurrentWriter<RawBinDataFormat> shared = new ConcurrentWriter<>(NumberedRecords.create(
            root, TestChannels.smallHeader().build())))
        {
            final Writer<RawBinDataFormat> first = shared.handle(NoOpIdleStrategy.INSTANCE, 1);
            final Writer<RawBinDataFormat> second = shared.handle(NoOpIdleStrategy.INSTANCE, 1);
            final Encodable<DataFormat> throwing = (format, slot, offset, maxLength) ->
            {
                slot.setMemory(offset, maxLength, (byte)0xFF);
                doThrow(type);

                return maxLength;
            };
            assertEncodingFails(type, () -> first.write(throwing));
            assertTrue(second.write(SOURCE, 0, LENGTH) > 0);
            assertEncodingFails(type, () -> first.tryWrite(throwing));
            assertTrue(second.write(SOURCE, 0, LENGTH) > 0);
        }
        assertNumbered(1, 2);
    }

    @Test
    void shouldKeepEnvelopeOfOpenClaimWhenEncodingIsRefusedMeanwhile()
    {
        try (EnvelopeWriter<RawBinDataFormat> writer =
            NumberedRecords.create(root, TestChannels.smallHeader().build()))
        {
            writer.claim(LENGTH);
            assertThrows(
                IllegalStateException.class, () -> writer.write((format, slot, offset, maxLength) -> maxLength));
            assertThrows(
                IllegalStateException.class, () -> writer.tryWrite((format, slot, offset, maxLength) -> maxLength));
            writer.slot().putBytes(0, SOURCE, 0, LENGTH);
            writer.commit(LENGTH);
        }
        assertNumbered(1, 1);
    }

    private static List<Executable> calls(final Writer<RawBinDataFormat> writer)
    {
        return List.of(
            () -> writer.write(SOURCE, 0, LENGTH),
            () -> writer.tryWrite(SOURCE, 0, LENGTH),
            () -> writer.write((format, slot, offset, maxLength) -> LENGTH),
            () ->
            {
                writer.claim(LENGTH);
                writer.commit(LENGTH);
            });
    }

    private static void readAll(final ShmReader reader, final int way, final List<Long> sequences)
    {
        switch (way)
        {
            case 0 -> reader.read(
                (buffer, offset, length, position, next) -> sequences.add(reader.sequence()), 100);
            case 1 -> reader.controlledRead((buffer, offset, length, position, next) ->
            {
                sequences.add(reader.sequence());
                return Action.CONTINUE;
            }, 100);
            default ->
            {
                while (reader.next())
                {
                    sequences.add(reader.sequence());
                }
            }
        }
    }

    private ShmWriterBuilder<RawBinDataFormat> builder(final long channelId)
    {
        return ShmWriter.builder(
            root, TestChannels.smallHeader().channelId(channelId).build(), RawBinDataFormat.INSTANCE);
    }

    private void createPlain(final int records)
    {
        write(builder(1).create(), records);
    }

    private void createNumbered(final long channelId, final int records)
    {
        write(NumberedRecords.create(root, TestChannels.smallHeader().channelId(channelId).build()), records);
    }

    private static void write(final Writer<?> writer, final int records)
    {
        for (int i = 0; i < records; i++)
        {
            writer.write(SOURCE, 0, LENGTH);
        }
        writer.close();
    }

    /**
     * The channel holds so many whole records, numbered from 1 on.
     */
    private void assertNumbered(final long channelId, final int expected)
    {
        try (ShmReader reader = ShmReader.open(root, channelId))
        {
            int count = 0;
            final int before = reader.extension().envelope().length;
            assertTrue(before >= 2, "envelope=" + before);
            while (reader.next())
            {
                count++;
                assertEquals(count, number(reader, before));
            }
            recordsLost += expected - count;
            assertEquals(expected, count);
            assertEquals(ReaderState.CLOSED, reader.state());
        }
    }

    /**
     * The number of the record, which stands first in an envelope that readers do not see through.
     */
    private static long number(final ShmReader reader, final int handlers)
    {
        return handlers == 2 ? reader.sequence() :
            reader.buffer().getLong(reader.offset(), LITTLE_ENDIAN);
    }

    private static void assertEncodingFails(final Class<? extends Throwable> type, final Executable call)
    {
        if (RuntimeException.class.isAssignableFrom(type))
        {
            assertSame(type, assertThrows(EncodingException.class, call).getCause().getClass());
            throwsSeen++;
        }
        else
        {
            assertThrown(type, call);
        }
    }

    private static void assertThrown(final Class<? extends Throwable> type, final Executable call)
    {
        final Throwable thrown = assertThrows(type, call);
        assertSame(type, thrown.getClass());
        assertEquals("made to throw", thrown.getMessage());
        throwsSeen++;
    }

    private static void doThrow(final Class<? extends Throwable> type)
    {
        if (type == AssertionError.class)
        {
            throw new AssertionError("made to throw");
        }
        if (type == InternalError.class)
        {
            throw new InternalError("made to throw");
        }
        throw new IllegalStateException("made to throw");
    }

    /**
     * An application's own handler, of no length, that throws when it is told to.
     */
    private static final class Thrower implements WriteHandler
    {
        private String where = "nowhere";
        private Class<? extends Throwable> type;

        private void throwNext(final String newWhere, final Class<? extends Throwable> newType)
        {
            where = newWhere;
            type = newType;
        }

        @Override
        public int code()
        {
            return EnvelopeDescriptor.APPLICATION;
        }

        @Override
        public void incoming(final MutableDirectBuffer slot, final int offset)
        {
            maybeThrow("incoming");
        }

        @Override
        public void outgoing(final MutableDirectBuffer slot, final int offset)
        {
            maybeThrow("outgoing");
        }

        @Override
        public void onPublished()
        {
            maybeThrow("onPublished");
        }

        private void maybeThrow(final String here)
        {
            if (here.equals(where))
            {
                where = "nowhere";
                doThrow(type);
            }
        }
    }
}
