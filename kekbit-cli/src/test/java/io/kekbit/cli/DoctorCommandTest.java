package io.kekbit.cli;

import io.kekbit.cli.support.ExitCodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * {@code kekbit doctor}.
 */
class DoctorCommandTest
{
    @TempDir
    private Path root;

    @Test
    void shouldPrintOneLineForEachCheckWhenRunAsProcess(@TempDir final Path folder) throws Exception
    {
        SampleChannels.closedTrades(root, 42, 10);
        try (CommandProcess process = CommandProcess.run(folder, "doctor", root.toString()))
        {
            assertEquals("", process.err());
            assertEquals(
                List.of(
                    "java", "flag", "platform", "processors", "clock", "root", "file system", "free space", "memory",
                    "channels"),
                process.out().lines().map((line) -> line.substring(9, 22).strip()).toList());
            assertTrue(process.out().contains("ok       channels     1: 1 closed"), process.out());
        }
    }

    @Test
    void shouldCreateNothingWhenRootDoesNotExist() throws Exception
    {
        final InProcess doctor = InProcess.run("doctor", root.resolve("a/b").toString());

        assertTrue(doctor.out().contains("does not exist, and can be made in " + root), doctor.out());
        try (Stream<Path> entries = Files.list(root))
        {
            assertEquals(0, entries.count());
        }
    }

    @Test
    void shouldSayWhatToDoWhenEverybodyMayWriteToRoot() throws Exception
    {
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxrwxrwx"));

        final InProcess doctor = InProcess.run("doctor", root.toString());

        assertEquals(ExitCodes.FAILED, doctor.status());
        assertTrue(doctor.out().contains("problem  root         " + root +
            " is writable by everybody, so that writers refuse it. What to do: chmod o-w " + root), doctor.out());
    }

    @Test
    void shouldSayWhatToDoWhenChannelsAreAbandonedOrUnreadable() throws Exception
    {
        SampleChannels.abandonedTrades(root, 1, 10);
        assertTrue(InProcess.run("doctor", root.toString()).out().contains(
            "warning  channels     1: 1 abandoned. What to do: kekbit list shows them"));

        Files.writeString(root.resolve("0000_0000/0000_0009.kekbit"), "no channel at all");
        final InProcess doctor = InProcess.run("doctor", root.toString());

        assertEquals(ExitCodes.FAILED, doctor.status());
        assertTrue(doctor.out().contains("problem  channels     2: 1 abandoned, 1 with problems: "), doctor.out());
    }

    @Test
    void shouldPrintOneObjectForEachCheckWhenJsonIsAskedFor()
    {
        final InProcess doctor = InProcess.run("doctor", "--json", root.toString());

        assertEquals(10, doctor.out().lines().count());
        assertTrue(doctor.out().lines().allMatch((line) -> line.startsWith("{\"check\":\"")), doctor.out());
    }
}
