package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelClosedException;
import io.kekbit.core.exceptions.FlushFailedException;
import io.kekbit.core.exceptions.WriterClosedException;
import io.kekbit.core.handlers.SequenceHandler;
import org.agrona.concurrent.NoOpIdleStrategy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The device does not take what is forced to it. That is the end of the writer, whichever it is and wherever it was:
 * not of what it published, nor of the channel.
 */
@Tag("file-faults")
class FlushFailureTest
{
    private static final int RECORDS = 3;

    /**
     * Of closing: the records, the durable position, the index, and the close marker.
     */
    private static final int FORCES_BEFORE_CLOSE_MARKER = 3;

    private enum Kind
    {
        PLAIN, ENVELOPE, SHARED
    }

    @TempDir
    private Path root;
    private final BreakingDevice device = new BreakingDevice();
    private Writer<RawBinDataFormat> writer;
    private AutoCloseable toClose;

    @ParameterizedTest
    @CsvSource({"PLAIN, 1", "PLAIN, 2", "ENVELOPE, 1", "ENVELOPE, 2", "SHARED, 1", "SHARED, 2"})
    void shouldEndWriterAndKeepChannelWhenForceOfFlushFails(final Kind kind, final int failing) throws Exception
    {
        create(kind);
        device.breakAt(failing);

        assertNamesFileAndReason(assertThrows(FlushFailedException.class, () -> writer.flush()));

        assertEnded();
        assertReaderSees(RECORDS, ReaderState.OPEN);
        assertGoesOn(kind);
    }

    @ParameterizedTest
    @CsvSource({"PLAIN, 1", "PLAIN, 2", "PLAIN, 3", "ENVELOPE, 1", "ENVELOPE, 2", "ENVELOPE, 3", "SHARED, 1",
        "SHARED, 2", "SHARED, 3"})
    void shouldEndWriterAndKeepChannelWhenForceOfCloseFails(final Kind kind, final int failing) throws Exception
    {
        create(kind);
        device.breakAt(failing);

        assertNamesFileAndReason(assertThrows(FlushFailedException.class, () -> toClose.close()));

        assertEnded();
        assertReaderSees(RECORDS, ReaderState.OPEN);
        assertGoesOn(kind);
    }

    /**
     * The marker is stored then, and all before it is on the device.
     */
    @ParameterizedTest
    @EnumSource
    void shouldBeClosedToReadersWhenForceOfCloseMarkerFails(final Kind kind) throws Exception
    {
        create(kind);
        device.breakAt(FORCES_BEFORE_CLOSE_MARKER + 1);

        assertNamesFileAndReason(assertThrows(FlushFailedException.class, () -> toClose.close()));

        assertEnded();
        assertReaderSees(RECORDS, ReaderState.CLOSED);
        assertThrows(ChannelClosedException.class, () -> resume(kind));
    }

    private void create(final Kind kind)
    {
        use(kind, kind == Kind.ENVELOPE ? EnvelopeWriter.create(builder(), new SequenceHandler()) : builder().create());
        for (int i = 0; i < RECORDS; i++)
        {
            writer.write(TestChannels.bytes(8), 0, 8);
        }
    }

    private void resume(final Kind kind)
    {
        use(kind, kind == Kind.ENVELOPE ? EnvelopeWriter.resume(builder(), new SequenceHandler()) : builder().resume());
    }

    private void use(final Kind kind, final Writer<RawBinDataFormat> opened)
    {
        writer = opened;
        toClose = opened;
        if (kind == Kind.SHARED)
        {
            final ConcurrentWriter<RawBinDataFormat> shared = new ConcurrentWriter<>(opened);
            writer = shared.handle(NoOpIdleStrategy.INSTANCE, 1);
            toClose = shared;
        }
    }

    private ShmWriterBuilder<RawBinDataFormat> builder()
    {
        return ShmWriter.builder(root, TestChannels.smallHeader().build(), RawBinDataFormat.INSTANCE).files(device);
    }

    private void assertNamesFileAndReason(final FlushFailedException ex)
    {
        assertEquals(TestChannels.file(root), ex.file());
        assertTrue(ex.getMessage().contains("Input/output error"), ex.getMessage());
    }

    private void assertEnded() throws Exception
    {
        assertEquals(Writer.CLOSED, writer.tryWrite(TestChannels.bytes(8), 0, 8));
        assertEquals(Writer.CLOSED, writer.tryClaim(8));
        assertEquals(Writer.CLOSED, writer.tryHeartbeat());
        assertThrows(WriterClosedException.class, () -> writer.flush());
        toClose.close();
        // The lock's file included.
        assertEquals(List.of(), OpenFiles.below(root));
    }

    private void assertReaderSees(final int records, final ReaderState state)
    {
        final AtomicLong nowNs = new AtomicLong();
        try (ShmReader reader = ShmReader.builder(root, TestChannels.CHANNEL_ID).clock(nowNs::get).open())
        {
            assertEquals(records, TestChannels.readAll(reader).size());
            assertSame(state, reader.state());
            nowNs.addAndGet(TestChannels.TIMEOUT_NS + 1);
            assertSame(state == ReaderState.OPEN ? ReaderState.TIMED_OUT : state, reader.state());
        }
    }

    private void assertGoesOn(final Kind kind) throws Exception
    {
        resume(kind);
        writer.write(TestChannels.bytes(8), 0, 8);
        writer.flush();
        toClose.close();

        assertReaderSees(RECORDS + 1, ReaderState.CLOSED);
    }

    /**
     * Refuses one force.
     */
    private static final class BreakingDevice extends ChannelFiles
    {
        private int forcesLeft;

        void breakAt(final int force)
        {
            forcesLeft = force;
        }

        @Override
        void force(final MappedByteBuffer mapped, final int offset, final int length)
        {
            if (--forcesLeft == 0)
            {
                throw new UncheckedIOException(new IOException("Input/output error"));
            }
            super.force(mapped, offset, length);
        }
    }
}
