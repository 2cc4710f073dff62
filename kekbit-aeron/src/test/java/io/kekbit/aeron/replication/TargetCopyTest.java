package io.kekbit.aeron.replication;

import io.kekbit.core.BlockReader;
import io.kekbit.core.ChannelBlueprint;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ShmReader;
import io.kekbit.core.series.SeriesWriter;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What the copy of a series takes at the border of two channels.
 */
class TargetCopyTest
{
    private static final String NAME = "trades";
    private static final int BLOCK_LENGTH = 1_024;

    @TempDir
    private Path from;
    @TempDir
    private Path to;
    private final Events events = new Events();

    @Test
    void shouldGoOnInChannelThatHadEndedWhenSourceLostTheNextOne()
    {
        final CopiedStream source = CopiedStream.series(from, NAME);
        final TargetCopy copy = new TargetCopy(CopiedStream.series(to, NAME), events, Long.MAX_VALUE);
        try (SeriesWriter<RawBinDataFormat> writer = SeriesWriter.builder(from, NAME, RawBinDataFormat.INSTANCE)
            .capacity(64 * 1024).maxMessageLength(200).open())
        {
            write(writer);
            copy.open();
            final ChannelBlueprint blueprint = blueprint(source.file(0));
            assertTrue(copy.begin(blueprint, 0, 0));
            append(source.file(0), copy);
            copy.end(true);
            assertTrue(copy.isAtBorder());

            write(writer);
            assertTrue(copy.begin(blueprint, 0, copy.lastPosition()));
            assertTrue(copy.hasChannel());
            append(source.file(0), copy);
            assertFalse(copy.isAtBorder());
            assertEquals(200, copy.recordCount());
            assertEquals(2, events.copying());

            copy.end(false);
            assertTrue(copy.isAtBorder());
            assertTrue(copy.isClosed());
            assertFalse(copy.hasChannel());
        }
        finally
        {
            copy.close();
        }
    }

    private static void write(final SeriesWriter<RawBinDataFormat> writer)
    {
        final UnsafeBuffer record = new UnsafeBuffer(new byte[100]);
        for (int i = 0; i < 100; i++)
        {
            writer.write(record, 0, 1 + i);
        }
    }

    private static ChannelBlueprint blueprint(final Path file)
    {
        try (ShmReader reader = ShmReader.builder(file).open())
        {
            return ChannelBlueprint.of(reader);
        }
    }

    private static void append(final Path file, final TargetCopy copy)
    {
        try (BlockReader reader = BlockReader.open(file, copy.lastPosition()))
        {
            while (reader.poll((buffer, offset, length, position, timeTicks) ->
            {
                copy.append(position, buffer, offset, length, timeTicks);
                return true;
            }, BLOCK_LENGTH) > 0)
            {
                // More may be there.
                continue;
            }
        }
    }
}
