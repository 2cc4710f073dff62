package io.kekbit.core;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.InvalidPositionException;
import io.kekbit.core.exceptions.UnavailablePositionException;
import io.kekbit.core.handlers.ChecksumHandler;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler.Action;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static io.kekbit.core.layout.RecordDescriptor.RECORD_AREA_OFFSET;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Whatever stands in a file: reading it ends, stays inside it, leaves it as it is, and fails with this project's own
 * exceptions only; a writer takes it over, or refuses it and leaves it as it is.
 * <p>
 * A build runs the seeds, and the inputs that once made it fail, from {@code src/test/resources}. With {@code
 * JAZZER_FUZZ=1} in the environment the fuzzer looks for further ones; {@code .ci/fuzz} does that.
 */
@Tag("fuzz")
class ChannelFuzzTest
{
    private static final int POLL_LIMIT = 16;
    private static final int MOVES = 8;
    private static final byte[] APPENDED = {1, 2, 3, 4, 5};

    private static Path root;
    private static FuzzChannels channels;

    private byte[] content;
    private int limit;

    @BeforeAll
    static void makeChannels() throws IOException
    {
        root = FuzzChannels.newFolder();
        channels = new FuzzChannels(root);
    }

    @AfterAll
    static void deleteChannels() throws IOException
    {
        FuzzChannels.delete(root);
    }

    static List<byte[]> seeds()
    {
        return FuzzChannels.seeds();
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "5m")
    void shouldStayInsideFileWhenRead(final byte[] input) throws IOException
    {
        content = channels.write(input);
        final ShmReader opened;
        try
        {
            opened = ShmReader.builder(root, TestChannels.CHANNEL_ID)
                .clock(() -> 0)
                .readSuspect((FuzzChannels.control(input) & FuzzChannels.SUSPECT) != 0)
                .gapListener((expected, actual, position) -> assertTrue(expected != actual && position >= 0))
                .open();
        }
        catch (final ChannelException ex)
        {
            assertTrue(ex.getMessage().contains(channels.file().toString()), ex.getMessage());
            return;
        }

        try (ShmReader reader = opened)
        {
            final int capacity = reader.header().capacity();
            limit = capacity / RecordDescriptor.ALIGNMENT + 2 * POLL_LIMIT;
            assertTrue(capacity + RecordDescriptor.MIN_FILE_OVERHEAD <= content.length);
            describe(reader);

            final int records = poll(reader);
            final long end = reader.position();
            final ReaderState state = reader.state();
            reader.moveTo(0);
            assertEquals(records, control(reader));
            assertEquals(end, reader.position());
            assertEquals(state, reader.state());
            reader.moveTo(0);
            assertEquals(records, step(reader));
            assertEquals(end, reader.position());

            for (int i = 0; i < Math.min(MOVES, input.length); i++)
            {
                // The last few are beyond the end.
                move(reader, (input[i] & 0xFFL) * capacity / 0xF8 & -RecordDescriptor.ALIGNMENT);
            }
            reader.moveToEnd();
            checkPosition(reader);
            step(reader);
        }

        assertArrayEquals(content, Files.readAllBytes(channels.file()), "a reader changed the file");
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "5m")
    void shouldTakeOverOrLeaveAsItIsWhenResumed(final byte[] input) throws IOException
    {
        content = channels.write(input);
        final int control = FuzzChannels.control(input);
        final ShmWriterBuilder<FuzzChannels.DescribedFormat> builder = ShmWriter.builder(
            root, TestChannels.smallHeader().build(), new FuzzChannels.DescribedFormat())
            .discardSuspect((control & FuzzChannels.SUSPECT) != 0);
        final long position;
        final boolean isAppended;
        try (Writer<?> writer = (control & 7) == 2 ?
            EnvelopeWriter.resume(builder, new SequenceHandler(), new ChecksumHandler()) : builder.resume())
        {
            position = writer.writeOffset();
            // The last 16 bytes are used in copies of the crate's channels only: those whose format is not told.
            assertTrue(position >= 0 && position <= writer.header().capacity());
            isAppended = writer.tryWrite(new UnsafeBuffer(APPENDED), 0, APPENDED.length) > 0;
            assertEquals(isAppended, writer.writeOffset() > position);
            writer.tryHeartbeat();
        }
        catch (final ChannelException ex)
        {
            assertTrue(ex.getMessage().contains(channels.file().toString()), ex.getMessage());
            assertArrayEquals(content, Files.readAllBytes(channels.file()), "a file that was refused was changed");
            return;
        }

        try (ShmReader reader = ShmReader.open(root, TestChannels.CHANNEL_ID))
        {
            limit = reader.header().capacity() / RecordDescriptor.ALIGNMENT + 2 * POLL_LIMIT;
            content = Files.readAllBytes(channels.file());
            reader.moveTo(position);
            if (isAppended)
            {
                assertTrue(reader.next());
                final byte[] record = new byte[reader.length()];
                reader.buffer().getBytes(reader.offset(), record);
                assertArrayEquals(APPENDED, record);
            }
            assertEquals(0, step(reader));
            assertEquals(ReaderState.CLOSED, reader.state());
            reader.moveTo(0);
            poll(reader);
        }
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "5m")
    void shouldAgreeWithReaderWhenVerified(final byte[] input) throws IOException
    {
        content = channels.write(input);
        final Verification found;
        final ChannelStatus status;
        try
        {
            status = ChannelStatus.of(channels.file());
            found = ChannelVerifier.verify(channels.file());
        }
        catch (final ChannelException ex)
        {
            assertTrue(ex.getMessage().contains(channels.file().toString()), ex.getMessage());
            return;
        }

        final int[] gaps = new int[1];
        try (ShmReader reader = ShmReader.builder(channels.file())
            .clock(() -> 0)
            .readSuspect(true)
            .gapListener((expected, actual, position) -> gaps[0]++)
            .open())
        {
            final int capacity = reader.header().capacity();
            limit = capacity / RecordDescriptor.ALIGNMENT + 2 * POLL_LIMIT;
            assertTrue(status.used() >= 0 && status.used() <= capacity + RecordDescriptor.FOOTER_LENGTH);
            final int records = step(reader);
            if (found.isSound())
            {
                assertEquals(found.records(), records);
                assertEquals(found.end(), reader.position());
                assertEquals(found.endState(), reader.state());
                assertEquals(0, gaps[0]);
            }
            assertTrue(reader.state() != ReaderState.CORRUPT || !found.isSound());
            assertTrue(found.faultCount() >= gaps[0]);
            for (int i = 0; i < Math.min(MOVES, input.length); i++)
            {
                reader.seekToRecord((input[i] & 0xFFL) << i);
                checkPosition(reader);
                reader.seekToTime((input[i] & 0xFFL) << 8 * i);
                checkPosition(reader);
                reader.next();
            }
        }

        assertArrayEquals(content, Files.readAllBytes(channels.file()), "looking changed the file");
    }

