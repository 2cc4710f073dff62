package io.kekbit.core;

import io.kekbit.core.exceptions.WriterActiveException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A writer process that is stopped, as by a debugger or a frozen container, is silent but not dead: readers say so, and
 * nobody takes its channel over. When it goes on, all goes on.
 */
@Tag("life-cycle")
class StoppedWriterTest
{
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);
    private static final int STOPS = Evidence.times("kekbit.stops", 1);
    private static final int TIMEOUT_MS = 200;
    private static final int MAX_LENGTH = 100;

    @TempDir
    private Path root;
    private long records;
    private long gaps;

    @Test
    @Timeout(180)
    void shouldTimeOutAndRecoverWhenWriterIsStoppedAndGoesOn() throws IOException, InterruptedException
    {
        int stops = 0;
        try (ChildJvm child = ChildJvm.start(ChildJvm.QUICK_START, Beating.class, root))
        {
            assertEquals("writing", child.readLine());
            try (ShmReader reader = ShmReader.builder(root, 1)
                .gapListener((expected, actual, position) -> gaps++).open())
            {
                for (int round = 0; round < STOPS; round++)
                {
                    final long before = records;
                    readUntil(reader, ReaderState.OPEN, before + 10);
                    signal("STOP", child.pid());
                    stops++;
                    readUntil(reader, ReaderState.TIMED_OUT, before);
                    assertTrue(child.isAlive());
                    assertThrows(
                        WriterActiveException.class, () -> ShmWriter.resume(root, 1, RawBinDataFormat.INSTANCE));
                    signal("CONT", child.pid());
                    final long atStop = records;
                    readUntil(reader, ReaderState.OPEN, atStop + 1);
                }
                child.endInput();
                final String end = child.readLine();
                readUntil(reader, ReaderState.CLOSED, 0);
                assertEquals("written " + records, end);
            }
            child.awaitEnd();
            assertEquals(0, child.exitStatus());
        }
        assertEquals(0, gaps);
        Evidence.print(
            "stopped writers", "stops", stops, "timedOut", stops, "takenOver", 0, "recovered", stops,
            "records", records, "lost", gaps);
    }

    private void readUntil(final ShmReader reader, final ReaderState state, final long leastRecords)
    {
        final long deadlineNs = System.nanoTime() + PATIENCE_NS;
        do
        {
            assertTrue(
                System.nanoTime() - deadlineNs < 0, () -> "no " + state + " state=" + reader.state() +
                " records=" + records + " leastRecords=" + leastRecords);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            reader.read((buffer, offset, length, position, next) ->
            {
                records++;
                assertTrue(NumberedRecords.isRight(records, buffer, offset, length, MAX_LENGTH), "record " + records);
            }, 1_000);
        }
        while (reader.state() != state || records < leastRecords);
    }

    private static void signal(final String name, final long pid) throws IOException, InterruptedException
    {
        assertEquals(0, new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor());
    }

    /**
     * Writes records, with heartbeats between them, until its input ends.
     */
    static final class Beating
    {
        private Beating()
        {
        }

        public static void main(final String[] args) throws IOException
        {
            final Header header = Header.builder().channelId(1).capacity(1 << 26).maxMessageLength(MAX_LENGTH + 12)
                .timeout(TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS)).build();
            long number = 0;
            try (EnvelopeWriter<RawBinDataFormat> writer = NumberedRecords.create(Path.of(args[0]), header))
            {
                System.out.println("writing");
                final Thread input = new Thread(() -> awaitEndOfInput());
                input.start();
                while (input.isAlive())
                {
                    writer.heartbeat();
                    if (NumberedRecords.tryWrite(writer, number + 1, MAX_LENGTH) < 0)
                    {
                        throw new AssertionError("full");
                    }
                    number++;
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                }
            }
            System.out.println("written " + number);
        }

        private static void awaitEndOfInput()
        {
            try
            {
                assertEquals(-1, System.in.read());
            }
            catch (final IOException ex)
            {
                throw new AssertionError(ex);
            }
        }
    }
}
