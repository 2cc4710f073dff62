package io.kekbit.core;

import io.kekbit.core.handlers.ChecksumHandler;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.series.SeriesPosition;
import io.kekbit.core.series.SeriesWriter;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A stream of many channels, and readers in processes of their own: one that is slow, one that is killed and started
 * again all the time, and one that joins late. Each of them sees every record, once and in order.
 */
@Tag("series")
class SeriesStreamTest
{
    private static final String NAME = "stream";
    private static final int MAX_LENGTH = 100;
    private static final int RECORDS = Evidence.times("kekbit.series.records", 400_000);
    private static final int ROLLS = 60;
    private static final int AVERAGE_LENGTH = 72;
    private static final long KILL_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(
        Evidence.times("kekbit.series.kill.ms", 400));
    private static final int SLOW = 0;
    private static final int KILLED = 1;
    private static final int LATE = 2;

    @TempDir
    private Path root;
    private Path witnessFile;
    private int kills;

    @Test
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void shouldShowEveryRecordOnceAndInOrderToEveryReaderWhenWriterRollsManyTimes()
        throws IOException, InterruptedException
    {
        witnessFile = root.resolve("witness");
        final AtomicReference<Throwable> agentFailure = new AtomicReference<>();
        final SequenceHandler sequence = new SequenceHandler();
        final String expected = "last=" + RECORDS + " wrong=0";
        final long ordinal;
        ChildJvm late = null;
        ChildJvm killed = null;
        try (SharedWords witness = SharedWords.create(witnessFile, 4);
            ChildJvm slow = start(SLOW, 200))
        {
            assertEquals(0, witness.get(KILLED));
            killed = start(KILLED, 0);
            try (SeriesWriter<RawBinDataFormat> writer = SeriesWriter
                .builder(root, NAME, RawBinDataFormat.INSTANCE)
                .capacity(Math.max(32 * 1024, (long)RECORDS * AVERAGE_LENGTH / ROLLS))
                .maxMessageLength(MAX_LENGTH + 24)
                .handlers(sequence, new ChecksumHandler())
                .open();
                AgentRunner runner = new AgentRunner(
                    new SleepingMillisIdleStrategy(1), agentFailure::set, null, writer.agent()))
            {
                AgentRunner.startOnThread(runner);
                long lastKillNs = System.nanoTime();
                while (sequence.last() < RECORDS)
                {
                    assertTrue(NumberedRecords.tryWrite(writer, sequence.last() + 1, MAX_LENGTH) > 0);
                    if (sequence.last() == RECORDS / 2)
                    {
                        late = start(LATE, 0);
                    }
                    if (sequence.last() % 1024 == 0 && System.nanoTime() - lastKillNs > KILL_INTERVAL_NS)
                    {
                        killed = restart(killed);
                        lastKillNs = System.nanoTime();
                    }
                }
                ordinal = SeriesPosition.ordinal(writer.writeOffset());
                killed = restart(killed);
            }
            assertEquals("reading\n" + expected, slow.awaitEnd().strip());
            assertEquals("reading\n" + expected, late.awaitEnd().strip());
            assertEquals("reading\n" + expected, killed.awaitEnd().strip());
        }
        finally
        {
            close(late);
            close(killed);
        }

        assertNull(agentFailure.get());
        assertTrue(ordinal >= 50, "rolls=" + ordinal);
        Evidence.print(
            "series read in three processes", "records", RECORDS, "rolls", ordinal, "readerKills", kills, "missed", 0,
            "doubled", 0);
    }

    private ChildJvm start(final int word, final int restUs) throws IOException
    {
        return ChildJvm.start(
            ChildJvm.QUICK_START, SeriesStreamReader.class, root, NAME, witnessFile, word, MAX_LENGTH, restUs);
    }

    private ChildJvm restart(final ChildJvm reader) throws IOException, InterruptedException
    {
        assertTrue(reader.isAlive());
        reader.killAndRead();
        reader.close();
        kills++;

        return start(KILLED, 0);
    }

    private static void close(final ChildJvm child)
    {
        if (child != null)
        {
            child.close();
        }
    }
}
