package io.kekbit.cli;

import io.kekbit.cli.support.ExitCodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * {@code kekbit schema}.
 */
class SchemaCommandTest
{
    @TempDir
    private Path root;

    @Test
    void shouldShowMessagesAndFieldsWhenChannelCarriesSchema()
    {
        final Path file = SampleChannels.closedTrades(root, 42, 1);

        final InProcess schema = InProcess.run("schema", file.toString());

        assertEquals(ExitCodes.OK, schema.status(), schema.err());
        assertTrue(schema.out().startsWith(
            "io.kekbit.marketdata: schema 19266, version 1, little endian, message header of 8 bytes"), schema.out());
        assertTrue(schema.out().contains("\nTrade  template 2, block of "), schema.out());
        assertTrue(schema.out().contains("\n  aggressorSide "), schema.out());
        assertTrue(schema.out().contains("\n  bids "), schema.out());
    }

    @Test
    void shouldShowOneMessageWhenItIsNamed()
    {
        final Path file = SampleChannels.closedTrades(root, 42, 1);

        final InProcess schema = InProcess.run("schema", "--message", "Trade", file.toString());

        assertTrue(schema.out().contains("\nTrade  template"), schema.out());
        assertFalse(schema.out().contains("\nBookUpdate "), schema.out());
    }

    @Test
    void shouldNameMessagesWhenThereIsNoneOfThatName()
    {
        final Path file = SampleChannels.closedTrades(root, 42, 1);

        final InProcess schema = InProcess.run("schema", "--message", "Tirade", file.toString());

        assertEquals(ExitCodes.FAILED, schema.status());
        assertTrue(schema.err().startsWith("kekbit: the schema has no message 'Tirade'. It has "), schema.err());
    }

    @Test
    void shouldPrintOneObjectWhenJsonIsAskedFor()
    {
        final Path file = SampleChannels.closedTrades(root, 42, 1);

        final InProcess schema = InProcess.run("schema", "--json", file.toString());

        assertEquals(1, schema.out().lines().count());
        assertTrue(schema.out().startsWith("{\"package\":\"io.kekbit.marketdata\",\"id\":19266,\"version\":1,"),
            schema.out());
    }

    @Test
    void shouldWriteStoredBytesWhenRawIsAskedFor(@TempDir final Path folder) throws Exception
    {
        final Path file = SampleChannels.closedTrades(root, 42, 1);
        final byte[] stored = new byte[SampleChannels.MARKET_DATA.schema().capacity()];
        SampleChannels.MARKET_DATA.schema().getBytes(0, stored);

        try (CommandProcess process = CommandProcess.run(folder, "schema", "--raw", file.toString()))
        {
            assertEquals(ExitCodes.OK, process.status(), process.err());
            assertArrayEquals(stored, process.outBytes());
        }
    }

    @Test
    void shouldSayInOneLineWhenChannelCarriesNoSchema()
    {
        final InProcess schema = InProcess.run("schema", SampleChannels.text(root, 1).toString());

        assertEquals(ExitCodes.FAILED, schema.status());
        assertEquals(1, schema.err().lines().count());
        assertTrue(schema.err().startsWith("kekbit: the channel carries no schema: "), schema.err());
    }

    @Test
    void shouldSayInOneLineWhenSchemaIsDamaged() throws Exception
    {
        final Path file = SampleChannels.closedTrades(root, 42, 1);
        final byte[] bytes = Files.readAllBytes(file);
        final int offset = bytes[152] & 0xFF | (bytes[153] & 0xFF) << 8 | (bytes[154] & 0xFF) << 16;
        for (int i = 0; i < 64; i++)
        {
            bytes[offset + 40 + i] = (byte)0xFF;
        }
        Files.write(file, bytes);

        final InProcess schema = InProcess.run("schema", file.toString());

        assertEquals(ExitCodes.DAMAGED, schema.status());
        assertEquals(1, schema.err().lines().count(), schema.err());
    }
}
