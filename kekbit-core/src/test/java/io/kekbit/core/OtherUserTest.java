package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What another user of the machine may do with a channel: read it, given the group, and never more.
 */
@Tag("life-cycle")
class OtherUserTest
{
    private static final int OTHER_ID = 65_534;
    private static final List<String> AS_OTHER_USER =
        List.of("setpriv", "--reuid=" + OTHER_ID, "--regid=" + OTHER_ID, "--clear-groups");
    private static final int RECORDS = 3;
    private static final String ADVICE = "Check that the folder exists and what this user may do there";

    @TempDir
    private Path folder;
    private Path root;
    private String classPath;

    @BeforeEach
    void requireOtherUser() throws IOException
    {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        classPath = readableClassPath();
        root = folder.resolve("channels");
        final String visitor = Visitor.class.getName().replace('.', '/') + ".class";
        final String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        // A JVM that is only asked for its version does not look at the class path.
        final boolean canChangeUser = runsAsOtherUser(java, "-version") && Stream
            .of(classPath.split(File.pathSeparator))
            .anyMatch((entry) -> runsAsOtherUser("test", "-r", Path.of(entry, visitor).toString()));
        if (!canChangeUser)
        {
            System.out.println(
                "skipped: another user's JVM needs root, setpriv, a JDK that everybody may start, and a folder for " +
                    "temporary files that everybody may enter");
        }
        Assumptions.assumeTrue(canChangeUser);
    }

    @Test
    void shouldReadAndNeverWriteWhenOtherUserIsInTheGroup() throws IOException, InterruptedException
    {
        try (ShmWriter<RawBinDataFormat> writer = createChannel())
        {
            try (var files = Files.walk(root))
            {
                for (final Path file : files.toList())
                {
                    Files.setAttribute(file, "unix:gid", OTHER_ID, LinkOption.NOFOLLOW_LINKS);
                }
            }
            final List<Path> filesBefore = TestChannels.filesBelow(root);
            final byte[] before = Files.readAllBytes(TestChannels.file(root));

            final List<String> answers = visit();

            assertEquals("open read 3 OPEN", answers.get(0));
            assertRefused("resume ChannelAccessException", answers.get(1), true);
            assertRefused("create ChannelExistsException", answers.get(2), false);
            assertRefused("createOrResume ChannelAccessException", answers.get(3), true);
            assertRefused("createAnother ChannelAccessException", answers.get(4), true);
            assertEquals(5, answers.size(), answers.toString());
            assertEquals(filesBefore, TestChannels.filesBelow(root));
            assertArrayEquals(before, Files.readAllBytes(TestChannels.file(root)));
            assertEquals(16, writer.write(TestChannels.bytes(8), 0, 8), "the writer was not disturbed");
        }
        Evidence.print(
            "another user of the group", "reads", RECORDS, "triesToWrite", 4, "refused", 4, "bytesChanged", 0);
    }

    @Test
    void shouldNameFileAndSayWhatToDoWhenOtherUserIsNotInTheGroup() throws IOException, InterruptedException
    {
        createChannel().close();
        final byte[] before = Files.readAllBytes(TestChannels.file(root));

        final List<String> answers = visit();

        final List<String> expected = List.of("open", "resume", "create", "createOrResume", "createAnother");
        assertEquals(expected.size(), answers.size(), answers.toString());
        for (int i = 0; i < expected.size(); i++)
        {
            assertRefused(expected.get(i) + " ChannelAccessException", answers.get(i), true);
        }
        assertArrayEquals(before, Files.readAllBytes(TestChannels.file(root)));
        Evidence.print("another user without the group", "calls", 5, "refusedNamingTheFile", answers.size());
    }

    @Test
    void shouldCreateWhenRootOfAnotherUserIsSharedByAll() throws IOException, InterruptedException
    {
        // As /tmp is.
        Files.createDirectory(root);
        Files.setAttribute(root, "unix:mode", 01777);

        final List<String> answers = visit();

        assertEquals("create 8", answers.get(2), answers.toString());
        assertEquals("createAnother 8", answers.get(4), answers.toString());
        final Path file = TestChannels.file(root);
        assertEquals(OTHER_ID, Files.getAttribute(file, "unix:uid"));
        assertEquals(OTHER_ID, Files.getAttribute(file.getParent(), "unix:uid"));
        try (ShmReader reader = ShmReader.open(root, 1))
        {
            assertEquals(ReaderState.OPEN, reader.state());
        }
    }

