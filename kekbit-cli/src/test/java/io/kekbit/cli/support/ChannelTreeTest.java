package io.kekbit.cli.support;

import io.kekbit.core.layout.ChannelPath;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/**
 * Finds channels by the names of their files.
 */
class ChannelTreeTest
{
    @TempDir
    private Path root;

    @Test
    void shouldFindChannelsInOrderOfTheirUnsignedIds() throws IOException
    {
        final List<Path> files = List.of(
            ChannelPath.file(root, 1), ChannelPath.file(root, 1L << 40), ChannelPath.file(root, -1));
        for (final Path file : List.of(files.get(2), files.get(0), files.get(1)))
        {
            Files.createDirectories(file.getParent());
            Files.createFile(file);
        }
        Files.createFile(root.resolve("0000_0000/0000_0001.writer"));
        Files.createFile(root.resolve("0000_0000/readme.kekbit"));
        Files.createDirectory(root.resolve("other"));
        Files.createFile(root.resolve("ffff_fffe"));

        assertEquals(files, ChannelTree.files(root, Assertions::fail));
    }

    @Test
    void shouldTellIdWhenFileIsNamedAsChannelsAre()
    {
        assertEquals(OptionalLong.of(42), ChannelTree.channelId(ChannelPath.file(root, 42)));
        assertEquals(OptionalLong.of(-1), ChannelTree.channelId(ChannelPath.file(root, -1)));
        assertEquals(OptionalLong.empty(), ChannelTree.channelId(root.resolve("trades.kekbit")));
        assertEquals(OptionalLong.empty(), ChannelTree.channelId(Path.of("/")));
    }

    @Test
    void shouldThrowWhenRootIsNoFolder() throws IOException
    {
        final Path file = Files.createFile(root.resolve("file"));

        assertThrows(NotDirectoryException.class, () -> ChannelTree.files(file, Assertions::fail));
        assertThrows(NoSuchFileException.class, () -> ChannelTree.files(root.resolve("missing"), Assertions::fail));
    }
}
