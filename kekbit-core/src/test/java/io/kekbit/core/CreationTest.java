package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelAccessException;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.ChannelExistsException;
import io.kekbit.core.exceptions.InvalidDescriptionException;
import io.kekbit.core.exceptions.NotEnoughSpaceException;
import io.kekbit.core.exceptions.StorageNotReadyException;
import io.kekbit.core.exceptions.WriterActiveException;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.IoUtil;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CreationTest
{
    @TempDir
    private Path root;

    @Test
    void shouldLeaveOnlyChannelAndWriterFileWhenCreated() throws IOException
    {
        TestChannels.createSmall(root).close();

        assertEquals(List.of(file(), ChannelPath.writerFile(root, 1)), TestChannels.filesBelow(root));
        assertEquals(0, Files.size(ChannelPath.writerFile(root, 1)));
    }

    @Test
    void shouldHoldWholeRecordAreaAndIndexWhenCreated() throws IOException
    {
        TestChannels.createSmall(root).close();

        // The record area with its footer, aligned to 64, and four index entries of 32 bytes.
        assertEquals(17_472 + 4 * 32, Files.size(file()));
    }

    @ParameterizedTest
    @CsvSource({"true, 8", "false, 0"})
    void shouldBeginWithHeartbeatOnlyWhenAsked(final boolean initialHeartbeat, final long expectedOffset)
        throws IOException
    {
        try (ShmWriter<RawBinDataFormat> writer = builder().initialHeartbeat(initialHeartbeat).create())
        {
            assertEquals(expectedOffset, writer.writeOffset());
            assertEquals(
                RecordDescriptor.WATERMARK,
                TestChannels.getLong(file(), RecordDescriptor.RECORD_AREA_OFFSET + expectedOffset));
        }
    }

    @Test
    void shouldKeepOthersOutWhenCreated() throws IOException
    {
        final Path newRoot = root.resolve("a").resolve("b");
        TestChannels.createSmall(newRoot).close();

        final Path file = TestChannels.file(newRoot);
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        for (Path folder = file.getParent(); !folder.equals(root); folder = folder.getParent())
        {
            assertEquals("rwxr-x---", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
        }
    }

    @Test
    void shouldRefuseWhenChannelExists() throws IOException
    {
        TestChannels.createSmall(root).close();
        final byte[] before = Files.readAllBytes(file());

        assertNamesFile(assertThrows(ChannelExistsException.class, () -> TestChannels.createSmall(root)));
        assertEquals(before.length, Files.size(file()));
    }

    @Test
    void shouldRefuseWhenDanglingLinkHasTheName() throws IOException
    {
        Files.createDirectories(file().getParent());
        Files.createSymbolicLink(file(), root.resolve("victim"));

        assertThrows(ChannelExistsException.class, () -> TestChannels.createSmall(root));
        assertFalse(Files.exists(root.resolve("victim"), LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void shouldRefuseWhenTheCrateIsCreating() throws IOException
    {
        Files.createDirectories(file().getParent());
        Files.createFile(ChannelPath.lockFile(root, 1));

        assertNamesFile(assertThrows(StorageNotReadyException.class, () -> TestChannels.createSmall(root)));
        assertEquals(List.of(ChannelPath.lockFile(root, 1)), TestChannels.filesBelow(root));
    }

    @Test
    void shouldSweepLitterOfDeadCreatorsWhenCreating() throws IOException
    {
        final Path folder = Files.createDirectories(file().getParent());
        final Path litter = Files.createFile(folder.resolve(".0000_0001.kekbit.1234.tmp"));
        final Path otherChannels = Files.createFile(folder.resolve(".0000_0002.kekbit.1234.tmp"));

        TestChannels.createSmall(root).close();

        assertFalse(Files.exists(litter));
        assertTrue(Files.exists(otherChannels));
    }

    @Test
    void shouldSayAccessRefusedWhenRootIsNoFolder() throws IOException
    {
        final Path plainFile = Files.createFile(root.resolve("plain"));

        final ChannelAccessException ex =
            assertThrows(ChannelAccessException.class, () -> TestChannels.createSmall(plainFile));

        assertTrue(ex.getMessage().contains("file=" + TestChannels.file(plainFile)), ex.getMessage());
    }

    @Test
    void shouldStoreLabelWhenGiven()
    {
        builder().label("BTC/USD \u20bf").create().close();

        try (ShmReader reader = ShmReader.open(root, 1))
        {
            assertEquals("BTC/USD \u20bf", reader.extension().label());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "12345678901234567890123456789012345678901234567890123456789012345",
        "\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac" +
            "\u20ac\u20ac\u20ac\u20ac"})
    void shouldRefuseLabelWhenLongerThanItsField(final String label) throws IOException
    {
        final InvalidDescriptionException ex =
            assertThrows(InvalidDescriptionException.class, () -> builder().label(label).create());

        assertNamesFile(ex);
        assertTrue(ex.getMessage().matches(".*label bytes=6[56] min=0 max=64.*"), ex.getMessage());
        assertEquals(List.of(), TestChannels.filesBelow(root));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text/pla\u00edn"})
    void shouldRefuseFormatWhenMediaTypeIsNotAscii(final String mediaType)
    {
        assertNamesFile(assertThrows(InvalidDescriptionException.class, () -> create(new OtherFormat(9, mediaType))));
    }

    @Test
    void shouldRefuseFormatWhenItsIdIsZero()
    {
        assertNamesFile(assertThrows(InvalidDescriptionException.class, () -> create(new OtherFormat(0, "a/b"))));
    }

    @Test
    void shouldSayRequiredAndAvailableWhenDiskIsTooSmall() throws IOException
    {
        final ChannelFiles nearlyFull = new ChannelFiles()
        {
            @Override
            long usableSpace(final Path folder)
            {
                return 17_599;
            }
        };

        final NotEnoughSpaceException ex =
            assertThrows(NotEnoughSpaceException.class, () -> builder().files(nearlyFull).create());

        assertNamesFile(ex);
        assertEquals(17_600, ex.required());
        assertEquals(17_599, ex.available());
        assertEquals(List.of(), TestChannels.filesBelow(root));
    }

    @ParameterizedTest
    @ValueSource(strings = {"No space left on device", "Disk quota exceeded"})
    void shouldSayRequiredAndAvailableWhenDiskFillsUpMeanwhile(final String reason) throws IOException
    {
        final ChannelFiles filling = new ChannelFiles()
        {
            @Override
            void fillWithZeros(final FileChannel channel, final long length) throws IOException
            {
                super.fillWithZeros(channel, length / 2);
                throw new IOException(reason);
            }
        };

        final NotEnoughSpaceException ex =
            assertThrows(NotEnoughSpaceException.class, () -> builder().files(filling).create());

        assertEquals(17_600, ex.required());
        assertEquals(List.of(), TestChannels.filesBelow(root));
    }

    /**
     * An operation fails, then the next one in another try, until there is none left; by an exception, and by an error
     * of the JVM. Where it was the lock that could not be taken, its empty file stays, since others may be locking it.
     */
    @Tag("file-faults")
    @ParameterizedTest
    @CsvSource({"true, false", "false, false", "true, true", "false, true"})
    void shouldLeaveNothingWhenAnyFileOperationFails(final boolean hasHardLinks, final boolean isError)
        throws IOException
    {
        int failed = 0;
        while (true)
        {
            final Path newRoot = root.resolve("root" + failed);
            final Error error = isError ? new OutOfMemoryError("Map failed") : null;
            final FailingFiles failing = new FailingFiles(failed + 1, hasHardLinks, error);
            try (ShmWriter<RawBinDataFormat> writer = builder(newRoot).files(failing).create())
            {
                assertEquals(8, writer.writeOffset());
                failing.stopFailing();
                break;
            }
            catch (final ChannelAccessException ex)
            {
                assertSame(failing.thrown(), ex.getCause());
                assertEquals(TestChannels.file(newRoot), ex.file());
            }
            catch (final OutOfMemoryError ex)
            {
                assertSame(error, ex);
            }
            final boolean isLocking =
                Set.of("close", CountedFiles.ATTRIBUTES_OF_LOCK, "open", "tryLock").contains(failing.last());
            assertEquals(
                isLocking ? List.of(ChannelPath.writerFile(newRoot, 1)) : List.of(),
                TestChannels.filesBelow(root),
                "operation " + failing.last());
            assertEquals(List.of(), OpenFiles.below(root), "operation " + failing.last());

            builder(newRoot).create().close();
            IoUtil.delete(newRoot.toFile(), false);
            failed++;
        }

        assertEquals(List.of(), OpenFiles.below(root), "after all of them");
        Evidence.print(
            "faulty file operations", "creation", failed, "hardLinks", hasHardLinks, "errors", isError);
        assertTrue(failed >= 20, "operations tried: " + failed);
    }

    @Test
    void shouldCreateWithLockFileWhenThereAreNoHardLinks() throws IOException
    {
        try (ShmWriter<RawBinDataFormat> writer = builder().files(new LinklessFiles()).create())
        {
            writer.write(TestChannels.bytes(3), 0, 3);
        }

        assertEquals(List.of(file(), ChannelPath.writerFile(root, 1)), TestChannels.filesBelow(root));
        try (ShmReader reader = ShmReader.open(root, 1))
        {
            assertEquals(1, TestChannels.readAll(reader).size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0000_0001.kekbit", "0000_0001.lock"})
    void shouldLeaveForeignFileAloneWhenItAppearsWhileCreatingWithoutHardLinks(final String name) throws IOException
    {
        final Path foreign = TestChannels.file(root).resolveSibling(name);
        final ChannelFiles files = new LinklessFiles()
        {
            @Override
            FileChannel createNew(final Path path) throws IOException
            {
                if (path.equals(foreign))
                {
                    Files.writeString(foreign, "somebody else's");
                }
                return super.createNew(path);
            }
        };

        final ChannelException ex =
            assertThrows(ChannelException.class, () -> builder().files(files).create());

        assertSame(
            name.endsWith("lock") ? StorageNotReadyException.class : ChannelExistsException.class, ex.getClass());
        assertEquals("somebody else's", Files.readString(foreign));
    }

    @Test
    void shouldBeNotReadyWhileCreatedWithoutHardLinks()
    {
        final LinklessFiles files = new LinklessFiles()
        {
            @Override
            void fillWithZeros(final FileChannel channel, final long length) throws IOException
            {
                if (isLinkRefused())
                {
                    assertThrows(StorageNotReadyException.class, () -> ShmReader.open(root, 1));
                }
                super.fillWithZeros(channel, length);
            }
        };

        builder().files(files).create().close();
        assertTrue(files.isLinkRefused());
    }

    @Test
    void shouldClearUpWhenCreatorWithoutHardLinksDied() throws IOException
    {
        Files.createDirectories(file().getParent());
        Files.writeString(ChannelPath.lockFile(root, 1), "kekbit-java");
        Files.createFile(file());

        // A file of that name is refused before anything else; what the dead creator left has to go first.
        builder().files(new LinklessFiles()).create().close();

        assertEquals(List.of(file(), ChannelPath.writerFile(root, 1)), TestChannels.filesBelow(root));
    }

    @Test
    void shouldCreateAndKeepInterruptWhenThreadIsInterrupted()
    {
        Thread.currentThread().interrupt();
        try
        {
            TestChannels.createSmall(root).close();
        }
        finally
        {
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void shouldLeaveNothingWhenInterruptedMeanwhile() throws IOException
    {
        final ChannelFiles interrupting = new ChannelFiles()
        {
            @Override
            void fillWithZeros(final FileChannel channel, final long length) throws IOException
            {
                Thread.currentThread().interrupt();
                super.fillWithZeros(channel, length);
            }
        };
        try
        {
            assertThrows(ChannelAccessException.class, () -> builder().files(interrupting).create());
        }
        finally
        {
            assertTrue(Thread.interrupted());
        }
        assertEquals(List.of(), TestChannels.filesBelow(root));
    }

    @Test
    void shouldLetOneWinWhenTwoThreadsCreateTheSameChannel() throws InterruptedException, ExecutionException
    {
        for (int id = 1; id <= 100; id++)
        {
            final Header header = TestChannels.smallHeader().channelId(id).build();
            final FutureTask<ShmWriter<RawBinDataFormat>> other = new FutureTask<>(() -> tryCreate(header));
            new Thread(other, "other").start();
            final ShmWriter<RawBinDataFormat> mine = tryCreate(header);
            final ShmWriter<RawBinDataFormat> others = other.get();

            assertTrue(mine == null ^ others == null, "channel " + id + " mine=" + mine + " others=" + others);
            final ShmWriter<RawBinDataFormat> winner = mine == null ? others : mine;
            assertEquals(16, winner.write(TestChannels.bytes(1), 0, 1));
            winner.close();
        }
    }

    private ShmWriter<RawBinDataFormat> tryCreate(final Header header)
    {
        try
        {
            return ShmWriter.create(root, header, RawBinDataFormat.INSTANCE);
        }
        catch (final ChannelExistsException | WriterActiveException ex)
        {
            return null;
        }
    }

    private ShmWriterBuilder<RawBinDataFormat> builder()
    {
        return builder(root);
    }

    private static ShmWriterBuilder<RawBinDataFormat> builder(final Path root)
    {
        return ShmWriter.builder(root, TestChannels.smallHeader().build(), RawBinDataFormat.INSTANCE);
    }

    private ShmWriter<OtherFormat> create(final OtherFormat format)
    {
        return ShmWriter.create(root, TestChannels.smallHeader().build(), format);
    }

    private Path file()
    {
        return TestChannels.file(root);
    }

    private void assertNamesFile(final ChannelException ex)
    {
        assertEquals(file(), ex.file());
        assertTrue(ex.getMessage().contains("file=" + file()), ex.getMessage());
    }

    private record OtherFormat(long id, String mediaType) implements DataFormat
    {
    }

    /**
     * A file system as FAT, on which names cannot be linked.
     */
    private static class LinklessFiles extends ChannelFiles
    {
        private boolean isLinkRefused;

        boolean isLinkRefused()
        {
            return isLinkRefused;
        }

        @Override
        void link(final Path newName, final Path file) throws IOException
        {
            isLinkRefused = true;
            throw new FileSystemException(newName.toString(), file.toString(), "Operation not permitted");
        }
    }
}