    private ShmWriter<RawBinDataFormat> createChannel()
    {
        final ShmWriter<RawBinDataFormat> writer = TestChannels.createSmall(root);
        for (int i = 0; i < RECORDS; i++)
        {
            writer.write(TestChannels.bytes(8), 0, 8);
        }

        return writer;
    }

    private static boolean runsAsOtherUser(final String... command)
    {
        final List<String> whole = new ArrayList<>(AS_OTHER_USER);
        whole.addAll(List.of(command));
        try
        {
            final Process process = new ProcessBuilder(whole).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();

            return process.waitFor() == 0;
        }
        catch (final IOException ex)
        {
            // There is no such command.
            return false;
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(ex);
        }
    }

    private List<String> visit() throws IOException, InterruptedException
    {
        try (ChildJvm child =
            ChildJvm.startBy(AS_OTHER_USER, ChildJvm.QUICK_START, classPath, Visitor.class, root))
        {
            final List<String> answers = child.awaitEnd().lines().toList();
            assertEquals(0, child.exitStatus(), answers.toString());

            return answers;
        }
    }

    private void assertRefused(final String expectedStart, final String answer, final boolean isAdvised)
    {
        assertTrue(answer.startsWith(expectedStart + ": "), answer);
        assertTrue(answer.contains("file=" + root), answer);
        assertEquals(isAdvised, answer.contains(ADVICE), answer);
    }

    /**
     * What the visitor needs, where everybody may read it.
     */
    private String readableClassPath() throws IOException
    {
        final List<String> copies = new ArrayList<>();
        for (final String entry : ChildJvm.classPath().split(File.pathSeparator))
        {
            final Path source = Path.of(entry);
            final boolean isNeeded = Files.isDirectory(source) || source.getFileName().toString().startsWith("agrona");
            if (isNeeded)
            {
                final Path copy = folder.resolve("program" + copies.size()).resolve(source.getFileName());
                copy(source, copy);
                copies.add(copy.toString());
            }
        }

        return String.join(File.pathSeparator, copies);
    }

    private static void copy(final Path source, final Path copy) throws IOException
    {
        Files.createDirectories(copy.getParent());
        try (var files = Files.walk(source))
        {
            for (final Path file : files.toList())
            {
                if (Files.isDirectory(file) || file.toString().endsWith(".class") || file.toString().endsWith(".jar"))
                {
                    final Path target = copy.resolve(source.relativize(file).toString());
                    Files.copy(file, target);
                    Files.setPosixFilePermissions(
                        target, PosixFilePermissions.fromString(Files.isDirectory(file) ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        }
        Files.setPosixFilePermissions(copy.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /**
     * Tries everything, and prints one line for each.
     */
    static final class Visitor
    {
        private Visitor()
        {
        }

        public static void main(final String[] args)
        {
            final Path root = Path.of(args[0]);
            attempt("open", () ->
            {
                try (ShmReader reader = ShmReader.open(root, 1))
                {
                    return "read " + TestChannels.readAll(reader).size() + " " + reader.state();
                }
            });
            attempt("resume", () -> ShmWriter.resume(root, 1, RawBinDataFormat.INSTANCE).writeOffset());
            attempt("create", () -> TestChannels.createSmall(root).writeOffset());
            attempt("createOrResume", () -> ShmWriter.createOrResume(
                root, TestChannels.smallHeader().build(), RawBinDataFormat.INSTANCE).writeOffset());
            attempt("createAnother", () -> ShmWriter.create(
                root, TestChannels.smallHeader().channelId(2).build(), RawBinDataFormat.INSTANCE).writeOffset());
        }

        private static void attempt(final String what, final Supplier<?> call)
        {
            try
            {
                System.out.println(what + " " + call.get());
            }
            catch (final ChannelException ex)
            {
                System.out.println(what + " " + ex.getClass().getSimpleName() + ": " + ex.getMessage());
            }
        }
    }
}
