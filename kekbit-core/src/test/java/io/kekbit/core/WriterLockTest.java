package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelAccessException;
import io.kekbit.core.exceptions.NotAChannelFileException;
import io.kekbit.core.exceptions.WriterActiveException;
import io.kekbit.core.layout.ChannelPath;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class WriterLockTest
{
    private static final long CHANNEL_ID = TestChannels.CHANNEL_ID;

    @TempDir
    private Path root;

    @BeforeEach
    void makeFolder() throws IOException
    {
        Files.createDirectories(TestChannels.file(root).getParent());
    }

    @Test
    void shouldRefuseSecondWriterWhenFirstLivesInThisProcess() throws IOException
    {
        final WriterLock lock = acquire(root);
        try
        {
            final WriterActiveException ex = assertThrows(WriterActiveException.class, () -> acquire(root));
            assertTrue(ex.getMessage().contains("file=" + TestChannels.file(root)), ex.getMessage());
        }
        finally
        {
            lock.release();
        }
    }

    @Test
    void shouldRefuseSecondWriterWhenItComesByAnotherName() throws IOException
    {
        final Path otherName = Files.createSymbolicLink(root.resolve("other"), root);
        final WriterLock lock = acquire(root);
        try
        {
            assertThrows(WriterActiveException.class, () -> acquire(otherName));
            assertTrue(isLockedForOtherProcesses(root));
        }
        finally
        {
            lock.release();
        }
    }

    @Test
    void shouldAcceptNextWriterWhenReleased() throws IOException
    {
        acquire(root).release();
        acquire(root).release();

        assertFalse(isLockedForOtherProcesses(root));
    }

    @Test
    void shouldStayLockedWhenReadersComeAndGo() throws IOException
    {
        try (ShmWriter<RawBinDataFormat> writer = TestChannels.createSmall(root))
        {
            ShmReader.open(root, CHANNEL_ID).close();

            assertEquals(8, writer.writeOffset());
            assertTrue(isLockedForOtherProcesses(root));
        }
        assertFalse(isLockedForOtherProcesses(root));
    }

    @Test
    void shouldRefuseWriterWhenAnotherProcessHasOne() throws IOException, InterruptedException
    {
        try (ChildJvm child = ChildJvm.start(ChildJvm.QUICK_START, Holder.class, root))
        {
            assertEquals("locked", child.readLine());
            assertThrows(WriterActiveException.class, () -> acquire(root));

            child.kill();

            acquire(root).release();
        }
    }

    @Test
    void shouldWaitForProbeWhenMonitorHoldsLockForAMoment() throws IOException, InterruptedException
    {
        boolean isAcquired = false;
        for (int attempt = 0; attempt < 10 && !isAcquired; attempt++)
        {
            try (ChildJvm child = ChildJvm.start(ChildJvm.QUICK_START, Holder.class, root))
            {
                assertEquals("locked", child.readLine());
                child.endInput();

                isAcquired = isAcquiredAndReleased();
                assertEquals("", child.awaitEnd());
            }
        }
        assertTrue(isAcquired);
    }

    /**
     * Not where the machine is so busy that the other process has not let go of the lock within the second for which it
     * is tried.
     */
    private boolean isAcquiredAndReleased() throws IOException
    {
        try
        {
            acquire(root).release();

            return true;
        }
        catch (final WriterActiveException ex)
        {
            return false;
        }
    }

    @Test
    void shouldLockFileThatHasTheNameWhenOldOneWasDeleted() throws IOException
    {
        final WriterLock first = acquire(root);
        Files.delete(ChannelPath.writerFile(root, CHANNEL_ID));
        final WriterLock second = acquire(root);
        try
        {
            assertTrue(isLockedForOtherProcesses(root));
            first.release();
            assertThrows(WriterActiveException.class, () -> acquire(root));
        }
        finally
        {
            second.release();
        }
    }

    @Test
    @Timeout(60)
    void shouldStayLockedWhenAnotherThreadMadeTheFileAtTheSameTime() throws IOException, InterruptedException
    {
        final CountDownLatch made = new CountDownLatch(1);
        final AtomicInteger refused = new AtomicInteger();
        final ChannelFiles slow = new ChannelFiles()
        {
            @Override
            void close(final FileChannel channel) throws IOException
            {
                // Long enough for the other thread to lock the file, if it can.
                made.countDown();
                final long deadlineNs = System.nanoTime() + 200_000_000;
                while (System.nanoTime() - deadlineNs < 0)
                {
                    Thread.onSpinWait();
                }
                super.close(channel);
            }
        };
        final WriterLock[] locks = new WriterLock[2];
        final Thread maker = new Thread(() -> locks[0] = acquireOrCount(slow, refused));
        maker.start();
        made.await();
        locks[1] = acquireOrCount(ChannelFiles.SYSTEM, refused);
        maker.join();
        try
        {
            assertEquals(1, refused.get());
            assertTrue(isLockedForOtherProcesses(root));
        }
        finally
        {
            (locks[0] == null ? locks[1] : locks[0]).release();
        }
    }

    @Test
    void shouldSayAccessRefusedWhenFolderIsGone() throws IOException
    {
        Files.delete(TestChannels.file(root).getParent());

        assertThrows(ChannelAccessException.class, () -> acquire(root));
    }

    @Test
    void shouldRefuseWhenLinkStandsInPlaceOfWriterFile() throws IOException
    {
        Files.createSymbolicLink(ChannelPath.writerFile(root, CHANNEL_ID), Files.createFile(root.resolve("victim")));

        assertThrows(NotAChannelFileException.class, () -> acquire(root));
    }

    @Test
    void shouldRefuseWhenAnotherClassLoaderHasTheLock() throws IOException
    {
        final Path writerFile = Files.createFile(ChannelPath.writerFile(root, CHANNEL_ID));
        try (FileChannel foreign = FileChannel.open(writerFile, StandardOpenOption.WRITE))
        {
            assertFalse(foreign.tryLock().isShared());

            assertThrows(WriterActiveException.class, () -> acquire(root));
            assertTrue(isLockedForOtherProcesses(root), "the other's lock must survive");
        }
    }

    private static WriterLock acquire(final Path folder)
    {
        return WriterLock.acquire(ChannelFiles.SYSTEM, folder, CHANNEL_ID);
    }

    private WriterLock acquireOrCount(final ChannelFiles files, final AtomicInteger refused)
    {
        try
        {
            return WriterLock.acquire(files, root, CHANNEL_ID);
        }
        catch (final WriterActiveException ex)
        {
            refused.incrementAndGet();
            return null;
        }
    }

    static boolean isLockedForOtherProcesses(final Path root) throws IOException
    {
        try (ChildJvm child =
            ChildJvm.start(ChildJvm.QUICK_START, Prober.class, ChannelPath.writerFile(root, CHANNEL_ID)))
        {
            final String answer = child.readLine();
            assertNull(child.readLine());

            return Boolean.parseBoolean(answer);
        }
    }

    /**
     * Holds the lock until its input ends.
     */
    static final class Holder
    {
        private Holder()
        {
        }

        public static void main(final String[] args) throws IOException
        {
            final WriterLock lock = acquire(Path.of(args[0]));
            System.out.println("locked");
            assertEquals(-1, System.in.read());
            lock.release();
        }
    }

    /**
     * Says whether a file is locked by another process.
     */
    static final class Prober
    {
        private Prober()
        {
        }

        public static void main(final String[] args) throws IOException
        {
            try (FileChannel channel = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE))
            {
                System.out.println(channel.tryLock() == null);
            }
        }
    }
}
