package io.kekbit.core;

import org.agrona.concurrent.UnsafeBuffer;

import java.util.Random;

/**
 * Everything that a writer can do, in random order: so that a channel holds records of every length, heartbeats, and
 * what aborted and shortened claims leave behind.
 */
final class RandomTraffic
{
    private final Random random;
    private final ShmWriter<RawBinDataFormat> writer;
    private final UnsafeBuffer content;

    RandomTraffic(final Random random, final ShmWriter<RawBinDataFormat> writer)
    {
        this.random = random;
        this.writer = writer;
        content = new UnsafeBuffer(new byte[writer.header().maxMessageLength()]);
    }

    /**
     * One thing more.
     *
     * @return false where no record fits any more.
     */
    boolean next()
    {
        final int longest = writer.longestContent();
        if (longest < 1)
        {
            return false;
        }
        random.nextBytes(content.byteArray());
        final int length = 1 + random.nextInt(longest);
        switch (random.nextInt(8))
        {
            case 0 -> writer.heartbeat();
            case 1 ->
            {
                writer.claim(length);
                writer.slot().putBytes(0, content, 0, length);
                writer.abort();
            }
            case 2 ->
            {
                writer.claim(length);
                writer.slot().putBytes(0, content, 0, length);
                writer.commit(1 + random.nextInt(length));
            }
            case 3 -> writer.write(content, 0, longest);
            case 4 -> writer.write(content, 0, 1);
            default -> writer.write(content, 0, length);
        }

        return true;
    }
}
