package io.kekbit.core;

import io.kekbit.core.exceptions.UnsafeFolderException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A writer demands that nobody else can replace its files.
 */
@Tag("damage")
class FolderRulesTest
{
    private static final int SOMEBODY_ELSE = 54_321;

    @TempDir
    private Path temporary;
    private Path root;
    private Path folder;

    @BeforeEach
    void makeFolders() throws IOException
    {
        root = Files.createDirectory(temporary.resolve("root"));
        folder = TestChannels.file(root).getParent();
        setMode(root, 0755);
    }

    @Test
    void shouldRefuseToCreateWhenOthersMayWriteToRoot() throws IOException
    {
        setMode(root, 0757);

        assertRefused(root, "writable by others, without the sticky bit");
    }

    @Test
    void shouldCreateWhenStickyBitKeepsOthersFromReplacing() throws IOException
    {
        setMode(root, 01777);

        TestChannels.createSmall(root).close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0702, 0757, 01777})
    void shouldRefuseToCreateWhenOthersMayWriteToFolder(final int mode) throws IOException
    {
        setMode(Files.createDirectory(folder), mode);

        assertRefused(folder, "writable by others");
    }

    @Test
    void shouldNotAdviseToTakeRightsAwayWhenFolderIsForEverybody() throws IOException
    {
        setMode(Files.createDirectory(folder), 01777);
        final UnsafeFolderException exception =
            assertThrows(UnsafeFolderException.class, () -> TestChannels.createSmall(root));

        assertTrue(exception.getMessage().contains("move the channel into a folder of your own"));
    }

    @Test
    void shouldRefuseToCreateWhenFolderIsSymbolicLink() throws IOException
    {
        Files.createSymbolicLink(folder, Files.createDirectory(temporary.resolve("elsewhere")));

        assertRefused(folder, "a symbolic link");
        assertEquals(List.of(), TestChannels.filesBelow(temporary.resolve("elsewhere")));
    }

    @Test
    void shouldCreateWhenRootIsSymbolicLink() throws IOException
    {
        final Path otherName = Files.createSymbolicLink(temporary.resolve("link"), root);

        TestChannels.createSmall(otherName).close();

        assertTrue(Files.exists(TestChannels.file(root)));
    }

    @Test
    void shouldRefuseToCreateWhenSomebodyElseMadeFolderInRootThatAllShare() throws IOException
    {
        setMode(root, 01777);
        giveAway(Files.createDirectory(folder));

        assertRefused(folder, "owned by another user, uid " + SOMEBODY_ELSE);
    }

    @Test
    void shouldCreateWhenSomebodyElseMadeFolderInRootThatIsOurs() throws IOException
    {
        giveAway(Files.createDirectory(folder));

        TestChannels.createSmall(root).close();
    }

    @Test
    void shouldRefuseToResumeWhenOthersMayWriteToFolder() throws IOException
    {
        try (ShmWriter<RawBinDataFormat> writer = TestChannels.createSmall(root))
        {
            assertEquals(8, writer.writeOffset());
        }
        setMode(folder, 0777);

        final UnsafeFolderException ex = assertThrows(
            UnsafeFolderException.class,
            () -> ShmWriter.resume(root, TestChannels.CHANNEL_ID, RawBinDataFormat.INSTANCE));
        assertEquals(folder, ex.folder());
    }

    @Test
    void shouldReadWhenOthersMayWriteToFolderSinceNothingThereIsBelieved() throws IOException
    {
        TestChannels.createSmall(root).close();
        setMode(folder, 0777);

        try (ShmReader reader = ShmReader.open(root, TestChannels.CHANNEL_ID))
        {
            assertEquals(List.of(), TestChannels.readAll(reader));
            assertEquals(ReaderState.CLOSED, reader.state());
        }
    }

    private void assertRefused(final Path unsafe, final String reason) throws IOException
    {
        final UnsafeFolderException ex =
            assertThrows(UnsafeFolderException.class, () -> TestChannels.createSmall(root));

        assertEquals(unsafe, ex.folder());
        assertTrue(
            ex.getMessage().matches(".*\\. [A-Z][^.]+\\.") && ex.getMessage().startsWith(
                "folder not safe: file=" + TestChannels.file(root) + " folder=" + unsafe +
                    " reason=\"" + reason + "\"."),
            ex.getMessage());
        assertEquals(List.of(), TestChannels.filesBelow(root));
    }

    private static void setMode(final Path path, final int mode) throws IOException
    {
        Files.setAttribute(path, "unix:mode", mode);
    }

    private static void giveAway(final Path path) throws IOException
    {
        try
        {
            Files.setAttribute(path, "unix:uid", SOMEBODY_ELSE);
        }
        catch (final IOException ex)
        {
            System.out.println("skipped: a folder could not be given to another user, which takes root");
            Assumptions.abort("giving a folder to another user takes root");
        }
    }
}
