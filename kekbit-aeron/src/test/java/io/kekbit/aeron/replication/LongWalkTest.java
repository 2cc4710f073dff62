package io.kekbit.aeron.replication;

import io.kekbit.core.BlockReader;
import io.kekbit.core.ChannelCopy;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.layout.ExtensionDescriptor;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A copy is to go on far behind the start of a channel whose index is of no use.
 */
class LongWalkTest
{
    private static final int CAPACITY = 32 * 1024 * 1024;
    private static final int RECORD_LENGTH = 1_000;
    private static final int COPIED = CAPACITY / 2 / (RECORD_LENGTH + Long.BYTES);

    @TempDir
    private Path from;
    @TempDir
    private Path to;
    private final Hosts hosts = new Hosts();
    private final Events sourceEvents = new Events();
    private final UnsafeBuffer record = new UnsafeBuffer(new byte[RECORD_LENGTH]);
    private ReplicationSource source;
    private ReplicationTarget target;
    private Path original;
    private Path copy;
    private long copied;
    private int turns;

    @BeforeEach
    void copyHalfOfIt() throws IOException
    {
        try (ShmWriter<RawBinDataFormat> writer =
            ShmWriter.create(from, Hosts.header(1, CAPACITY, RECORD_LENGTH), RawBinDataFormat.INSTANCE))
        {
            original = writer.file();
            write(writer, COPIED);
            copy = copyAll();
            write(writer, 10);
        }
        // As if there were no entry.
        store(original, ExtensionDescriptor.INDEX_COUNT_OFFSET, 0);
        source = hosts.closing(hosts.source(from, hosts.driver()).listener(sourceEvents).build());
        target = hosts.closing(hosts.target(to, hosts.driver()).channel(1).build());
    }

    @AfterEach
    void closeHosts()
    {
        hosts.close();
    }

    @Test
    void shouldGoOnWithCopyWhenWalkHasLedToItsEnd()
    {
        Hosts.runUntil(target::isComplete, source, target);

        assertEquals(1, sourceEvents.requests(), sourceEvents.toString());
        assertEquals(0, sourceEvents.refusals().size(), sourceEvents.toString());
        Areas.assertSame(original, copy);
    }

    @Test
    void shouldServeOthersBetweenStepsUntilWalkShowsThatCopyIsAnother() throws IOException
    {
        store(copy, (int)(Hosts.RECORD_AREA_OFFSET + copied - RECORD_LENGTH), -1);
        // The target, which ends when it is refused, comes first.
        Hosts.runUntil(this::isRefusedAfterTurn, target, source);

        assertEquals(List.of(RefusalReason.DIVERGED), sourceEvents.refusals());
        assertEquals(1, sourceEvents.requests(), sourceEvents.toString());
        // One for each mebibyte at least: in each of them the source serves every other target.
        assertTrue(turns >= copied >> 20, "turns=" + turns + " position=" + copied);
    }

    /**
     * Counts the turns of the source since it was asked.
     */
    private boolean isRefusedAfterTurn()
    {
        turns += sourceEvents.requests();

        return !sourceEvents.refusals().isEmpty();
    }

    private void write(final ShmWriter<RawBinDataFormat> writer, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            record.putLong(0, writer.writeOffset());
            writer.write(record, 0, RECORD_LENGTH);
        }
    }

    private Path copyAll()
    {
        try (BlockReader blocks = BlockReader.open(original);
            ChannelCopy all = ChannelCopy.open(to, blocks.blueprint()))
        {
            while (blocks.poll(
                (buffer, offset, length, position, time) ->
                    all.append(position, buffer, offset, length, time) > position,
                ChannelCopy.MAX_BLOCK_LENGTH) > 0)
            {
                // More is there.
                continue;
            }
            copied = all.position();

            return all.file();
        }
    }

    private static void store(final Path file, final int offset, final long value) throws IOException
    {
        try (RandomAccessFile channel = new RandomAccessFile(file.toFile(), "rw"))
        {
            channel.seek(offset);
            channel.writeLong(value);
        }
    }
}
