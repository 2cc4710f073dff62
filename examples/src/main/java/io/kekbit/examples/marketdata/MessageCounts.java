package io.kekbit.examples.marketdata;

import java.util.Locale;

/**
 * What went through the channel on one side: messages of each kind, bytes, and how fast.
 */
final class MessageCounts
{
    private final long[] countByKind = new long[MessageKind.count()];
    private long bytes;
    private long timedMessages;
    private long firstTime;
    private long lastTime;

    /**
     * Count a message that tells of no event, and comes before those that do.
     */
    void add(final MessageKind kind, final long recordLength)
    {
        countByKind[kind.code()]++;
        bytes += recordLength;
    }

    /**
     * Count a message.
     *
     * @param nanoTime     now, by any clock, but always the same.
     * @param kind         of the message.
     * @param recordLength bytes that it takes in the channel.
     */
    void addAt(final long nanoTime, final MessageKind kind, final long recordLength)
    {
        if (timedMessages++ == 0)
        {
            firstTime = nanoTime;
        }
        lastTime = nanoTime;
        add(kind, recordLength);
    }

    /**
     * The number of messages that tell of an event.
     */
    long messages()
    {
        return timedMessages;
    }

    /**
     * When the last of them was counted.
     */
    long lastTime()
    {
        return lastTime;
    }

    /**
     * How many messages of which kind in how many bytes: the same on both sides when all have arrived.
     */
    String summary()
    {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < countByKind.length; i++)
        {
            text.append(String.format(Locale.ROOT, "%s=%,d ", MessageKind.of(i).messageName(), countByKind[i]));
        }

        return text.append(String.format(Locale.ROOT, "bytes=%,d", bytes)).toString();
    }

    /**
     * How fast the messages came, from the first to the last.
     */
    String rate()
    {
        final double seconds = (lastTime - firstTime) / 1e9;

        return timedMessages < 2 || seconds <= 0 ?
            "too few to tell" :
            String.format(
                Locale.ROOT,
                "%,.0f messages/s, %,.1f MB/s, for %.3f s",
                (timedMessages - 1) / seconds,
                bytes / seconds / 1e6,
                seconds);
    }
}
