package io.kekbit.core;

import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.HeaderDescriptor;
import io.kekbit.core.layout.IndexDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.concurrent.SystemEpochNanoClock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Makes copies of channels, and compares them.
 */
final class Copying
{
    private Copying()
    {
    }

    /**
     * Go on with a copy from where it ends, or begin it, up to the end of what is written.
     *
     * @return the copy's file.
     */
    static Path run(final Path source, final Path targetRoot, final int lengthLimit)
    {
        return run(ChannelFiles.SYSTEM, source, targetRoot, lengthLimit);
    }

    static Path run(
        final ChannelFiles targetFiles, final Path source, final Path targetRoot, final int lengthLimit)
    {
        try (ChannelCopy copy = open(targetFiles, source, targetRoot);
            BlockReader blocks = BlockReader.open(source, copy.position()))
        {
            assertEquals(blocks.tailChecksum(), copy.tailChecksum());
            append(blocks, copy, lengthLimit);
            if (blocks.state() == ReaderState.CLOSED)
            {
                copy.complete();
            }

            return copy.file();
        }
    }

    static ChannelCopy open(final ChannelFiles targetFiles, final Path source, final Path targetRoot)
    {
        return ChannelCopy.open(
            targetFiles, targetRoot, blueprint(source), Prefault.NONE, SystemEpochNanoClock.INSTANCE);
    }

    static ChannelCopy open(final Path source, final Path targetRoot)
    {
        return ChannelCopy.open(targetRoot, blueprint(source));
    }

    static ChannelBlueprint blueprint(final Path source)
    {
        try (BlockReader blocks = BlockReader.open(source))
        {
            return blocks.blueprint();
        }
    }

    /**
     * Append whatever there is to be read.
     */
    static void append(final BlockReader blocks, final ChannelCopy copy, final int lengthLimit)
    {
        final BlockHandler handler = (buffer, offset, length, position, timeTicks) ->
        {
            assertEquals(position + length, copy.append(position, buffer, offset, length, timeTicks));

            return true;
        };
        while (blocks.poll(handler, lengthLimit) > 0)
        {
            continue;
        }
    }

    /**
     * The positions at which the blocks of a channel begin and end.
     */
    static Set<Long> boundaries(final Path source, final int lengthLimit)
    {
        final Set<Long> boundaries = new TreeSet<>(Set.of(0L));
        try (BlockReader blocks = BlockReader.open(source))
        {
            while (blocks.poll((buffer, offset, length, position, timeTicks) -> true, lengthLimit) > 0)
            {
                boundaries.add(blocks.position());
            }
        }

        return boundaries;
    }

    /**
     * See that a copy has the same header, blueprint, records up to the mark or watermark at their end, and index as
     * the channel.
     */
    static void assertSame(final Path source, final Path copy) throws IOException
    {
        final byte[] expected = Files.readAllBytes(source);
        final byte[] actual = Files.readAllBytes(copy);
        assertSamePart(expected, actual, 0, HeaderDescriptor.LENGTH, "header");
        try (ShmReader expectedReader = ShmReader.builder(source).readSuspect(true).atEnd(true).open();
            ShmReader actualReader = ShmReader.builder(copy).readSuspect(true).atEnd(true).open())
        {
            assertEquals(ChannelBlueprint.of(expectedReader), ChannelBlueprint.of(actualReader));
            assertEquals(expectedReader.position(), actualReader.position());
            final int end = (int)expectedReader.position() + RecordDescriptor.RECORD_AREA_OFFSET;
            assertSamePart(expected, actual, RecordDescriptor.RECORD_AREA_OFFSET, end, "records");
            // In a file of the crate's, a record that the file cuts off may stand there.
            final boolean isClosed = expectedReader.state() == ReaderState.CLOSED;
            assertEquals(
                isClosed ? RecordDescriptor.CLOSE : RecordDescriptor.WATERMARK,
                TestChannels.getLong(copy, end),
                "end");

            final Extension extension = actualReader.extension();
            if (extension.indexCapacity() > 0)
            {
                assertEquals(expectedReader.extension().indexOffset(), extension.indexOffset());
                final int count = (int)TestChannels.getLong(source, ExtensionDescriptor.INDEX_COUNT_OFFSET);
                assertEquals(count, TestChannels.getLong(copy, ExtensionDescriptor.INDEX_COUNT_OFFSET), "index count");
                final int start = (int)extension.indexOffset();
                final int length = extension.indexCapacity() * IndexDescriptor.ENTRY_LENGTH;
                assertSamePart(expected, actual, start, start + length, "index");
            }
        }
    }

    private static void assertSamePart(
        final byte[] expected, final byte[] actual, final int from, final int to, final String what)
    {
        assertArrayEquals(Arrays.copyOfRange(expected, from, to), Arrays.copyOfRange(actual, from, to), what);
    }
}
