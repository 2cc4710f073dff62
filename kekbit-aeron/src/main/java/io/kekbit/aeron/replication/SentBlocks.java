package io.kekbit.aeron.replication;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much was sent. One thread counts, any thread may ask.
 */
final class SentBlocks
{
    private final AtomicLong blocks = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    void add(final int length)
    {
        blocks.setRelease(blocks.getPlain() + 1);
        bytes.setRelease(bytes.getPlain() + length);
    }

    long blocks()
    {
        return blocks.getAcquire();
    }

    long bytes()
    {
        return bytes.getAcquire();
    }
}
