package io.kekbit.core;

import io.kekbit.core.exceptions.EmptyRecordException;
import io.kekbit.core.exceptions.EncodingException;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A writer does what a simple model of it does, whatever is called in whatever order, until the channel is full: what
 * fits, what is refused and why, which records the index has, and that nothing is stored behind the last place for a
 * record.
 */
class WriterModelTest
{
    private static final int SEEDS = 5;
    private static final int ENTRY_LENGTH = 32;

    @TempDir
    private Path root;
    private Path folder;
    private SplittableRandom random;
    private ShmWriter<RawBinDataFormat> writer;
    private Model model;

    @ParameterizedTest
    @CsvSource({"16384, 120", "16384, 8", "65536, 500", "65536, 13", "262144, 2040"})
    void shouldDoWhatModelDoesWhenCalledAtRandom(final int capacity, final int maxMessageLength) throws IOException
    {
        for (int seed = 0; seed < SEEDS; seed++)
        {
            random = new SplittableRandom(seed);
            folder = root.resolve("seed-" + seed);
            fillAtRandom(capacity, maxMessageLength);
        }
    }

    private void fillAtRandom(final int capacity, final int maxMessageLength) throws IOException
    {
        final Header header = TestChannels.smallHeader().capacity(capacity).maxMessageLength(maxMessageLength).build();
        writer = ShmWriter.create(folder, header, RawBinDataFormat.INSTANCE);
        model = new Model(writer.header());
        while (writer.available() > 0)
        {
            step();
            assertEquals(model.position, writer.writeOffset());
        }
        step();
        assertEquals(model.position, writer.writeOffset());
        assertEquals(
            RecordDescriptor.WATERMARK,
            TestChannels.getLong(writer.file(), RecordDescriptor.RECORD_AREA_OFFSET + model.recordsEnd));
        writer.close();

        assertRecords();
        assertIndex();
        final long end = RecordDescriptor.RECORD_AREA_OFFSET + (long)capacity;
        for (long offset = end - 8; offset < end + RecordDescriptor.FOOTER_LENGTH; offset += 8)
        {
            assertEquals(0, TestChannels.getLong(writer.file(), offset), "offset=" + offset);
        }
    }

    private void step()
    {
        final int length = length();
        final UnsafeBuffer source = TestChannels.bytes(Math.max(length, 1));
        switch (random.nextInt(12))
        {
            case 0 -> write(source, length);
            case 1 -> claimAndCommit(source, length);
            case 2 -> claimAndAbort(length);
            case 3 -> claimAndCommitTooMuch(length);
            case 4 -> encode(source, length);
            case 5 -> claimAtMost(source, length);
            case 6 -> heartbeat();
            case 7 -> writeMoreThanSourceHas(source, length);
            case 8 -> refuseWhileClaimed(source, length);
            case 9 -> resume();
            case 10 -> writer.handOver();
            default -> assertEquals(model.written(source, length), writer.tryWrite(source, 0, length));
        }
    }

    /**
     * Any length, and near the end often one that leaves a little less room than the longest record takes, and then the
     * longest.
     */
    private int length()
    {
        final int beyondLongest = model.room() - Model.alignedLength(model.maxMessageLength);
        if (Math.abs(beyondLongest) <= 8 && random.nextInt(4) > 0)
        {
            return model.maxMessageLength;
        }

        return beyondLongest > 0 && beyondLongest <= model.maxMessageLength && random.nextBoolean() ? beyondLongest :
            random.nextInt(-1, model.maxMessageLength + 3);
    }

    private void write(final UnsafeBuffer source, final int length)
    {
        final long expected = model.written(source, length);
        if (expected > 0)
        {
            assertEquals(expected, writer.write(source, 0, length));
        }
        else
        {
            assertThrows(RuntimeException.class, () -> writer.write(source, 0, length));
        }
    }

    private void claimAndCommit(final UnsafeBuffer source, final int length)
    {
        final long claimed = writer.tryClaim(length);
        assertEquals(model.answer(length), claimed);
        if (claimed > 0)
        {
            final int committed = random.nextInt(1, length + 1);
            writer.slot().putBytes(0, source, 0, committed);
            assertEquals(model.written(source, committed), writer.commit(committed));
        }
    }

    private void claimAndAbort(final int length)
    {
        if (writer.tryClaim(length) > 0)
        {
            writer.slot().setMemory(0, length, (byte)-1);
            writer.abort();
        }
    }

    private void claimAndCommitTooMuch(final int length)
    {
        if (writer.tryClaim(length) > 0)
        {
            if (random.nextBoolean())
            {
                assertThrows(EncodingException.class, () -> writer.commit(length + 1));
            }
            else
            {
                assertThrows(EmptyRecordException.class, () -> writer.commit(0));
            }
        }
    }