    /**
     * Ask for everything that the file says of itself.
     */
    private static void describe(final ShmReader reader)
    {
        final Extension extension = reader.extension();
        assertTrue(extension.label().length() <= 64 && extension.mediaType().length() <= 64);
        assertEquals(extension.schemaLength(), reader.schema().capacity());
        assertTrue(extension.isPresent() || extension.problems().isEmpty());
        assertTrue(reader.header().toString().startsWith("Header{"));
    }

    private int poll(final ShmReader reader)
    {
        final RecordHandler handler = (buffer, offset, length, position, next) ->
            checkRecord(reader, buffer, offset, length, position, next);
        int records = 0;
        long before;
        int polls = 0;
        do
        {
            before = reader.position();
            records += reader.read(handler, POLL_LIMIT);
            checkPosition(reader);
            assertTrue(polls++ <= limit, "reading does not end");
        }
        while (reader.position() != before);

        return records;
    }

    private int control(final ShmReader reader)
    {
        final Action[] actions = {Action.CONTINUE, Action.COMMIT, Action.BREAK, Action.ABORT};
        final int[] handed = new int[1];
        int records = 0;
        int idle = 0;
        // Every fourth record is given back once, so that one poll without progress is not the end.
        while (idle < 2)
        {
            final long before = reader.position();
            records += reader.controlledRead(
                (buffer, offset, length, position, next) ->
                {
                    checkRecord(reader, buffer, offset, length, position, next);
                    return actions[handed[0]++ % actions.length];
                },
                POLL_LIMIT);
            checkPosition(reader);
            idle = reader.position() == before ? idle + 1 : 0;
            assertTrue(handed[0] <= 2 * limit, "reading does not end");
        }

        return records;
    }

    private int step(final ShmReader reader)
    {
        int records = 0;
        while (reader.next())
        {
            checkRecord(
                reader,
                reader.buffer(),
                reader.offset(),
                reader.length(),
                reader.recordPosition(),
                reader.position());
            records++;
            assertTrue(records <= limit, "reading does not end");
        }
        checkPosition(reader);

        return records;
    }

    private void move(final ShmReader reader, final long position)
    {
        final long before = reader.position();
        try
        {
            reader.moveTo(position);
            assertEquals(position, reader.position());
            reader.next();
        }
        catch (final InvalidPositionException | UnavailablePositionException ex)
        {
            assertEquals(before, reader.position());
        }
        checkPosition(reader);
        reader.state();
    }

    private static void checkPosition(final ShmReader reader)
    {
        final long position = reader.position();
        assertTrue(
            position >= 0 && position <= reader.header().capacity() + RecordDescriptor.FOOTER_LENGTH &&
                position % RecordDescriptor.ALIGNMENT == 0,
            "position=" + position);
    }

    private void checkRecord(
        final ShmReader reader,
        final DirectBuffer buffer,
        final int offset,
        final int length,
        final long position,
        final long next)
    {
        final int capacity = reader.header().capacity();
        assertTrue(
            position >= 0 && next > position && next <= capacity &&
                offset >= RECORD_AREA_OFFSET + position + RecordDescriptor.LENGTH_WORD_LENGTH &&
                length > 0 && length <= reader.header().maxMessageLength() &&
                offset + length <= RECORD_AREA_OFFSET + next && offset + length <= content.length,
            "offset=" + offset + " length=" + length + " position=" + position + " next=" + next);
        // The first and the last byte are there, and are those of the file.
        assertEquals(content[offset], buffer.getByte(offset));
        assertEquals(content[offset + length - 1], buffer.getByte(offset + length - 1));
    }
}
