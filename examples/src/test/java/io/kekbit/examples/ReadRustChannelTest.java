package io.kekbit.examples;

import io.kekbit.core.Header;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ShmWriter;
import io.kekbit.examples.support.TestProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ReadRustChannelTest
{
    @TempDir
    private Path folder;

    @Test
    void shouldPrintHeaderAndRecordsWhenTheOneThatComesAlongIsRead() throws Exception
    {
        try (TestProcess example = new TestProcess(folder, "read-rust-channel"))
        {
            assertEquals(0, example.awaitExit(), example.err());
            assertTrue(example.out().startsWith("writer id:          1850\n"), example.out());
            assertTrue(
                example.out().contains("record 2: position=40 length=15 3e454c535a61686f767d848b9299a0\n"),
                example.out());
            assertTrue(example.out().endsWith("25 records, state=CLOSED position=1040\n"), example.out());
        }
    }

    @Test
    void shouldPrintUsersOwnChannelWhenRootIsGiven() throws Exception
    {
        final Header header = Header.builder().channelId(7).capacity(1).maxMessageLength(8).build();
        ShmWriter.create(folder, header, RawBinDataFormat.INSTANCE).close();

        try (TestProcess example = new TestProcess(folder, "read-rust-channel", "--root=" + folder, "--channel=7"))
        {
            assertEquals(0, example.awaitExit(), example.err());
            assertTrue(example.out().contains("channel id:         7\n"), example.out());
            assertTrue(example.out().endsWith("0 records, state=CLOSED position=8\n"), example.out());
        }
    }
}
