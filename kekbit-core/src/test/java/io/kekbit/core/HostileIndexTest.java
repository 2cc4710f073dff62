package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.handlers.ChecksumHandler;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.IndexDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * An index that lies although its checks are right, since whoever made it knows how they are made. At worst it leads
 * who moves into the content of a record that looks like records: to payloads and an end that the writer chose, which
 * it could have written as records as well. It never leads out of the record area, and who reads from the start, or
 * resumes, does not look at it.
 */
@Tag("damage")
class HostileIndexTest
{
    private static final int RECORDS = 100;
    private static final int LENGTH = 48;
    private static final int ALIGNED_LENGTH = 56;
    private static final int FIRST_POSITION = 8;
    private static final int LYING_RECORD = 10;
    private static final int INSIDE = FIRST_POSITION + LYING_RECORD * ALIGNED_LENGTH + 8;
    private static final int END = FIRST_POSITION + RECORDS * ALIGNED_LENGTH;
    private static final byte[] FALSE_RECORD = {'f', 'a', 'l', 's', 'e', 0, 0, 0};

    @TempDir
    private Path root;
    private EnvelopeWriter<RawBinDataFormat> writer;
    private Path file;
    private long creationTime;
    private long indexOffset;

    @BeforeEach
    void writeChannel()
    {
        write();
    }

    @AfterEach
    void closeWriter()
    {
        writer.close();
    }

    @Test
    void shouldDeliverWhatLooksLikeRecordWhenMovedIntoContentByIndex() throws IOException
    {
        putEntry(0, INSIDE);
        try (ShmReader reader = open())
        {
            reader.moveTo(INSIDE);
            assertTrue(reader.next());
            assertArrayEquals(FALSE_RECORD, content(reader));
            assertEquals(INSIDE + 16, reader.position());
        }
    }

    @Test
    void shouldStopAtFalseEndWhenMovedToEndByIndex() throws IOException
    {
        putEntry(0, INSIDE);
        putEntry(1, INSIDE);
        TestChannels.putLong(file, ExtensionDescriptor.INDEX_COUNT_OFFSET, 2);
        try (ShmReader reader = open())
        {
            reader.moveToEnd();

            // Of the content, too: the close marker that stands in it.
            assertEquals(INSIDE + 16, reader.position());
            assertEquals(ReaderState.CLOSED, reader.state());
            reader.moveTo(0);
            assertEquals(RECORDS, TestChannels.readAll(reader).size());
        }
    }

    @Test
    void shouldReadEveryRecordWhenReadFromStart() throws IOException
    {
        for (int entry = 0; entry < 4; entry++)
        {
            putEntry(entry, INSIDE);
        }
        TestChannels.putLong(file, ExtensionDescriptor.INDEX_COUNT_OFFSET, 4);
        try (ShmReader reader = open())
        {
            assertEquals(RECORDS, TestChannels.readAll(reader).size());
            assertEquals(END, reader.position());
            assertEquals(ReaderState.OPEN, reader.state());
        }
    }

    @Test
    void shouldBeCorruptWhenMovedIntoContentOfCheckedRecords(@TempDir final Path otherRoot) throws IOException
    {
        writer.close();
        root = otherRoot;
        write(new ChecksumHandler());
        // With a checksum the false record stands alone, and its own is wrong.
        final int inside = FIRST_POSITION + 8;
        putEntry(0, inside);
        try (ShmReader reader = open())
        {
            reader.moveTo(inside);
            assertFalse(reader.next());
            assertEquals(ReaderState.CORRUPT, reader.state());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {
        -8, 4, 12, 16_376, 16_384, 16_392, 16_408, 16_416, Integer.MAX_VALUE - 7L, 1L << 31, 1L << 32, 0x1_0000_0008L,
        Long.MAX_VALUE - 7, Long.MIN_VALUE})
    void shouldStayInsideRecordAreaWhenIndexLeadsElsewhere(final long position) throws IOException
    {
        for (int entry = 0; entry < 4; entry++)
        {
            putEntry(entry, position);
        }
        TestChannels.putLong(file, ExtensionDescriptor.INDEX_COUNT_OFFSET, 4);
        try (ShmReader reader = open())
        {
            for (final long wanted : new long[] {END, 16_376, 16_384, 16_408, 16_416, Long.MAX_VALUE - 7})
            {
                reader.moveTo(0);
                try
                {
                    reader.moveTo(wanted);
                    assertEquals(wanted, reader.position());
                }
                catch (final ChannelException ex)
                {
                    assertEquals(0, reader.position());
                }
            }
            reader.moveToEnd();
            assertTrue(reader.position() <= TestChannels.SMALL_CAPACITY + RecordDescriptor.FOOTER_LENGTH);
            assertFalse(reader.next());
            reader.moveTo(0);
            assertEquals(RECORDS, TestChannels.readAll(reader).size());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, INSIDE, END + 8, 16_384, 1L << 40, -1, Long.MIN_VALUE})
    void shouldArriveAtEndWhenTailHintLies(final long hint) throws IOException
    {
        TestChannels.putLong(file, ExtensionDescriptor.TAIL_HINT_OFFSET, hint);
        try (ShmReader reader = open())
        {
            reader.moveToEnd();
            assertEquals(END, reader.position());
        }
    }

    private void write(final WriteHandler... handlers)
    {
        writer = EnvelopeWriter.create(
            ShmWriter.builder(root, TestChannels.smallHeader().build(), RawBinDataFormat.INSTANCE), handlers);
        for (int i = 0; i < RECORDS; i++)
        {
            writer.write(liar(), 0, LENGTH);
        }
        file = TestChannels.file(root);
        creationTime = writer.header().creationTime();
        writer.flush();
        try (ShmReader reader = open())
        {
            indexOffset = reader.extension().indexOffset();
        }
    }

    /**
     * A payload that looks like a record of 8 bytes and a close marker.
     */
    private static UnsafeBuffer liar()
    {
        final UnsafeBuffer payload = new UnsafeBuffer(new byte[LENGTH]);
        payload.putLong(0, FALSE_RECORD.length, ByteOrder.LITTLE_ENDIAN);
        payload.putBytes(8, FALSE_RECORD);
        payload.putLong(16, RecordDescriptor.CLOSE, ByteOrder.LITTLE_ENDIAN);

        return payload;
    }

    private ShmReader open()
    {
        return ShmReader.open(root, TestChannels.CHANNEL_ID);
    }

    private static byte[] content(final ShmReader reader)
    {
        final byte[] content = new byte[reader.length()];
        reader.buffer().getBytes(reader.offset(), content);

        return content;
    }

    private void putEntry(final int entry, final long position) throws IOException
    {
        final long offset = indexOffset + entry * (long)IndexDescriptor.ENTRY_LENGTH;
        TestChannels.putLong(file, offset + IndexDescriptor.POSITION_OFFSET, position);
        TestChannels.putLong(file, offset + IndexDescriptor.RECORD_COUNT_OFFSET, 0);
        TestChannels.putLong(file, offset + IndexDescriptor.TIME_OFFSET, creationTime);
        TestChannels.putLong(
            file,
            offset + IndexDescriptor.CHECK_OFFSET,
            IndexDescriptor.check(position, 0, creationTime, creationTime));
    }
}
