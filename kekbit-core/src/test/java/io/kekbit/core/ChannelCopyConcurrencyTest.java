package io.kekbit.core;

import io.kekbit.core.layout.ExtensionDescriptor;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Readers of a copy, in this process and in another, while blocks are appended: each sees all of a block or nothing of
 * it, and all blocks in order.
 */
class ChannelCopyConcurrencyTest
{
    private static final int CAPACITY = 16 * 1024 * 1024;
    private static final int MAX_LENGTH = 128;
    private static final int BLOCK_LIMIT = 700;
    private static final int READERS = 2;
    private static final int SHORT_CAPACITY = 256 * 1024;
    private static final int ROUNDS = 5;

    @TempDir
    private Path root;
    private Path source;
    private long records;

    private void writeSource()
    {
        final Header header =
            Header.builder().channelId(1).capacity(CAPACITY).maxMessageLength(MAX_LENGTH).build();
        try (ShmWriter<RawBinDataFormat> writer =
            ShmWriter.create(root.resolve("source"), header, RawBinDataFormat.INSTANCE))
        {
            source = writer.file();
            while (NumberedRecords.tryWrite(writer, records, MAX_LENGTH) > 0)
            {
                records++;
                if (records % 100 == 0 && writer.available() > 0)
                {
                    writer.heartbeat();
                }
            }
        }
    }

    @Test
    @Timeout(120)
    void shouldShowEveryBlockWholeOrNotAtAllWhenReadWhileItIsAppended()
        throws ExecutionException, InterruptedException, IOException
    {
        writeSource();
        final Path targetRoot = root.resolve("target");
        final ChannelCopy copy = Copying.open(source, targetRoot);
        final List<FutureTask<String>> readings = new ArrayList<>();
        try (ChildJvm child = ChildJvm.start(ChildJvm.QUICK_START, Reading.class, source, copy.file());
            BlockReader blocks = BlockReader.open(source))
        {
            // It reads already.
            assertEquals("reading", child.readLine());
            final CountDownLatch opened = new CountDownLatch(READERS);
            for (int i = 0; i < READERS; i++)
            {
                final FutureTask<String> reading =
                    new FutureTask<>(() -> Reading.read(source, copy.file(), opened::countDown));
                readings.add(reading);
                new Thread(reading, "reader-" + i).start();
            }
            opened.await();
            Copying.append(blocks, copy, BLOCK_LIMIT);
            copy.complete();

            final String expected = "records=" + records;
            for (final FutureTask<String> reading : readings)
            {
                assertEquals(expected, reading.get());
            }
            final String output = child.awaitEnd();
            assertTrue(output.contains(expected), output);
        }
        Copying.assertSame(source, copy.file());
    }

    /**
     * A writer publishes a record before it writes the record's entry: blocks that are taken between the two would
     * leave a copy without it.
     */
    @Test
    @Timeout(120)
    void shouldHaveSameIndexWhenCopiedWhileItIsWritten() throws InterruptedException, ExecutionException, IOException
    {
        for (int round = 0; round < ROUNDS; round++)
        {
            final Path folder = root.resolve("round-" + round);
            final Header header =
                Header.builder().channelId(1).capacity(SHORT_CAPACITY).maxMessageLength(MAX_LENGTH).build();
            final ShmWriter<RawBinDataFormat> writer =
                ShmWriter.builder(folder.resolve("source"), header, RawBinDataFormat.INSTANCE)
                    .clock(ChannelCopyConcurrencyTest::slowClock)
                    .create();
            final CountDownLatch ready = new CountDownLatch(1);
            final FutureTask<Path> copying = new FutureTask<>(() -> copyToItsEnd(writer.file(), folder, ready));
            new Thread(copying, "copies").start();
            ready.await();
            long number = 0;
            while (NumberedRecords.tryWrite(writer, number, MAX_LENGTH) > 0)
            {
                number++;
            }
            writer.close();

            Copying.assertSame(writer.file(), copying.get());
            assertTrue(TestChannels.getLong(writer.file(), ExtensionDescriptor.INDEX_COUNT_OFFSET) > 10);
        }
    }

    /**
     * The time that stands in an entry is asked for when the record is published.
     */
    private static long slowClock()
    {
        LockSupport.parkNanos(100_000);

        return SystemEpochNanoClock.INSTANCE.nanoTime();
    }

    private static Path copyToItsEnd(final Path source, final Path folder, final CountDownLatch ready)
    {
        try (BlockReader blocks = BlockReader.open(source);
            ChannelCopy copy = ChannelCopy.open(folder.resolve("target"), blocks.blueprint()))
        {
            ready.countDown();
            while (blocks.state() != ReaderState.CLOSED)
            {
                Copying.append(blocks, copy, BLOCK_LIMIT);
            }
            copy.complete();

            return copy.file();
        }
    }

    /**
     * Reads a copy to its end.
     */
    static final class Reading
    {
        private Reading()
        {
        }

        public static void main(final String[] args)
        {
            ChildJvm.endWithParent();
            System.out.println(
                read(Path.of(args[0]), Path.of(args[1]), () -> System.out.println("reading")));
        }

        static String read(final Path source, final Path copy, final Runnable onOpen)
        {
            final Set<Long> boundaries = Copying.boundaries(source, BLOCK_LIMIT);
            final long[] next = new long[1];
            try (ShmReader reader = ShmReader.builder(copy).open())
            {
                onOpen.run();
                while (reader.state() != ReaderState.CLOSED)
                {
                    final int count = reader.read(
                        (buffer, offset, length, position, nextPosition) ->
                        {
                            if (!NumberedRecords.isRight(next[0]++, buffer, offset, length, MAX_LENGTH))
                            {
                                throw new AssertionError("record " + (next[0] - 1) + " is torn at " + position);
                            }
                        },
                        Integer.MAX_VALUE);
                    if (count > 0 && !boundaries.contains(reader.position()))
                    {
                        throw new AssertionError("a part of a block at " + reader.position());
                    }
                    if (count == 0)
                    {
                        Thread.onSpinWait();
                    }
                }
            }

            return "records=" + next[0];
        }
    }
}
