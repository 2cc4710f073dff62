package io.kekbit.core;

import io.kekbit.core.exceptions.InvalidPositionException;
import io.kekbit.core.exceptions.UnavailablePositionException;
import io.kekbit.core.layout.ExtensionDescriptor;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Going to a position step by step leads to where going there at once does.
 */
class BlockReaderStepsTest
{
    private static final int STEP = 512;
    private static final int RECORDS = 3_000;

    private final List<Long> boundaries = new ArrayList<>();

    @TempDir
    private Path root;
    private Path file;

    @BeforeEach
    void write()
    {
        final Header header = Header.builder().channelId(1).capacity(1 << 18).maxMessageLength(200).build();
        final UnsafeBuffer record = new UnsafeBuffer(new byte[200]);
        try (ShmWriter<RawBinDataFormat> writer = ShmWriter.create(root, header, RawBinDataFormat.INSTANCE))
        {
            file = writer.file();
            for (int i = 0; i < RECORDS; i++)
            {
                boundaries.add(writer.writeOffset());
                record.putInt(0, i);
                writer.write(record, 0, 4 + i % 100);
                if (i % 7 == 0)
                {
                    boundaries.add(writer.writeOffset());
                    writer.heartbeat();
                }
            }
            boundaries.add(writer.writeOffset());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldStandWhereOpenedThereWhenPositionIsReached(final boolean hasIndex) throws IOException
    {
        if (!hasIndex)
        {
            loseIndex();
        }
        for (int i = 0; i < boundaries.size(); i += 97)
        {
            final long position = boundaries.get(i);
            try (BlockReader atOnce = BlockReader.open(file, position); BlockReader inSteps = BlockReader.open(file))
            {
                walk(inSteps, position);

                assertEquals(position, inSteps.position());
                assertEquals(atOnce.tailChecksum(), inSteps.tailChecksum());
                assertEquals(atOnce.state(), inSteps.state());
                assertEquals(next(atOnce), next(inSteps));
            }
        }
    }

    @Test
    void shouldTakeSmallStepsWhenThereIsNoIndex() throws IOException
    {
        loseIndex();
        final long end = boundaries.get(boundaries.size() - 1);
        try (BlockReader reader = BlockReader.open(file))
        {
            final int steps = walk(reader, end);

            // None is longer than that and a record.
            assertTrue(steps >= end / (STEP + 208), "steps=" + steps);
        }
    }

    @Test
    void shouldGoBackWhenPositionLiesBeforeTheOneThatWasReached()
    {
        final long position = boundaries.get(10);
        try (BlockReader reader = BlockReader.open(file); BlockReader other = BlockReader.open(file, position))
        {
            walk(reader, boundaries.get(2_000));
            walk(reader, position);

            assertEquals(other.tailChecksum(), reader.tailChecksum());
            assertEquals(next(other), next(reader));
        }
    }

    @Test
    void shouldBeginAnewWhenReaderWasPolledOnTheWay()
    {
        final long position = boundaries.get(2_000);
        try (BlockReader reader = BlockReader.open(file); BlockReader other = BlockReader.open(file, position))
        {
            assertFalse(reader.moveTowards(position, STEP));
            assertTrue(reader.poll((buffer, offset, length, from, time) -> true, 4_096) > 0);
            walk(reader, position);

            assertEquals(other.tailChecksum(), reader.tailChecksum());
        }
    }

    @Test
    void shouldRefuseStepWhenItHasNoLength()
    {
        try (BlockReader reader = BlockReader.open(file))
        {
            assertThrows(IllegalArgumentException.class, () -> reader.moveTowards(boundaries.get(10), 0));
        }
    }

    @Test
    void shouldRefuseWhatIsNoBoundaryAndGoElsewhereAfterThat() throws IOException
    {
        loseIndex();
        final long end = boundaries.get(boundaries.size() - 1);
        try (BlockReader reader = BlockReader.open(file))
        {
            walk(reader, 8);
            for (final long wanted : new long[]{-8, 3, boundaries.get(1_000) + 4})
            {
                assertThrows(InvalidPositionException.class, () -> walk(reader, wanted), "position=" + wanted);
            }
            final long within = boundaries.get(1_500) + 8;
            assertFalse(boundaries.contains(within));
            assertThrows(InvalidPositionException.class, () -> walk(reader, within));
            assertThrows(UnavailablePositionException.class, () -> walk(reader, end + 8));
            assertThrows(UnavailablePositionException.class, () -> walk(reader, 1L << 40));

            walk(reader, end);
            assertEquals(ReaderState.CLOSED, reader.state());
        }
    }

    private static int walk(final BlockReader reader, final long position)
    {
        int steps = 1;
        while (!reader.moveTowards(position, STEP))
        {
            steps++;
        }

        return steps;
    }

    /**
     * Where the next block is, how long it is, and what the index says of it.
     */
    private static List<Long> next(final BlockReader reader)
    {
        final List<Long> block = new ArrayList<>();
        reader.poll(
            (buffer, offset, length, position, time) ->
            {
                block.addAll(List.of(position, (long)length, time));
                return true;
            },
            4_096);

        return block;
    }

    private void loseIndex() throws IOException
    {
        try (RandomAccessFile channel = new RandomAccessFile(file.toFile(), "rw"))
        {
            channel.seek(ExtensionDescriptor.INDEX_COUNT_OFFSET);
            channel.writeLong(0);
        }
    }
}
