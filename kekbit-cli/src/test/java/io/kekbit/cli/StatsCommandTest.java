package io.kekbit.cli;

import io.kekbit.cli.support.ExitCodes;
import io.kekbit.core.EnvelopeWriter;
import io.kekbit.core.WriteHandler;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.layout.EnvelopeDescriptor;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * {@code kekbit stats}.
 */
class StatsCommandTest
{
    @TempDir
    private Path root;

    @Test
    void shouldCountEverythingWhenChannelIsBeingWritten(@TempDir final Path folder) throws Exception
    {
        try (EnvelopeWriter<?> writer = SampleChannels.trades(root, 42, 1000);
            CommandProcess process = CommandProcess.run(folder, "stats", root.toString(), "42"))
        {
            final String out = process.out();

            assertEquals("", process.err());
            assertShows(out, "records     1,000");
            assertShows(out, "heartbeats  2");
            assertShows(out, "gaps        none");
            assertShows(out, "\nTrade           2  1,000  ");
            assertShows(out, "from        2024-01-02T03:04:05Z");
            assertShows(out, "to          2024-01-02T03:04:14.990Z, 10.0 s");
            assertShows(out, "on average  100 records/s, ");
            assertShows(out, "silence     10.0 ms at the most");
            assertShows(out, "2024-01-02T03:04:14Z      100        100");
            assertEquals(ExitCodes.OK, process.status());
            // Not disturbed.
            writer.heartbeat();
        }
    }

    @Test
    void shouldTellGapsWhenSequenceNumbersAreMissing()
    {
        SampleChannels.trades(root, 42, 10, new Skipping()).close();

        final InProcess stats = InProcess.run("stats", root.toString(), "42");

        assertEquals(ExitCodes.OK, stats.status());
        assertShows(stats.out(), "gaps        1");
        assertShows(stats.out(), ": 6 should come, 8 came");
    }

    @Test
    void shouldCountWithoutSchemaWhenCrateMadeChannel() throws Exception
    {
        final InProcess stats = InProcess.run("stats", SampleChannels.rust(root, 1).toString());

        assertEquals(ExitCodes.OK, stats.status());
        assertShows(stats.out(), "records     25");
        assertShows(stats.out(), "heartbeats  3");
        assertShows(stats.out(), "gaps        not known: no sequence numbers");
    }

    @Test
    void shouldCountUpToDamageAndSaySoWhenChannelIsDamaged() throws Exception
    {
        final Path file = SampleChannels.rust(root, 1);
        final byte[] bytes = Files.readAllBytes(file);
        // The length word of the second record, behind a heartbeat and a first record of 1 byte.
        bytes[1024 + 8 + 16 + 7] = 0x55;
        Files.write(file, bytes);

        final InProcess stats = InProcess.run("stats", file.toString());

        assertEquals(ExitCodes.DAMAGED, stats.status());
        assertShows(stats.out(), "records     1");
        assertEquals(1, stats.err().lines().count());
        assertShows(stats.err(), "damaged at position 24");
    }

    @Test
    void shouldPrintOneObjectWhenJsonIsAskedFor()
    {
        SampleChannels.closedTrades(root, 42, 1000);

        final InProcess stats = InProcess.run("stats", "--json", root.toString(), "42");

        assertEquals(1, stats.out().lines().count());
        assertShows(stats.out(), "\"templates\":[{\"message\":\"Trade\",\"template\":2,\"count\":1000,");
        assertShows(stats.out(), "\"gapCount\":0,\"gaps\":[],\"rate\":{\"first\":\"2024-01-02T03:04:05Z\",");
    }

    private static void assertShows(final String out, final String expected)
    {
        assertTrue(out.contains(expected), out);
    }

    /**
     * Counts as {@link SequenceHandler} does, and leaves out 6 and 7.
     */
    private static final class Skipping implements WriteHandler
    {
        private long next = 1;

        @Override
        public int code()
        {
            return EnvelopeDescriptor.SEQUENCE;
        }

        @Override
        public int incomingLength()
        {
            return EnvelopeDescriptor.SEQUENCE_LENGTH;
        }

        @Override
        public void incoming(final MutableDirectBuffer slot, final int offset)
        {
            slot.putLong(offset, next, ByteOrder.LITTLE_ENDIAN);
        }

        @Override
        public void onPublished()
        {
            next += next == 5 ? 3 : 1;
        }
    }
}
