package io.kekbit.core;

import io.kekbit.core.exceptions.PositionInUseException;
import io.kekbit.core.positions.NamedPosition;
import io.kekbit.core.positions.NamedReader;
import io.kekbit.core.series.SeriesPosition;
import io.kekbit.core.series.SeriesReader;
import io.kekbit.core.series.SeriesWriter;
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
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Named readers that are killed by SIGKILL again and again, most of them while they store their position: the next one
 * of the name goes on with the record behind the last one handled, or with that one once more.
 */
@Tag("kill")
class KillNamedReaderTest
{
    private static final int KILLS = Evidence.times("kekbit.position.kills", 10);
    private static final int RECORDS_PER_KILL = 60_000;
    private static final int LONGEST_LIFE_US = 20_000;
    private static final String NAME = "mortal";
    private static final String SERIES = "ticks";
    private static final int CHANNEL_OF_SERIES = 256 * 1024;

    /**
     * The number of the last record whose handler has returned, or is about to.
     */
    private static final int HANDLED = 0;

    /**
     * How many records were handled more than once.
     */
    private static final int AGAIN = 1;

    /**
     * The number at which a reader ends by itself.
     */
    private static final int LAST = 2;

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final String inRun = "seed=" + seed;
    private final UnsafeBuffer number = new UnsafeBuffer(new byte[8]);