    private void encode(final UnsafeBuffer source, final int length)
    {
        if (length >= 1 && model.answer(length) > 0)
        {
            assertEquals(
                model.written(source, length),
                writer.tryWrite((format, slot, offset, maxLength) ->
                {
                    slot.putBytes(offset, source, 0, length);

                    return length;
                }));
        }
    }

    private void claimAtMost(final UnsafeBuffer source, final int length)
    {
        final long claimed = writer.tryClaim(1, Math.max(length, 1));
        assertEquals(model.answer(1) > 0, claimed > 0);
        if (claimed > 0)
        {
            final int fitting = writer.slot().capacity();
            assertEquals(
                Math.min(Math.max(length, 1), Math.min(model.maxMessageLength, model.room() - 8)), fitting);
            final int committed = Math.min(fitting, source.capacity());
            writer.slot().putBytes(0, source, 0, committed);
            assertEquals(model.written(source, committed), writer.commit(committed));
        }
    }

    private void heartbeat()
    {
        assertEquals(model.heartbeat(), writer.tryHeartbeat());
    }

    private void writeMoreThanSourceHas(final UnsafeBuffer source, final int length)
    {
        if (model.answer(length) > 0)
        {
            assertThrows(IndexOutOfBoundsException.class, () -> writer.tryWrite(source, 1, length));
            assertThrows(IndexOutOfBoundsException.class, () -> writer.write(source, -1, length));
        }
    }

    private void refuseWhileClaimed(final UnsafeBuffer source, final int length)
    {
        if (length >= 1 && writer.tryClaim(length) > 0)
        {
            assertThrows(IllegalStateException.class, () -> writer.tryWrite(source, 0, length));
            assertThrows(IllegalStateException.class, () -> writer.tryClaim(length));
            assertThrows(IllegalStateException.class, () -> writer.tryHeartbeat());
            assertEquals(model.position, writer.writeOffset());
            writer.abort();
        }
    }

    private void resume()
    {
        writer.abandon();
        writer = ShmWriter.resume(folder, TestChannels.CHANNEL_ID, RawBinDataFormat.INSTANCE);
    }

    private void assertRecords()
    {
        try (ShmReader reader = ShmReader.open(folder, TestChannels.CHANNEL_ID))
        {
            final List<byte[]> records = TestChannels.readAll(reader);
            assertEquals(model.records.size(), records.size());
            for (int i = 0; i < records.size(); i++)
            {
                assertArrayEquals(model.records.get(i), records.get(i), "record=" + i);
            }
            assertEquals(ReaderState.CLOSED, reader.state());
        }
    }

    private void assertIndex() throws IOException
    {
        assertTrue(model.entries.size() > 1);
        assertEquals(
            model.entries.size(), TestChannels.getLong(writer.file(), ExtensionDescriptor.INDEX_COUNT_OFFSET));
        for (int i = 0; i < model.entries.size(); i++)
        {
            final long entry = writer.extension().indexOffset() + (long)i * ENTRY_LENGTH;
            assertEquals(model.entries.get(i).position(), TestChannels.getLong(writer.file(), entry));
            assertEquals(model.entries.get(i).recordCount(), TestChannels.getLong(writer.file(), entry + 8));
        }
    }

    private record Entry(int position, int recordCount)
    {
    }

    /**
     * What a writer is to do, with a position and no regard for speed.
     */
    private static final class Model
    {
        private final List<byte[]> records = new ArrayList<>();
        private final List<Entry> entries = new ArrayList<>();
        private final int maxMessageLength;
        private final int recordsEnd;
        private final int spacing;

        /**
         * A channel begins with a heartbeat.
         */
        private int position = 8;
        private int boundary;

        Model(final Header header)
        {
            maxMessageLength = header.maxMessageLength();
            recordsEnd = header.capacity() - 16;
            spacing = Math.max(4096, header.capacity() / 16);
        }

        static int alignedLength(final int length)
        {
            return (8 + length + 7) / 8 * 8;
        }

        int room()
        {
            return recordsEnd - position;
        }

        long answer(final int length)
        {
            final int alignedLength = alignedLength(length);

            return length < 1 ? Writer.EMPTY :
                length > maxMessageLength ? Writer.TOO_LONG :
                alignedLength <= room() ? alignedLength :
                room() < 16 ? Writer.CHANNEL_FULL : Writer.NO_SPACE;
        }

        long written(final UnsafeBuffer source, final int length)
        {
            final long answer = answer(length);
            if (answer > 0)
            {
                if (position >= boundary)
                {
                    entries.add(new Entry(position, records.size()));
                    boundary = (position / spacing + 1) * spacing;
                }
                final byte[] record = new byte[length];
                source.getBytes(0, record);
                records.add(record);
                position += (int)answer;
            }

            return answer;
        }

        long heartbeat()
        {
            if (room() < 8)
            {
                return Writer.CHANNEL_FULL;
            }
            position += 8;

            return 8;
        }
    }
}
