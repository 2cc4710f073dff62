package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelAccessException;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.ChannelExistsException;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.NotAChannelFileException;
import io.kekbit.core.exceptions.StorageNotReadyException;
import io.kekbit.core.exceptions.UnsafeFolderException;
import io.kekbit.core.layout.ChannelPath;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Whatever stands in the place of a channel's file, of its lock files, or of its folder, and is not what it should be:
 * every call says so or is not concerned, none hangs, and none goes through a link.
 */
@Tag("life-cycle")
// A thread that waits for the other end of a pipe cannot be interrupted.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IrregularFilesTest
{
    /**
     * What can stand where a file should.
     */
    enum Kind
    {
        LINK_TO_FILE, LINK_TO_NOTHING, LINK_TO_DEVICE, LINK_TO_ITSELF, PIPE, DEVICE, FOLDER
    }

    private static final String PRECIOUS = "precious";

    private static final Set<Kind> KINDS_TRIED = EnumSet.noneOf(Kind.class);

    private static int tried;
    private static int answered;
    private static int refused;

    @TempDir
    private Path folder;
    private Path root;
    private Path victim;
    private Path nothing;

    @AfterAll
    static void printEvidence()
    {
        Evidence.print(
            "irregular files", "kinds", KINDS_TRIED.size(), "calls", tried, "refused", refused, "hung",
            tried - answered, "followed", 0);
    }

    @BeforeEach
    void makeChannel() throws IOException
    {
        root = folder.resolve("root");
        victim = Files.writeString(folder.resolve("victim"), PRECIOUS);
        nothing = folder.resolve("nothing");
        try (ShmWriter<RawBinDataFormat> writer = TestChannels.createSmall(root))
        {
            writer.write(TestChannels.bytes(8), 0, 8);
            writer.abandon();
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldRefuseWhenItStandsInPlaceOfChannel(final Kind kind) throws IOException, InterruptedException
    {
        final Path file = TestChannels.file(root);
        place(kind, file);

        assertRefused(NotAChannelFileException.class, file, this::open);
        assertRefused(NotAChannelFileException.class, file, this::resume);
        assertRefused(ChannelExistsException.class, file, this::create);
        assertRefused(NotAChannelFileException.class, file, this::createOrResume);
        assertNothingFollowed(kind, file);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldRefuseWriterWhenItStandsInPlaceOfWriterFile(final Kind kind) throws IOException, InterruptedException
    {
        final Path writerFile = ChannelPath.writerFile(root, 1);
        place(kind, writerFile);

        assertReads();
        assertRefused(NotAChannelFileException.class, writerFile, this::resume);
        Files.delete(TestChannels.file(root));
        assertRefused(NotAChannelFileException.class, writerFile, this::create);
        assertFalse(Files.exists(TestChannels.file(root)));
        assertNothingFollowed(kind, writerFile);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldBeNotReadyWhenItStandsInPlaceOfLockFile(final Kind kind) throws IOException, InterruptedException
    {
        final Path file = TestChannels.file(root);
        final Path lockFile = ChannelPath.lockFile(root, 1);
        place(kind, lockFile);

        // A file with extension is whole, whatever the lock file says.
        assertReads();
        tried++;
        resume().abandon();
        answered++;
        assertRefused(ChannelExistsException.class, file, this::create);
        Files.delete(file);
        assertRefused(StorageNotReadyException.class, file, this::open);
        assertRefused(StorageNotReadyException.class, file, this::create);
        assertRefused(ChannelNotFoundException.class, file, this::resume);
        assertNothingFollowed(kind, lockFile);
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "FOLDER")
    void shouldRefuseWhenItStandsInPlaceOfFolder(final Kind kind) throws IOException, InterruptedException
    {
        final Path file = TestChannels.file(root);
        Files.move(file.getParent(), folder.resolve("moved"));
        place(kind, file.getParent());

        assertNothingIsThere(file, this::open);
        assertRefused(ChannelAccessException.class, file, this::create);
        assertNothingIsThere(file, this::resume);
        assertNothingFollowed(kind, file.getParent());
    }

    private ShmReader open()
    {
        return ShmReader.open(root, 1);
    }

    private ShmWriter<RawBinDataFormat> create()
    {
        return TestChannels.createSmall(root);
    }

    private ShmWriter<RawBinDataFormat> resume()
    {
        return ShmWriter.resume(root, 1, RawBinDataFormat.INSTANCE);
    }

    private ShmWriter<RawBinDataFormat> createOrResume()
    {
        return ShmWriter.createOrResume(root, TestChannels.smallHeader().build(), RawBinDataFormat.INSTANCE);
    }

    private void place(final Kind kind, final Path path) throws IOException, InterruptedException
    {
        Files.deleteIfExists(path);
        switch (kind)
        {
            case LINK_TO_FILE -> Files.createSymbolicLink(path, victim);
            case LINK_TO_NOTHING -> Files.createSymbolicLink(path, nothing);
            case LINK_TO_DEVICE -> Files.createSymbolicLink(path, Path.of("/dev/null"));
            case LINK_TO_ITSELF -> Files.createSymbolicLink(path, path);
            case PIPE -> assertTrue(runs("mkfifo", path.toString()));
            case FOLDER -> Files.createFile(Files.createDirectory(path).resolve(PRECIOUS));
            default ->
            {
                final boolean isMade = runs("mknod", path.toString(), "c", "1", "3");
                if (!isMade)
                {
                    System.out.println("skipped: a device in place of a file needs root");
                }
                Assumptions.assumeTrue(isMade);
            }
        }
        KINDS_TRIED.add(kind);
    }

    private static boolean runs(final String... command) throws IOException, InterruptedException
    {
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();

        return process.waitFor() == 0;
    }

    private void assertReads()
    {
        tried++;
        try (ShmReader reader = open())
        {
            answered++;
            assertEquals(1, TestChannels.readAll(reader).size());
        }
    }

    private static void assertRefused(
        final Class<? extends ChannelException> expectedType,
        final Path expectedFile,
        final Supplier<?> call)
    {
        tried++;
        final ChannelException ex = assertThrows(ChannelException.class, call::get);
        answered++;
        assertSame(expectedType, ex.getClass(), ex.getMessage());
        assertEquals(expectedFile, ex.file());
        assertTrue(ex.getMessage().contains("file=" + expectedFile), ex.getMessage());
        refused++;
    }

    /**
     * JDKs differ in whether there is no file below what is no folder, or whether looking there fails; and a writer
     * says what is wrong with a folder where it gets to look at it.
     */
    private static void assertNothingIsThere(final Path file, final Supplier<?> call)
    {
        tried++;
        final ChannelException ex = assertThrows(ChannelException.class, call::get);
        answered++;
        assertTrue(
            ex instanceof ChannelNotFoundException || ex instanceof ChannelAccessException ||
                ex instanceof UnsafeFolderException,
            ex.getMessage());
        assertTrue(ex.getMessage().contains("file=" + file), ex.getMessage());
        refused++;
    }

    /**
     * What was placed still stands there, and nothing happened to what it leads to.
     */
    private void assertNothingFollowed(final Kind kind, final Path path) throws IOException
    {
        assertTrue(Files.exists(path, LinkOption.NOFOLLOW_LINKS));
        assertEquals(kind.name().startsWith("LINK"), Files.isSymbolicLink(path));
        assertEquals(PRECIOUS, Files.readString(victim));
        assertFalse(Files.exists(nothing, LinkOption.NOFOLLOW_LINKS));
        assertTrue(kind != Kind.FOLDER || Files.exists(path.resolve(PRECIOUS)));
        if (kind == Kind.LINK_TO_DEVICE)
        {
            // Or JUnit warns of it when it clears up.
            Files.delete(path);
        }
    }
}
