package io.kekbit.examples.childprocess;

import io.kekbit.core.Header;
import io.kekbit.core.RecordHandler;
import io.kekbit.core.layout.HeaderDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What every record holds: the sentence of the crate's example, 71 bytes.
 */
final class Sentence
{
    static final UnsafeBuffer BUFFER = new UnsafeBuffer(
        "There are 10 kinds of people: those who know binary and those who don't".getBytes(StandardCharsets.US_ASCII));
    static final int LENGTH = BUFFER.capacity();

    private static final int ROOM_FOR_HEARTBEATS = 64 * 1024;

    /**
     * The greatest number of records that one channel takes.
     */
    static final long MAX_RECORDS =
        (HeaderDescriptor.MAX_CAPACITY - ROOM_FOR_HEARTBEATS) / RecordDescriptor.alignedLength(LENGTH);

    /**
     * How long a writer may be silent. Longer than a slow disk needs to take the whole channel when it is closed.
     */
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(60);

    private Sentence()
    {
    }

    /**
     * Of a channel with room for a number of records.
     */
    static Header header(final long channelId, final long records)
    {
        final long capacity = records * RecordDescriptor.alignedLength(LENGTH) + ROOM_FOR_HEARTBEATS;

        return Header.builder()
            .channelId(channelId)
            .capacity(capacity)
            .maxMessageLength(LENGTH)
            .timeout(TIMEOUT_NS)
            .build();
    }

    static String rate(final long records, final long durationNs)
    {
        final double seconds = Math.max(1, durationNs) / 1e9;

        return String.format(
            Locale.ROOT,
            "%,d bytes of content, %,d records, %.3f s, %.1f million records/s, %,.0f MB/s",
            records * LENGTH,
            records,
            seconds,
            records / seconds / 1e6,
            records * LENGTH / seconds / 1e6);
    }

    /**
     * Counts the records, and compares each with the sentence, as somebody does who needs what is in them.
     */
    static final class Check implements RecordHandler
    {
        private long records;
        private long differences;
        private long firstNs;

        @Override
        public void onRecord(
            final DirectBuffer buffer,
            final int offset,
            final int length,
            final long position,
            final long nextPosition)
        {
            if (records++ == 0)
            {
                firstNs = System.nanoTime();
            }
            if (length != LENGTH || isDifferent(buffer, offset))
            {
                differences++;
            }
        }

        long records()
        {
            return records;
        }

        long differences()
        {
            return differences;
        }

        long firstNs()
        {
            return firstNs;
        }

        private static boolean isDifferent(final DirectBuffer buffer, final int offset)
        {
            // The last long begins inside the one before it.
            final int last = LENGTH - Long.BYTES;
            long difference = buffer.getLong(offset + last) ^ BUFFER.getLong(last);
            for (int i = 0; i < last; i += Long.BYTES)
            {
                difference |= buffer.getLong(offset + i) ^ BUFFER.getLong(i);
            }

            return difference != 0;
        }
    }
}