    @TempDir
    private Path folder;
    private long written;
    private int killedWhileReading;

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void shouldSkipNoRecordWhenNamedReaderIsKilledAtAnyInstant() throws IOException, InterruptedException
    {
        final Header header = Header.builder()
            .channelId(TestChannels.CHANNEL_ID)
            .capacity((KILLS + 2L) * RECORDS_PER_KILL * 16)
            .maxMessageLength(8)
            .build();
        try (ShmWriter<RawBinDataFormat> writer = ShmWriter.create(folder, header, RawBinDataFormat.INSTANCE))
        {
            kill(writer, false);
        }
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void shouldSkipNoRecordWhenNamedReaderOfSeriesIsKilledAtAnyInstant() throws IOException, InterruptedException
    {
        try (SeriesWriter<RawBinDataFormat> writer = SeriesWriter.builder(folder, SERIES, RawBinDataFormat.INSTANCE)
            .capacity(CHANNEL_OF_SERIES).maxMessageLength(8).open())
        {
            kill(writer, true);
            assertTrue(writer.writeOffset() > SeriesPosition.of(1, 0), inRun);
        }
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void shouldRefuseNameWhileAnotherProcessHasItAndGiveItWhenThatIsKilled() throws IOException, InterruptedException
    {
        final Path positions = folder.resolve("positions");
        final Path witnessFile = folder.resolve("witness");
        try (ShmWriter<RawBinDataFormat> writer = TestChannels.createSmall(folder);
            SharedWords witness = SharedWords.create(witnessFile, 3);
            ShmReader own = ShmReader.open(folder, TestChannels.CHANNEL_ID))
        {
            write(writer, 1);
            try (ChildJvm other = ChildJvm.start(
                ChildJvm.QUICK_START, NumberReader.class, folder, positions, witnessFile, false))
            {
                assertEquals("reading", other.readLine());
                assertThrows(PositionInUseException.class, () -> NamedReader.open(positions, NAME, own));
                assertTrue(NamedPosition.of(positions, NAME).isInUse());
                assertEquals("", other.killAndRead());
            }
            assertFalse(NamedPosition.of(positions, NAME).isInUse());
            assertEquals(0, witness.get(LAST));
            NamedReader.open(positions, NAME, own).close();
        }
    }

    private void kill(final Writer<?> writer, final boolean isSeries) throws IOException, InterruptedException
    {
        final Path positions = folder.resolve("positions");
        final Path witnessFile = folder.resolve("witness");
        try (SharedWords witness = SharedWords.create(witnessFile, 3))
        {
            write(writer, 10);
            for (int kill = 0; kill < KILLS; kill++)
            {
                try (ChildJvm reader = ChildJvm.start(
                    ChildJvm.QUICK_START, NumberReader.class, folder, positions, witnessFile, isSeries))
                {
                    assertEquals("reading", reader.readLine(), inRun);
                    final int count = random.nextInt(RECORDS_PER_KILL);
                    write(writer, count / 2);
                    LockSupport.parkNanos(1000L * random.nextInt(LONGEST_LIFE_US));
                    write(writer, count - count / 2);
                    assertTrue(reader.isAlive(), inRun);
                    assertEquals("", reader.killAndRead(), inRun + " kill=" + kill);
                }
                // Readable by anybody, whatever the reader was at.
                final NamedPosition stored = NamedPosition.of(positions, NAME);
                final long handled = witness.get(HANDLED);
                killedWhileReading += handled < written ? 1 : 0;
                assertTrue(
                    stored.records().orElseThrow() == handled || stored.records().orElseThrow() == handled - 1,
                    inRun + " kill=" + kill + " handled=" + handled + " stored=" + stored);
                assertEquals(stored.records(), lag(stored, isSeries).recordsBefore(), inRun);
            }

            witness.set(LAST, written);
            try (ChildJvm reader = ChildJvm.start(
                ChildJvm.QUICK_START, NumberReader.class, folder, positions, witnessFile, isSeries))
            {
                assertEquals("reading\n", reader.awaitEnd(), inRun);
            }
            assertEquals(written, witness.get(HANDLED), inRun);
            assertEquals(written, NamedPosition.of(positions, NAME).records().orElseThrow(), inRun);
            assertTrue(witness.get(AGAIN) <= KILLS, inRun);
            assertTrue(killedWhileReading > 0, inRun);
            Evidence.print(
                "kill -9 of named readers of a " + (isSeries ? "series" : "channel"), "kills", KILLS,
                "killedWhileReading", killedWhileReading, "records", written, "skipped", 0, "handledAgain",
                witness.get(AGAIN), "seed", seed);
        }
    }

    private Lag lag(final NamedPosition stored, final boolean isSeries)
    {
        if (!isSeries)
        {
            return stored.lag(TestChannels.file(folder));
        }
        try (SeriesReader reader = SeriesReader.open(folder, SERIES))
        {
            return reader.lag(stored.position());
        }
    }

    private void write(final Writer<?> writer, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            number.putLong(0, ++written, LITTLE_ENDIAN);
            writer.write(number, 0, 8);
        }
    }

    /**
     * Reads numbers by name until it is killed; says more than one word only if it finds something wrong.
     */
    static final class NumberReader
    {
        private NumberReader()
        {
        }

        /**
         * @param args root, folder of positions, file of the witness, whether it is a series.
         */
        public static void main(final String[] args)
        {
            ChildJvm.endWithParent();
            final SharedWords witness = SharedWords.open(Path.of(args[2]));
            final RecordHandler handler = (buffer, offset, length, position, nextPosition) ->
                handle(witness, buffer.getLong(offset, LITTLE_ENDIAN));
            try (NamedReader reader = open(Path.of(args[0]), Path.of(args[1]), Boolean.parseBoolean(args[3])))
            {
                System.out.println("reading");
                while (witness.get(LAST) == 0 || witness.get(HANDLED) < witness.get(LAST))
                {
                    reader.read(handler, 1000);
                }
            }
        }

        private static NamedReader open(final Path root, final Path positions, final boolean isSeries)
        {
            return isSeries ? SeriesReader.open(root, SERIES).named(positions, NAME).open() :
                NamedReader.open(positions, NAME, ShmReader.open(root, TestChannels.CHANNEL_ID));
        }

        private static void handle(final SharedWords witness, final long number)
        {
            final long last = witness.get(HANDLED);
            if (number == last)
            {
                witness.set(AGAIN, witness.get(AGAIN) + 1);
            }
            else if (number == last + 1)
            {
                witness.set(HANDLED, number);
            }
            else
            {
                System.out.println("handled " + number + " after " + last);
            }
        }
    }
}
