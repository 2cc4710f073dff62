package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelAccessException;
import io.kekbit.core.exceptions.ChannelExistsException;
import io.kekbit.core.exceptions.WriterActiveException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.UUID;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The temporary files by which channels are made: their names cannot be guessed, what others put under such a name is
 * not written through, and those of dead creators are swept, but not those of living ones.
 */
@Tag("life-cycle")
class TemporaryFilesTest
{
    private static final String PREFIX = ".0000_0001.kekbit.";
    private static final String SUFFIX = ".tmp";
    private static final int NAMES = 128;

    @TempDir
    private Path root;
    private Path folder;
    private Path victim;

    @BeforeEach
    void makeFolder() throws IOException
    {
        folder = TestChannels.file(root).getParent();
        victim = Files.writeString(root.resolve("victim"), "precious");
    }

    @Test
    void shouldHave122RandomBitsInNameWhenCreating()
    {
        final UUID[] names = new UUID[NAMES];
        final int[] count = {0};
        final ChannelFiles noting = new ChannelFiles()
        {
            @Override
            FileChannel createNew(final Path file) throws IOException
            {
                final String name = file.getFileName().toString();
                if (name.endsWith(SUFFIX))
                {
                    assertTrue(name.startsWith(PREFIX), name);
                    names[count[0]++] =
                        UUID.fromString(name.substring(PREFIX.length(), name.length() - SUFFIX.length()));
                    throw new IOException("enough");
                }

                return super.createNew(file);
            }
        };
        for (int i = 0; i < NAMES; i++)
        {
            assertThrows(ChannelAccessException.class, () -> create(noting));
        }

        assertEquals(NAMES, count[0]);
        long highOnes = 0;
        long highZeros = 0;
        long lowOnes = 0;
        long lowZeros = 0;
        for (final UUID name : names)
        {
            assertEquals(4, name.version());
            assertEquals(2, name.variant());
            highOnes |= name.getMostSignificantBits();
            highZeros |= ~name.getMostSignificantBits();
            lowOnes |= name.getLeastSignificantBits();
            lowZeros |= ~name.getLeastSignificantBits();
        }
        // In so many names every bit that is random was seen both ways, but for one case in 10^36.
        final int randomBits = Long.bitCount(highOnes & highZeros) + Long.bitCount(lowOnes & lowZeros);
        assertEquals(122, randomBits);
        Evidence.print("temporary names", "names", NAMES, "randomBits", randomBits);
    }

    @Test
    void shouldNotWriteThroughLinkWhenNameWasGuessed() throws IOException
    {
        final Path[] guessed = new Path[1];
        final ChannelFiles attacked = new ChannelFiles()
        {
            @Override
            FileChannel createNew(final Path file) throws IOException
            {
                if (file.toString().endsWith(SUFFIX))
                {
                    guessed[0] = Files.createSymbolicLink(file, victim);
                }

                return super.createNew(file);
            }
        };

        final ChannelAccessException ex = assertThrows(ChannelAccessException.class, () -> create(attacked));

        assertTrue(ex.getCause() instanceof FileAlreadyExistsException, ex.getMessage());
        assertTrue(ex.getMessage().contains("file=" + TestChannels.file(root)), ex.getMessage());
        assertTrue(Files.isSymbolicLink(guessed[0]), "not ours to delete");
        assertEquals("precious", Files.readString(victim));
    }

    @Test
    void shouldNotWriteThroughLinkWhenItTakesTheNameMeanwhile() throws IOException
    {
        final ChannelFiles attacked = new ChannelFiles()
        {
            @Override
            void link(final Path newName, final Path file) throws IOException
            {
                Files.createSymbolicLink(newName, victim);
                super.link(newName, file);
            }
        };

        assertThrows(ChannelExistsException.class, () -> create(attacked));

        assertEquals("precious", Files.readString(victim));
        assertTrue(Files.isSymbolicLink(TestChannels.file(root)));
        assertEquals(0, temporaryFiles());
    }

    @Test
    void shouldSweepLinksAndPipesThemselvesWhenTheyHaveNameOfLitter() throws IOException, InterruptedException
    {
        Files.createDirectories(folder);
        Files.createSymbolicLink(folder.resolve(PREFIX + "link" + SUFFIX), victim);
        Files.createSymbolicLink(folder.resolve(PREFIX + "nowhere" + SUFFIX), root.resolve("nowhere"));
        Files.createDirectory(folder.resolve(PREFIX + "folder" + SUFFIX));
        final Path pipe = folder.resolve(PREFIX + "pipe" + SUFFIX);
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());

        create(ChannelFiles.SYSTEM).close();

        assertEquals(0, temporaryFiles());
        assertEquals("precious", Files.readString(victim));
        assertFalse(Files.exists(root.resolve("nowhere"), LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void shouldNameFileWhenLitterCannotBeSwept() throws IOException
    {
        final Path full = Files.createDirectories(folder.resolve(PREFIX + "folder" + SUFFIX));
        Files.createFile(full.resolve("something"));

        final ChannelAccessException ex =
            assertThrows(ChannelAccessException.class, () -> create(ChannelFiles.SYSTEM));

        assertTrue(ex.getMessage().contains("file=" + TestChannels.file(root)), ex.getMessage());
        assertTrue(ex.getMessage().contains(full.toString()), ex.getMessage());
    }

    @Test
    @Timeout(120)
    void shouldSweepLitterWhenItsCreatorDiedAndNotBefore() throws IOException, InterruptedException
    {
        try (ChildJvm child = ChildJvm.start(ChildJvm.QUICK_START, SlowCreator.class, root))
        {
            assertEquals("making", child.readLine());
            assertThrows(WriterActiveException.class, () -> create(ChannelFiles.SYSTEM));
            assertEquals(1, temporaryFiles(), "of the living");

            child.kill();
            assertEquals(1, temporaryFiles(), "of the dead");
            create(ChannelFiles.SYSTEM).close();
            assertEquals(0, temporaryFiles());
        }
        Evidence.print("litter of creators", "sweptOfTheLiving", 0, "sweptOfTheDead", 1);
    }

    private ShmWriter<RawBinDataFormat> create(final ChannelFiles files)
    {
        return ShmWriter
            .builder(root, TestChannels.smallHeader().build(), RawBinDataFormat.INSTANCE).files(files).create();
    }

    private int temporaryFiles() throws IOException
    {
        return ChannelFiles.SYSTEM.list(folder, PREFIX + "*" + SUFFIX).size();
    }

    /**
     * Stays in the middle of making the channel's file until it is killed.
     */
    static final class SlowCreator
    {
        private SlowCreator()
        {
        }

        public static void main(final String[] args)
        {
            final ChannelFiles slow = new ChannelFiles()
            {
                @Override
                void fillWithZeros(final FileChannel channel, final long length) throws IOException
                {
                    super.fillWithZeros(channel, length / 2);
                    System.out.println("making");
                    assertEquals(-1, System.in.read());
                }
            };
            ShmWriter.builder(Path.of(args[0]), TestChannels.smallHeader().build(), RawBinDataFormat.INSTANCE)
                .files(slow).create();
        }
    }
}
