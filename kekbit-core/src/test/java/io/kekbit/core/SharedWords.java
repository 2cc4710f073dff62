package io.kekbit.core;

import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Numbers that processes share by way of a mapped file. What was stored there outlives the process that stored it,
 * whatever it died of, so they can witness what a channel has to hold, without asking the channel.
 */
final class SharedWords implements AutoCloseable
{
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

    private final MappedByteBuffer mapped;
    private final UnsafeBuffer words;

    private SharedWords(final Path file)
    {
        mapped = IoUtil.mapExistingFile(file.toFile(), "shared words");
        words = new UnsafeBuffer(mapped);
    }

    static SharedWords create(final Path file, final int count) throws IOException
    {
        Files.write(file, new byte[count * Long.BYTES]);

        return new SharedWords(file);
    }

    static SharedWords open(final Path file)
    {
        return new SharedWords(file);
    }

    long get(final int index)
    {
        return words.getLongAcquire(index * Long.BYTES);
    }

    void set(final int index, final long value)
    {
        words.putLongRelease(index * Long.BYTES, value);
    }

    /**
     * Arrive where others arrive as well, and go on with them at the same instant.
     *
     * @param index   of the word that counts who arrived.
     * @param arrived how many have to have arrived, of this meeting and all before it.
     */
    void meet(final int index, final long arrived)
    {
        words.getAndAddLong(index * Long.BYTES, 1);
        final long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (get(index) < arrived)
        {
            if (System.nanoTime() - deadlineNs > 0)
            {
                throw new AssertionError("arrived " + get(index) + " of " + arrived);
            }
            // There may be fewer cores than processes.
            Thread.yield();
        }
    }

    @Override
    public void close()
    {
        words.wrap(new byte[0]);
        IoUtil.unmap(mapped);
    }
}
