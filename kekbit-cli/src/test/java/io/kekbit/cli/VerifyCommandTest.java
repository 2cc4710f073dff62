package io.kekbit.cli;

import io.kekbit.cli.support.ExitCodes;
import io.kekbit.core.EnvelopeWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * {@code kekbit verify}.
 */
class VerifyCommandTest
{
    @TempDir
    private Path root;

    @Test
    void shouldFindNothingWhenChannelIsBeingWritten(@TempDir final Path folder) throws Exception
    {
        try (EnvelopeWriter<?> writer = SampleChannels.trades(root, 42, 1000);
            CommandProcess process = CommandProcess.run(folder, "verify", root.toString(), "42"))
        {
            assertEquals("", process.err());
            assertTrue(process.out().startsWith("1,000 records of "), process.out());
            assertTrue(process.out().endsWith("sound" + System.lineSeparator()), process.out());
            assertEquals(ExitCodes.OK, process.status());
            // Not disturbed.
            writer.heartbeat();
        }
    }

    @Test
    void shouldTellFirstBadRecordWhenBitOfContentIsWrong() throws Exception
    {
        final Path file = SampleChannels.closedTrades(root, 42, 10);
        // In the first record: behind a heartbeat and the length word, inside of what the checksum covers.
        flip(file, 1024 + 8 + 8 + 20);

        final InProcess verify = InProcess.run("verify", file.toString());

        assertEquals(ExitCodes.DAMAGED, verify.status(), verify.out());
        assertTrue(verify.out().startsWith("fault at byte 1,040 of the file (position 8): "), verify.out());
        assertTrue(verify.out().endsWith("1 fault" + System.lineSeparator()), verify.out());
    }

    @Test
    void shouldTellFirstBadByteWhenLengthWordIsWrong() throws Exception
    {
        final Path file = SampleChannels.rust(root, 1);
        flip(file, 1024 + 8 + 7);

        final InProcess verify = InProcess.run("verify", "--json", file.toString());

        assertEquals(ExitCodes.DAMAGED, verify.status(), verify.out());
        assertTrue(verify.out().contains(
            "\"faults\":[{\"kind\":\"structure\",\"position\":8,\"fileOffset\":1032,"), verify.out());
    }

    @Test
    void shouldFindNothingWhenCrateMadeChannel() throws Exception
    {
        for (long id = 1; id <= 5; id++)
        {
            final InProcess verify = InProcess.run("verify", SampleChannels.rust(root, id).toString());

            assertEquals(ExitCodes.OK, verify.status(), verify.out() + verify.err());
        }
    }

    @Test
    void shouldChangeNothingWhenChannelIsAbandoned() throws Exception
    {
        final Path file = SampleChannels.abandonedTrades(root, 42, 10);
        final byte[] before = Files.readAllBytes(file);

        for (final String verb : new String[]{"verify", "info", "stats", "schema"})
        {
            assertEquals(ExitCodes.OK, InProcess.run(verb, file.toString()).status());
        }

        assertEquals(-1, Files.mismatch(file, Files.write(root.resolve("before"), before)));
        assertTrue(Files.notExists(file.resolveSibling("0000_002a.writer")));
    }

    private static void flip(final Path file, final int offset) throws Exception
    {
        final byte[] bytes = Files.readAllBytes(file);
        bytes[offset] ^= 0x40;
        Files.write(file, bytes);
    }
}
