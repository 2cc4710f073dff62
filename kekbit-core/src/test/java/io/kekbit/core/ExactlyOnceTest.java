package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.layout.ChannelPath;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The recipe of {@code docs/positions.md} by which each record is handled exactly once, as it stands there: the
 * position is part of the output.
 */
@Tag("kill")
class ExactlyOnceTest
{
    private static final int KILLS = Evidence.times("kekbit.position.kills", 10);
    private static final int MANY = 50;
    private static final int RECORDS_PER_KILL = 60_000;
    private static final int LONGEST_LIFE_US = 3_000;
    private static final long SOURCE = 1;
    private static final long OUTPUT = 2;

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final String inRun = "seed=" + seed;
    private final UnsafeBuffer number = new UnsafeBuffer(new byte[8]);

    @TempDir
    private Path root;
    private long written;
    private long copied;
    private int killedWhileCopying;

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void shouldHandleEachRecordOnceWhenConsumerIsKilledAtAnyInstant() throws IOException, InterruptedException
    {
        try (ShmWriter<RawBinDataFormat> writer =
            ShmWriter.create(root, header(SOURCE, 16), RawBinDataFormat.INSTANCE))
        {
            write(writer, 10);
            for (int kill = 0; kill < KILLS; kill++)
            {
                try (ChildJvm consumer = ChildJvm.start(
                    ChildJvm.QUICK_START, Consumer.class, root, KILLS, Long.MAX_VALUE))
                {
                    assertEquals("consuming", consumer.readLine(), inRun);
                    write(writer, 1 + random.nextInt(RECORDS_PER_KILL / 2));
                    // A few of them while they take the output over, the others while they copy.
                    if (random.nextInt(4) > 0)
                    {
                        awaitOutputLongerThan(copied);
                    }
                    LockSupport.parkNanos(1000L * random.nextInt(LONGEST_LIFE_US));
                    write(writer, random.nextInt(RECORDS_PER_KILL / 2));
                    assertTrue(consumer.isAlive(), inRun);
                    assertEquals("", consumer.killAndRead(), inRun + " kill=" + kill);
                }
                final long before = copied;
                copied = outputLength();
                final boolean isAllCopied = copied > 0 && positionInLastRecord(root, OUTPUT) == writer.writeOffset();
                killedWhileCopying += copied > before && !isAllCopied ? 1 : 0;
            }
            assertTrue(killedWhileCopying > 0 || KILLS < MANY, inRun);
            try (ChildJvm consumer = ChildJvm.start(
                ChildJvm.QUICK_START, Consumer.class, root, KILLS, writer.writeOffset()))
            {
                assertEquals("consuming\n", consumer.awaitEnd(), inRun);
            }
        }

        long expected = 0;
        try (ShmReader output = ShmReader.open(root, OUTPUT))
        {
            while (output.next())
            {
                expected++;
                assertEquals(expected, output.buffer().getLong(output.offset() + Long.BYTES, LITTLE_ENDIAN), inRun);
            }
        }
        assertEquals(written, expected, inRun);
        Evidence.print(
            "kill -9 of consumers that keep the position in their output", "kills", KILLS, "killedWhileCopying",
            killedWhileCopying, "records", written, "missing", 0, "doubled", 0, "seed", seed);
    }

    private long outputLength()
    {
        try
        {
            return ChannelStatus.of(ChannelPath.file(root, OUTPUT)).used();
        }
        catch (final ChannelNotFoundException ex)
        {
            return 0;
        }
    }

    private void awaitOutputLongerThan(final long length)
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        // One that was just made holds a heartbeat.
        while (outputLength() <= Math.max(Long.BYTES, length))
        {
            assertTrue(System.nanoTime() - deadlineNs < 0, inRun + " nothing is copied");
            LockSupport.parkNanos(50_000);
        }
    }

    @Test
    void shouldBeginAtTheStartWhenThereIsNoOutputYet()
    {
        ShmWriter.create(root, header(OUTPUT, 24), RawBinDataFormat.INSTANCE).close();

        assertEquals(0, positionInLastRecord(root, OUTPUT));
    }

    private static Header header(final long channelId, final int recordLength)
    {
        return header(channelId, recordLength, KILLS);
    }

    private static Header header(final long channelId, final int recordLength, final int kills)
    {
        return Header.builder()
            .channelId(channelId)
            .capacity((kills + 2L) * RECORDS_PER_KILL * recordLength)
            .maxMessageLength(recordLength - 8)
            .build();
    }

    private void write(final Writer<?> writer, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            number.putLong(0, ++written, LITTLE_ENDIAN);
            writer.write(number, 0, 8);
        }
    }

    private static void consume(final Path root, final Header outputHeader, final long last)
    {
        // page begin
        try (ShmWriter<RawBinDataFormat> output =
            ShmWriter.createOrResume(root, outputHeader, RawBinDataFormat.INSTANCE);
            ShmReader source = ShmReader.open(root, SOURCE))
        {
            source.moveTo(positionInLastRecord(root, OUTPUT));
            final RecordHandler handler = (buffer, offset, length, position, nextPosition) ->
            {
                output.claim(Long.BYTES + length);
                output.slot().putLong(0, nextPosition, LITTLE_ENDIAN);
                output.slot().putBytes(Long.BYTES, buffer, offset, length);
                output.commit(Long.BYTES + length);
            };
            while (source.position() < last)
            {
                source.read(handler, 64);
            }
        }
        // page end
    }

    // page begin
    static long positionInLastRecord(final Path root, final long channelId)
    {
        try (ShmReader output = ShmReader.open(root, channelId))
        {
            final long records = ChannelStatus.of(output.file()).records().orElseThrow();
            if (records == 0)
            {
                return 0;
            }
            output.seekToRecord(records - 1);
            output.next();

            return output.buffer().getLong(output.offset(), LITTLE_ENDIAN);
        }
    }
    // page end

    /**
     * Copies numbers until it is killed, or has copied all.
     */
    static final class Consumer
    {
        private Consumer()
        {
        }

        /**
         * @param args root, kills, position to end at.
         */
        public static void main(final String[] args)
        {
            ChildJvm.endWithParent();
            System.out.println("consuming");
            consume(Path.of(args[0]), header(OUTPUT, 24, Integer.parseInt(args[1])), Long.parseLong(args[2]));
        }
    }
}
