package io.kekbit.cli;

import io.kekbit.cli.support.ExitCodes;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

/**
 * Whatever a file holds, the command ends with one line that says what to do, and a status that says it failed.
 */
class HostileFileTest
{
    private static final int CAPACITY_OFFSET = 32;

    @TempDir
    private static Path folder;

    private static Path sample;

    /**
     * What can be given for a channel.
     */
    private enum Hostile
    {
        EMPTY(ExitCodes.NO_CHANNEL),
        ONE_BYTE(ExitCodes.NO_CHANNEL),
        RANDOM_BYTES(ExitCodes.NO_CHANNEL),
        WRONG_SIGNATURE(ExitCodes.NO_CHANNEL),
        FOLDER(ExitCodes.NO_CHANNEL),
        LINK_TO_NOWHERE(ExitCodes.NO_CHANNEL),
        MISSING(ExitCodes.NO_CHANNEL),
        CUT_IN_HEADER(ExitCodes.NO_CHANNEL),
        CUT_IN_RECORDS(ExitCodes.DAMAGED),
        CAPACITY_OF_4_GIB(ExitCodes.DAMAGED),
        NEWER_VERSION(ExitCodes.FAILED),
        NO_PERMISSION(ExitCodes.FAILED);

        private final int status;

        Hostile(final int status)
        {
            this.status = status;
        }

        private Path file()
        {
            return folder.resolve(name());
        }

        private void create(final byte[] whole) throws IOException
        {
            final Path file = file();
            switch (this)
            {
                case EMPTY -> Files.createFile(file);
                case ONE_BYTE -> Files.write(file, new byte[]{'*'});
                case RANDOM_BYTES -> Files.write(file, random(1 << 16));
                case WRONG_SIGNATURE -> Files.write(file, with(whole, 0, (byte)'X'));
                case FOLDER -> Files.createDirectory(file);
                case LINK_TO_NOWHERE -> Files.createSymbolicLink(file, folder.resolve("nowhere"));
                case CUT_IN_HEADER -> Files.write(file, Arrays.copyOf(whole, 100));
                case CUT_IN_RECORDS -> Files.write(file, Arrays.copyOf(whole, 2000));
                case CAPACITY_OF_4_GIB -> Files.write(file, with(whole, CAPACITY_OFFSET + 3, (byte)0xFF));
                case NEWER_VERSION -> Files.write(file, with(whole, 8 + 6, (byte)0x02));
                case NO_PERMISSION ->
                {
                    Files.write(file, whole);
                    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
                }
                default -> assertEquals(MISSING, this);
            }
        }

        private static byte[] random(final int length)
        {
            final byte[] bytes = new byte[length];
            new Random(42).nextBytes(bytes);

            return bytes;
        }

        private static byte[] with(final byte[] bytes, final int offset, final byte value)
        {
            final byte[] changed = bytes.clone();
            changed[offset] = value;

            return changed;
        }
    }

    static Stream<Arguments> verbsAndFiles()
    {
        return verbs().stream().flatMap((verb) ->
            Arrays.stream(Hostile.values()).map((hostile) -> Arguments.of(verb, hostile)));
    }

    /**
     * All commands that take a channel.
     */
    static List<String> verbs()
    {
        final List<String> verbs = new ArrayList<>();
        Kekbit.commandLine().getSubcommands().forEach((verb, commandLine) ->
        {
            if (commandLine.getCommandSpec().positionalParameters().stream()
                .anyMatch((parameter) -> parameter.paramLabel().equals("CHANNEL")))
            {
                verbs.add(verb);
            }
        });

        return verbs;
    }

    @BeforeAll
    static void createFiles() throws IOException
    {
        sample = SampleChannels.abandonedTrades(folder, 42, 10);
        final byte[] whole = Files.readAllBytes(sample);
        for (final Hostile hostile : Hostile.values())
        {
            hostile.create(whole);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MISSING", "EMPTY", "CUT_IN_RECORDS", "NO_PERMISSION"})
    void shouldEndWithOneLineWhenFileIsHostile(final Hostile hostile) throws Exception
    {
        requireHostile(hostile);

        try (CommandProcess process = CommandProcess.run(folder, "info", hostile.file().toString()))
        {
            assertOneLine(hostile.name(), process.out(), process.err());
            assertEquals(hostile.status, process.status(), process.err());
        }
    }

    @ParameterizedTest
    @MethodSource("verbsAndFiles")
    void shouldEndWithOneLineWhateverTheCommandIs(final String verb, final Hostile hostile)
    {
        requireHostile(hostile);

        final InProcess run = InProcess.run(verb, hostile.file().toString());

        assertOneLine(verb + " " + hostile, run.out(), run.err());
        assertEquals(hostile.status, run.status(), run.err());
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void shouldNeverFailUnforeseenWhenAnyByteOfHeaderAndExtensionIsWrong(final String verb) throws Exception
    {
        final byte[] start = Arrays.copyOf(Files.readAllBytes(sample), 1400);
        final Path file = Files.copy(sample, folder.resolve(verb + ".kekbit"));
        final Random random = new Random(7);
        for (int i = 0; i < 25; i++)
        {
            final byte[] changed = start.clone();
            for (int k = 0; k < 3; k++)
            {
                changed[random.nextInt(changed.length)] = (byte)random.nextInt();
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
            {
                channel.write(ByteBuffer.wrap(changed), 0);
            }

            final InProcess run = InProcess.run(verb, file.toString());

            assertNotEquals(ExitCodes.DEFECT, run.status(), run.err());
            assertFalse(run.err().contains("\tat "), run.err());
        }
    }

    private static void requireHostile(final Hostile hostile)
    {
        assumeFalse(
            hostile == Hostile.NO_PERMISSION && Files.isReadable(hostile.file()),
            "the administrator may read everything");
    }

    private static void assertOneLine(final String about, final String out, final String err)
    {
        assertEquals("", out, about);
        assertEquals(1, err.lines().count(), about + ": " + err);
        assertTrue(err.startsWith("kekbit: "), err);
        assertTrue(err.matches("(?s).*[.(] ?[A-Zk].*"), "nothing to do: " + err);
    }
}
