package io.kekbit.cli.demo;

import io.kekbit.core.EnvelopeWriter;
import io.kekbit.core.Header;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.ShmWriterBuilder;
import io.kekbit.core.TickUnit;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.handlers.TimestampHandler;
import io.kekbit.core.layout.RecordDescriptor;
import io.kekbit.sbe.SbeDataFormat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The channel of the demonstration, as its writers make it.
 */
final class DemoChannel
{
    /**
     * Its id.
     */
    static final long ID = 1;

    /**
     * Bytes that a trade takes in it: content, and a time and a number before it.
     */
    static final int RECORD_LENGTH = RecordDescriptor.alignedLength(DemoTrade.LENGTH + 2 * Long.BYTES);

    private static final int SPARE = 64 * 1024;
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);

    private DemoChannel()
    {
    }

    /**
     * The room that trades need.
     *
     * @param trades how many.
     * @return bytes of the record area.
     */
    static long capacity(final long trades)
    {
        return trades * RECORD_LENGTH + SPARE;
    }

    /**
     * Begin a channel, or go on in one whose writer died.
     *
     * @param root     folder of the channel.
     * @param capacity in bytes.
     * @param sequence counts the records.
     * @return the writer.
     */
    static EnvelopeWriter<SbeDataFormat> createOrResume(
        final Path root, final long capacity, final SequenceHandler sequence)
    {
        return EnvelopeWriter.createOrResume(
            builder(root, capacity), new TimestampHandler(TickUnit.NANOS), sequence);
    }

    /**
     * What is common to all ways to become its writer.
     */
    static ShmWriterBuilder<SbeDataFormat> builder(final Path root, final long capacity)
    {
        final Header header = Header.builder()
            .channelId(ID)
            .capacity(capacity)
            .maxMessageLength(RECORD_LENGTH)
            .timeout(TIMEOUT_NS)
            .tickUnit(TickUnit.NANOS)
            .build();

        return ShmWriter.builder(root, header, DemoTrade.format()).label("kekbit demo");
    }
}
