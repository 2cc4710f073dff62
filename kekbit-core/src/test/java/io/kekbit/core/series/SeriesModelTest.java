package io.kekbit.core.series;

import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.WriteHandler;
import io.kekbit.core.Writer;
import io.kekbit.core.handlers.ChecksumHandler;
import io.kekbit.core.handlers.SequenceHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A series holds just what a list would, whatever is called in whatever order, with the agent working now and then, and
 * the writer closed and opened again: records of random lengths, read by a reader that has followed all along, by one
 * that comes late, and by position and number.
 */
class SeriesModelTest
{
    private static final int STEPS = 4000;
    private static final int MAX_LENGTH = 90;

    @TempDir
    private Path root;
    private final List<byte[]> model = new ArrayList<>();
    private final UnsafeBuffer source = new UnsafeBuffer(new byte[MAX_LENGTH]);
    private SplittableRandom random;
    private SeriesWriter<RawBinDataFormat> writer;
    private boolean isEnveloped;
    private int followed;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldHoldWhatListHoldsWhenCalledAtRandom(final long seed)
    {
        random = new SplittableRandom(seed);
        isEnveloped = seed % 2 == 0;
        writer = open();
        final long[] nowNs = {0};
        try (SeriesReader follower = SeriesReader.builder(root, TestSeries.NAME).clock(() -> nowNs[0]).open())
        {
            for (int step = 0; step < STEPS; step++)
            {
                step();
                if (random.nextInt(20) == 0)
                {
                    nowNs[0] += 1_000_000;
                    follow(follower);
                }
            }
            nowNs[0] += 1_000_000;
            follow(follower);
            assertEquals(model.size(), followed);
            assertEquals(model.size(), writer.nextRecordNumber());
        }
        assertTrue(SeriesPosition.ordinal(writer.writeOffset()) > 10, writer.toString());
        writer.close();
        checkFromStart();
    }

    private SeriesWriter<RawBinDataFormat> open()
    {
        final WriteHandler[] handlers = isEnveloped ?
            new WriteHandler[]{new SequenceHandler(), new ChecksumHandler()} : new WriteHandler[0];

        return TestSeries.builder(root).handlers(handlers).open();
    }

    private void step()
    {
        switch (random.nextInt(40))
        {
            case 0 -> writer.heartbeat();
            case 1, 2, 3 -> writer.agent().doWork();
            case 4 ->
            {
                writer.claim(1 + random.nextInt(MAX_LENGTH));
                writer.abort();
            }
            case 5 -> assertEquals(
                Writer.TOO_LONG, writer.tryClaim(writer.header().maxMessageLength() + 1 + random.nextInt(100)));
            case 6 ->
            {
                if (random.nextInt(20) == 0)
                {
                    writer.close();
                    writer = open();
                }
            }
            case 7 ->
            {
                if (random.nextInt(10) == 0)
                {
                    writer.flush();
                }
            }
            default -> write();
        }
    }

    private void write()
    {
        final byte[] record = new byte[1 + random.nextInt(MAX_LENGTH)];
        for (int i = 0; i < record.length; i++)
        {
            record[i] = (byte)random.nextInt();
        }
        source.putBytes(0, record);
        final long before = writer.writeOffset();
        final long written = switch (random.nextInt(5))
        {
            case 0 -> writer.write(source, 0, record.length);
            case 1 -> writer.tryWrite(source, 0, record.length);
            case 2 -> writer.write((format, slot, offset, maxLength) ->
            {
                slot.putBytes(offset, record);

                return record.length;
            });
            case 3 ->
            {
                writer.claim(1, MAX_LENGTH);
                writer.slot().putBytes(0, record);

                yield writer.commit(record.length);
            }
            default ->
            {
                writer.claim(record.length);
                writer.slot().putBytes(0, record);

                yield writer.commit(record.length);
            }
        };
        assertTrue(written > record.length);
        final long after = writer.writeOffset();
        assertTrue(after == before + written || after == SeriesPosition.of(
            SeriesPosition.ordinal(before) + 1, 8 + written), before + " " + after);
        model.add(record);
    }

    private void follow(final SeriesReader follower)
    {
        if (random.nextBoolean())
        {
            while (follower.next())
            {
                assertArrayEquals(model.get(followed), content(follower));
                if (isEnveloped)
                {
                    assertEquals(followed + 1, follower.sequence());
                }
                followed++;
            }
        }
        else
        {
            while (follower.read((buffer, offset, length, position, nextPosition) ->
            {
                final byte[] found = new byte[length];
                buffer.getBytes(offset, found);
                assertArrayEquals(model.get(followed), found);
                followed++;
            }, 1 + random.nextInt(50)) > 0)
            {
                continue;
            }
        }
    }

    private void checkFromStart()
    {
        final List<Long> positions = new ArrayList<>();
        try (SeriesReader reader = SeriesReader.open(root, TestSeries.NAME))
        {
            while (reader.next())
            {
                assertArrayEquals(model.get(positions.size()), content(reader));
                positions.add(reader.recordPosition());
            }
            assertEquals(model.size(), positions.size());
            assertEquals(positions, positions.stream().sorted().distinct().toList());
            for (int i = 0; i < 200; i++)
            {
                final int number = random.nextInt(model.size());
                if (random.nextBoolean())
                {
                    reader.moveTo(positions.get(number));
                }
                else
                {
                    assertTrue(reader.seekToRecord(number));
                }
                assertTrue(reader.next());
                assertEquals(positions.get(number), reader.recordPosition());
                assertTrue(Arrays.equals(model.get(number), content(reader)));
            }
            assertFalse(reader.seekToRecord(model.size()));
        }
    }

    private static byte[] content(final SeriesReader reader)
    {
        final byte[] found = new byte[reader.length()];
        reader.buffer().getBytes(reader.offset(), found);

        return found;
    }
}
