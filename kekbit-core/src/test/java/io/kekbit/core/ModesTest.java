package io.kekbit.core;

import io.kekbit.core.layout.ChannelPath;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What is made for a channel has modes of its own, which the process's umask can narrow and never widen: the channel's
 * file, that of the writer's lock, the temporary one while it exists, and every new folder.
 */
@Tag("life-cycle")
class ModesTest
{
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"000, rw-r-----, rwxr-x---, rw-rw-rw-", "077, rw-------, rwx------, rw-------"})
    void shouldKeepOthersOutWhateverTheUmask(
        final String umask, final String expectedFile, final String expectedFolder, final String expectedControl)
        throws IOException, InterruptedException
    {
        final Path root = folder.resolve("a").resolve("b");
        final List<String> underUmask = List.of("sh", "-c", "umask " + umask + "; exec \"$@\"", "sh");
        final String output;
        try (ChildJvm child = ChildJvm.startBy(
            underUmask, ChildJvm.QUICK_START, ChildJvm.classPath(), Maker.class, root, folder))
        {
            output = child.awaitEnd();
            assertEquals(0, child.exitStatus(), output);
        }

        assertEquals(expectedControl, mode(folder.resolve("control")), "the umask holds for other files");
        assertEquals("temporary " + expectedFile + " writer " + expectedFile + "\n", output);
        assertEquals(expectedFile, mode(TestChannels.file(root)));
        assertEquals(expectedFile, mode(ChannelPath.writerFile(root, 1)));
        assertEquals(expectedFolder, mode(TestChannels.file(root).getParent()));
        assertEquals(expectedFolder, mode(root));
        assertEquals(expectedFolder, mode(root.getParent()));
        Evidence.print("modes", "umask", umask, "files", expectedFile, "folders", expectedFolder);
    }

    private static String mode(final Path file) throws IOException
    {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    /**
     * Makes a channel, and says what the modes are in the middle of it.
     */
    static final class Maker
    {
        private Maker()
        {
        }

        public static void main(final String[] args) throws IOException
        {
            final Path root = Path.of(args[0]);
            Files.createFile(Path.of(args[1]).resolve("control"));
            ShmWriter
                .builder(root, TestChannels.smallHeader().build(), RawBinDataFormat.INSTANCE)
                .files(new TellingFiles(root))
                .create()
                .close();
        }
    }

    private static final class TellingFiles extends ChannelFiles
    {
        private final Path root;

        private TellingFiles(final Path root)
        {
            this.root = root;
        }

        @Override
        void fillWithZeros(final FileChannel channel, final long length) throws IOException
        {
            final List<Path> temporary = list(TestChannels.file(root).getParent(), ".*.tmp");
            assertTrue(temporary.size() == 1, temporary.toString());
            System.out.println(
                "temporary " + mode(temporary.get(0)) + " writer " + mode(ChannelPath.writerFile(root, 1)));
            super.fillWithZeros(channel, length);
        }
    }
}
