package io.kekbit.benchmarks.stream;

import java.util.StringJoiner;

/**
 * What the far side of a measurement is to do with a channel, in a form that fits into a line.
 *
 * @param kind        what to do.
 * @param channel     the channel that the near side made.
 * @param backChannel one for the far side to make, where it sends too.
 * @param length      of every message in bytes.
 * @param messages    how many there will be.
 * @param maxSpins    how often to spin at most before looking again where nothing was there.
 */
record Job(Kind kind, int channel, int backChannel, int length, long messages, int maxSpins)
{
    private static final String SEPARATOR = " ";

    /**
     * What there is to do.
     */
    enum Kind
    {
        /** Count messages. */
        RECEIVE,
        /** Record the latency of messages. */
        RECORD,
        /** Send messages back. */
        ECHO,
        /** Make a channel and fill it. */
        FILL
    }

    static Job receive(final int channel, final int length, final long messages)
    {
        return receive(channel, length, messages, 1);
    }

    static Job receive(final int channel, final int length, final long messages, final int maxSpins)
    {
        return new Job(Kind.RECEIVE, channel, channel, length, messages, maxSpins);
    }

    static Job recordLatency(final int channel, final int length, final long messages)
    {
        return new Job(Kind.RECORD, channel, channel, length, messages, 1);
    }

    static Job echo(final int channel, final int backChannel, final int length, final long messages)
    {
        return new Job(Kind.ECHO, channel, backChannel, length, messages, 1);
    }

    static Job fill(final int channel, final int length, final long messages)
    {
        return new Job(Kind.FILL, channel, channel, length, messages, 1);
    }

    static Job parse(final String line)
    {
        final String[] parts = line.split(SEPARATOR);

        return new Job(
            Kind.valueOf(parts[0]),
            Integer.parseInt(parts[1]),
            Integer.parseInt(parts[2]),
            Integer.parseInt(parts[3]),
            Long.parseLong(parts[4]),
            Integer.parseInt(parts[5]));
    }

    String toLine()
    {
        return new StringJoiner(SEPARATOR)
            .add(kind.name())
            .add(Integer.toString(channel))
            .add(Integer.toString(backChannel))
            .add(Integer.toString(length))
            .add(Long.toString(messages))
            .add(Integer.toString(maxSpins))
            .toString();
    }
}
