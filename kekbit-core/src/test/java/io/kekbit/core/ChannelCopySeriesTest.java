package io.kekbit.core;

import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.series.SeriesReader;
import io.kekbit.core.series.SeriesWriter;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

/**
 * A series that is copied channel by channel is a series: with the same stream id, ordinals and numbers of records, and
 * read from one channel to the next while it is copied.
 */
class ChannelCopySeriesTest
{
    private static final String NAME = "ticks";
    private static final int CAPACITY = 16 * 1024;
    private static final int RECORDS = 3_000;

    private final UnsafeBuffer record = new UnsafeBuffer(new byte[Long.BYTES]);

    @TempDir
    private Path root;
    private Path sourceFolder;
    private Path targetFolder;
    private SeriesWriter<RawBinDataFormat> writer;
    private long written;
    private long copied;
    private ChannelCopy copy;
    private BlockReader blocks;

    @BeforeEach
    void open()
    {
        sourceFolder = root.resolve("source").resolve(NAME);
        targetFolder = root.resolve("target").resolve(NAME);
        writer = SeriesWriter.builder(root.resolve("source"), NAME, RawBinDataFormat.INSTANCE)
            .capacity(CAPACITY)
            .maxMessageLength(112)
            .label("numbers")
            .handlers(new SequenceHandler())
            .open();
    }

    @AfterEach
    void close()
    {
        blocks.close();
        copy.close();
        writer.close();
    }

    @Test
    void shouldBeReadAsOneStreamWhenChannelsAreCopiedOneByOne() throws IOException
    {
        begin(0);
        long read = 0;
        try (SeriesReader reader = SeriesReader.open(root.resolve("target"), NAME))
        {
            while (written < RECORDS)
            {
                write(100);
                goOn();
                read = read(reader, read);
                assertEquals(written, read);
            }
            writer.close();
            goOn();

            assertEquals(ReaderState.CLOSED, blocks.state());
            copy.complete();
            assertEquals(written, read(reader, read));
            assertEquals(ReaderState.CLOSED, reader.state());
            assertTrue(copied > 2, "channels=" + copied);

            reader.seekToRecord(RECORDS - 1);
            reader.next();
            assertEquals(RECORDS - 1, reader.sequence() - 1);
        }
        for (long ordinal = 0; ordinal <= copied; ordinal++)
        {
            final Path source = file(sourceFolder, ordinal);
            Copying.assertSame(source, file(targetFolder, ordinal));
            final ChannelBlueprint blueprint = Copying.blueprint(file(targetFolder, ordinal));
            assertEquals(ordinal, blueprint.ordinal());
            assertEquals(Copying.blueprint(source).streamId(), blueprint.streamId());
            assertEquals(
                TestChannels.getLong(source, ExtensionDescriptor.FIRST_RECORD_NUMBER_OFFSET),
                blueprint.firstRecordNumber());
        }
    }

    @Test
    void shouldTellWhenChannelIsMadeReadyAndNotYetPartOfTheSeries()
    {
        begin(0);
        makeNextReady();

        try (BlockReader ready = BlockReader.open(file(sourceFolder, 1)))
        {
            assertEquals(0, ready.blueprint().streamId());
            while (written < 1500)
            {
                write(1);
            }

            assertEquals(blocks.blueprint().streamId(), ready.blueprint().streamId());
            assertTrue(ready.blueprint().firstRecordNumber() > 0);
        }
    }

    @Test
    void shouldBeDoneBeforeItIsClosedWhenTheNextIsPublished()
    {
        begin(0);
        makeNextReady();
        while (written < 1500)
        {
            write(1);
        }

        // No agent has closed it yet.
        Copying.append(blocks, copy, 4096);
        assertTrue(blocks.isAtEnd());
        assertNotEquals(ReaderState.CLOSED, blocks.state());
    }

    @Test
    void shouldBeGoneOnWithByAWriterWhenTheSourceIsGivenUp() throws IOException
    {
        begin(0);
        while (written < RECORDS)
        {
            write(50);
            goOn();
        }
        copy.close();

        try (SeriesWriter<RawBinDataFormat> next = SeriesWriter
            .builder(root.resolve("target"), NAME, RawBinDataFormat.INSTANCE)
            .capacity(CAPACITY)
            .maxMessageLength(112)
            .label("numbers")
            .handlers(new SequenceHandler())
            .open())
        {
            for (int i = 0; i < 1000; i++)
            {
                record.putLong(0, RECORDS + i, LITTLE_ENDIAN);
                next.write(record, 0, Long.BYTES);
            }
        }

        try (SeriesReader reader = SeriesReader.builder(root.resolve("target"), NAME)
            .gapListener((expected, actual, position) -> fail("expected " + expected + ", and not " + actual))
            .open())
        {
            assertEquals(RECORDS + 1000, read(reader, 0));
            assertEquals(ReaderState.CLOSED, reader.state());
        }
    }

    /**
     * Copy what there is, from channel to channel, in the order that readers of the copy rely on.
     */
    private void goOn() throws IOException
    {
        writer.agent().doWork();
        boolean isNextPublished = isPublished(copied + 1);
        Copying.append(blocks, copy, 512);
        while (isNextPublished && blocks.isAtEnd())
        {
            final ChannelCopy done = copy;
            final BlockReader read = blocks;
            done.flush();
            begin(copied + 1);
            assertTrue(copy.blueprint().follows(done));
            assertFalse(done.blueprint().follows(copy));
            writer.agent().doWork();
            if (read.state() == ReaderState.CLOSED)
            {
                done.complete();
            }
            read.close();
            done.close();
            isNextPublished = isPublished(copied + 1);
            Copying.append(blocks, copy, 512);
        }
    }

    private void makeNextReady()
    {
        while (!Files.exists(file(sourceFolder, 1)))
        {
            writer.agent().doWork();
        }
    }

    private void begin(final long ordinal)
    {
        copied = ordinal;
        blocks = BlockReader.open(file(sourceFolder, ordinal));
        copy = ChannelCopy.open(targetFolder, blocks.blueprint());
    }

    private boolean isPublished(final long ordinal) throws IOException
    {
        final Path file = file(sourceFolder, ordinal);

        return Files.exists(file) && TestChannels.getLong(file, ExtensionDescriptor.STREAM_ID_OFFSET) != 0;
    }

    private void write(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            record.putLong(0, written++, LITTLE_ENDIAN);
            writer.write(record, 0, Long.BYTES);
        }
    }

    private static long read(final SeriesReader reader, final long first)
    {
        long next = first;
        while (reader.next())
        {
            assertEquals(next++, reader.buffer().getLong(reader.offset(), LITTLE_ENDIAN));
        }

        return next;
    }

    private static Path file(final Path folder, final long ordinal)
    {
        return ChannelPath.file(folder, ordinal + 1);
    }
}
