package io.kekbit.cli;

import io.kekbit.cli.support.ExitCodes;
import io.kekbit.core.ReaderState;
import io.kekbit.core.ShmReader;
import io.kekbit.core.layout.ChannelPath;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The command as a process.
 */
class ExportTest
{
    private static final int TRADES = 1_000;

    @TempDir
    private static Path shared;

    private static Path trades;

    @TempDir
    private Path folder;

    @BeforeAll
    static void writeTrades()
    {
        try (TradeChannel channel = TradeChannel.create(shared).write(TRADES))
        {
            trades = channel.file();
        }
    }

    @Test
    void shouldWriteTableWhenCsvIsAskedFor() throws Exception
    {
        final Path table = folder.resolve("trades.csv");
        try (CommandProcess export = CommandProcess.run(
            folder, "export", trades.toString(), "--format=csv", "--fields=tradeId,price", "--to=#2", "-o",
            table.toString()))
        {
            assertEquals("", export.out() + export.err());
            assertEquals(ExitCodes.OK, export.status());
            assertEquals(
                "position,sequence,time,message,tradeId,price\r\n" +
                "8,1,2026-11-25T10:00:00.000000000Z,Trade,,100.00\r\n" +
                "136,2,2026-11-25T10:00:01.000000000Z,Trade,1,100.01\r\n",
                Files.readString(table));
        }
    }

    @Test
    void shouldLeaveFileAloneWhenItExists() throws Exception
    {
        final Path existing = Files.writeString(folder.resolve("kept.csv"), "precious");
        try (CommandProcess export = CommandProcess.run(
            folder, "export", trades.toString(), "--output", existing.toString()))
        {
            assertEquals("kekbit: the file exists: " + existing + ". Name another, or remove it\n", export.err());
            assertEquals(ExitCodes.FAILED, export.status());
            assertEquals("precious", Files.readString(existing));
        }
    }

    @Test
    void shouldKeepEveryByteWhenChannelIsCopied() throws Exception
    {
        final Path root = folder.resolve("copies");
        try (CommandProcess export = CommandProcess.run(
            folder, "export", trades.toString(), "--channel=" + root, "--id=0xff"))
        {
            final Path copied = ChannelPath.file(root, 0xff);
            assertEquals("1000 records: channel=255 file=" + copied + "\n", export.out());
            assertEquals("", export.err());
            assertEquals(ExitCodes.OK, export.status());

            try (ShmReader source = ShmReader.builder(trades).open(); ShmReader copy = ShmReader.open(root, 0xff))
            {
                assertSameDescription(source, copy);
                assertEquals(128_016, copy.header().capacity());
                while (source.next())
                {
                    assertTrue(copy.next());
                    assertEquals(source.sequence(), copy.sequence());
                    assertEquals(source.time(), copy.time());
                    assertArrayEquals(payload(source), payload(copy));
                }
                assertFalse(copy.next());
                assertEquals(ReaderState.CLOSED, copy.state());

                copy.seekToTime((TradeChannel.START_SECOND + 900) * 1_000_000_000L);
                assertTrue(copy.next());
                assertEquals(901, copy.sequence());
            }
        }
    }

    @Test
    void shouldCopyChosenRecordsWhenChannelIsCopied() throws Exception
    {
        final Path root = folder.resolve("copies");
        try (CommandProcess export = CommandProcess.run(
            folder, "export", trades.toString(), "--channel=" + root, "--where=quantity>=998"))
        {
            assertEquals(ExitCodes.OK, export.status(), export.err());
            try (ShmReader copy = ShmReader.open(root, TradeChannel.ID))
            {
                assertTrue(copy.next());
                assertEquals(999, copy.sequence());
                assertTrue(copy.next());
                assertFalse(copy.next());
            }
        }
    }

    private static void assertSameDescription(final ShmReader source, final ShmReader copy)
    {
        assertEquals(source.extension().formatId(), copy.extension().formatId());
        assertEquals(source.extension().mediaType(), copy.extension().mediaType());
        assertEquals(source.extension().label(), copy.extension().label());
        assertArrayEquals(source.extension().envelope(), copy.extension().envelope());
        assertEquals(0, source.schema().compareTo(copy.schema()));
        assertEquals(source.header().creationTime(), copy.header().creationTime());
        assertEquals(source.header().timeout(), copy.header().timeout());
    }

    private static byte[] payload(final ShmReader reader)
    {
        final byte[] bytes = new byte[reader.length()];
        reader.buffer().getBytes(reader.offset(), bytes);

        return bytes;
    }
}
