package io.kekbit.cli.demo;

import io.kekbit.core.ReaderState;
import io.kekbit.core.RecordHandler;
import io.kekbit.core.ShmReader;
import org.agrona.DirectBuffer;

/**
 * Reads the trades of the demonstration, and counts what should not be: trades that are missing, come twice, or are not
 * the ones that belong to their numbers.
 */
final class DemoReader implements AutoCloseable
{
    private static final int READ_LIMIT = 4_096;

    private final ShmReader reader;
    private final RecordHandler handler = this::onTrade;
    private final long[] lastPositions;
    private long count;
    private long last;
    private long missing;
    private long repeated;
    private long different;

    /**
     * @param reader of the channel, at its start.
     * @param kept   how many of the last positions to keep.
     */
    DemoReader(final ShmReader reader, final int kept)
    {
        this.reader = reader;
        lastPositions = new long[kept];
    }

    /**
     * Read what is there, but no more at once than a moment takes.
     *
     * @return how many trades came.
     */
    int poll()
    {
        return reader.read(handler, READ_LIMIT);
    }

    /**
     * Read all that is there.
     */
    void drain()
    {
        long before;
        do
        {
            before = reader.position();
            poll();
        }
        while (reader.position() != before);
    }

    long count()
    {
        return count;
    }

    ReaderState state()
    {
        return reader.state();
    }

    /**
     * The positions of the last trades, the oldest first.
     */
    long[] lastPositions()
    {
        final int kept = (int)Math.min(count, lastPositions.length);
        final long[] positions = new long[kept];
        for (int i = 0; i < kept; i++)
        {
            positions[i] = lastPositions[(int)((count - kept + i) % lastPositions.length)];
        }

        return positions;
    }

    /**
     * Whether every trade came once, in order, as it was written.
     */
    boolean isRight()
    {
        return missing == 0 && repeated == 0 && different == 0;
    }

    /**
     * What is wrong with the trades, or that nothing is.
     */
    String verdict()
    {
        return isRight() ?
            "none missing, none twice" :
            "missing=" + missing + " twice=" + repeated + " different=" + different;
    }

    @Override
    public void close()
    {
        reader.close();
    }

    private void onTrade(
        final DirectBuffer buffer, final int offset, final int length, final long position, final long nextPosition)
    {
        final long sequence = reader.sequence();
        missing += Math.max(0, sequence - last - 1);
        repeated += sequence <= last ? 1 : 0;
        different += length == DemoTrade.LENGTH && DemoTrade.tradeId(buffer, offset) == sequence ? 0 : 1;
        last = Math.max(last, sequence);
        lastPositions[(int)(count % lastPositions.length)] = position;
        count++;
    }
}
