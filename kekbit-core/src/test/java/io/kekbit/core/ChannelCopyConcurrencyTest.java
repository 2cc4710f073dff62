package io.kekbit.core;

import org.junit.jupiter.api.BeforeEach;
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

    @TempDir
    private Path root;
    private Path source;
    private long records;

    @BeforeEach
    void writeSource()
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
