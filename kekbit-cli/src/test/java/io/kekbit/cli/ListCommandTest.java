package io.kekbit.cli;

import io.kekbit.cli.support.ExitCodes;
import io.kekbit.core.EnvelopeWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

/**
 * {@code kekbit list}.
 */
class ListCommandTest
{
    @TempDir
    private Path root;

    @Test
    void shouldShowOneLineForEachChannelWhenRunAsProcess(@TempDir final Path folder) throws Exception
    {
        SampleChannels.text(root, 0xAAAA_00BB_000C_0DDDL);
        SampleChannels.rust(root, 2);
        SampleChannels.abandonedTrades(root, 3, 10);
        try (EnvelopeWriter<?> writer = SampleChannels.trades(root, 42, 100);
            CommandProcess process = CommandProcess.run(folder, "list", root.toString()))
        {
            final List<String> lines = process.out().lines().map(ListCommandTest::withoutActivity).toList();

            assertEquals("", process.err());
            assertEquals(List.of(
                "ID LABEL STATE CONTENT CAPACITY USED RECORDS WRITER PID",
                "2 - abandoned not told 16.0 KiB 6% - 1850 -",
                "3 trades abandoned SBE io.kekbit.marketdata 19266:1 1.0 MiB 0% 10 7 -",
                "42 trades live SBE io.kekbit.marketdata 19266:1 1.0 MiB 1% 100 7 " + ProcessHandle.current().pid(),
                "12297642535648234973 greetings closed text 1.0 MiB 0% 3 7 -"),
                lines);
            assertEquals(ExitCodes.OK, process.status());
            // Not disturbed.
            writer.heartbeat();
        }
    }

    @Test
    void shouldShowOtherChannelsWhenFolderCannotBeRead() throws Exception
    {
        SampleChannels.text(root, 1);
        final Path closed = Files.createDirectory(
            root.resolve("0000_0001"), PosixFilePermissions.asFileAttribute(Set.of()));
        assumeFalse(Files.isReadable(closed), "the administrator may read everything");

        final InProcess list = InProcess.run("list", root.toString());

        assertTrue(list.out().contains("greetings"), list.out());
        assertEquals(
            "kekbit: permission denied: " + closed + ". Run this as a user who may read it\n", list.err());
        assertEquals(ExitCodes.FAILED, list.status());
    }

    @Test
    void shouldPrintOneObjectForEachChannelWhenJsonIsAskedFor()
    {
        SampleChannels.closedTrades(root, 42, 100);

        final InProcess list = InProcess.run("list", "--json", root.toString());

        assertEquals(ExitCodes.OK, list.status());
        assertEquals(1, list.out().lines().count());
        assertTrue(
            list.out().contains("\"id\":42,\"label\":\"trades\",\"state\":\"closed\",\"writerId\":7,"), list.out());
        assertTrue(list.out().contains(
            "\"schema\":{\"package\":\"io.kekbit.marketdata\",\"id\":19266,\"version\":1}"), list.out());
        assertTrue(list.out().contains("\"records\":100,"), list.out());
    }

    @Test
    void shouldShowOthersAndTellInOneLineWhenOneCannotBeRead() throws Exception
    {
        SampleChannels.text(root, 1);
        Files.writeString(root.resolve("0000_0000/0000_0009.kekbit"), "no channel at all");

        final InProcess list = InProcess.run("list", root.toString());

        assertEquals(ExitCodes.FAILED, list.status());
        assertEquals(3, list.out().lines().count());
        assertTrue(list.out().contains("greetings"), list.out());
        assertTrue(list.out().contains("unreadable"), list.out());
        assertEquals(1, list.err().lines().count());
    }

    @Test
    void shouldSayThatThereAreNoChannelsWhenRootIsEmpty()
    {
        final InProcess list = InProcess.run("list", root.toString());

        assertEquals(new InProcess(ExitCodes.OK, "no channels below " + root + System.lineSeparator(), ""), list);
    }

    @Test
    void shouldEscapeLabelWhenItWouldMoveTheCursor() throws Exception
    {
        final Path file = SampleChannels.text(root, 1);
        final byte[] bytes = Files.readAllBytes(file);
        // The label of the extension.
        bytes[256] = 0x1B;
        Files.write(file, bytes);

        final InProcess list = InProcess.run("list", root.toString());

        assertTrue(list.out().contains("\\u001breetings"), list.out());
    }

    private static String withoutActivity(final String line)
    {
        return line.replaceFirst(" *(LAST ACTIVITY|now|2024-\\S+|[0-9.,]+ [a-z]+ ago)$", "").replaceAll(" +", " ");
    }
}
