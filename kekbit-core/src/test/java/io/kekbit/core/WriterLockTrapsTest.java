package io.kekbit.core;

import io.kekbit.core.exceptions.WriterActiveException;
import io.kekbit.core.layout.ChannelPath;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The traps of POSIX locks, which go as soon as any descriptor of their file is closed, and which belong to a file and
 * not to its name. Whether a lock is held is asked from another process.
 */
@Tag("life-cycle")
@Timeout(120)
class WriterLockTrapsTest
{
    private static final long CHANNEL_ID = TestChannels.CHANNEL_ID;
    private static final long OTHER_ID = 2;
    private static final int WRITERS = 50;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    private Path root;
    private Path writerFile;

    @BeforeEach
    void makeFolder() throws IOException
    {
        Files.createDirectories(TestChannels.file(root).getParent());
        writerFile = ChannelPath.writerFile(root, CHANNEL_ID);
    }

    @Test
    void shouldLoseLockWhenFileIsOpenedAndClosedBehindItsBack() throws IOException
    {
        // The control of all that follows: this is the trap, and the other process sees that it has snapped.
        final WriterLock lock = acquire(root, CHANNEL_ID);
        try
        {
            assertTrue(WriterLockTest.isLockedForOtherProcesses(root));
            FileChannel.open(writerFile, StandardOpenOption.READ).close();

            assertFalse(WriterLockTest.isLockedForOtherProcesses(root));
        }
        finally
        {
            lock.release();
        }
    }

    @Test
    void shouldRefuseAndStayLockedWhenFileHasSecondName() throws IOException, InterruptedException
    {
        final WriterLock lock = acquire(root, CHANNEL_ID);
        try
        {
            Files.createLink(ChannelPath.writerFile(root, OTHER_ID), writerFile);

            assertThrows(WriterActiveException.class, () -> acquire(root, OTHER_ID));
            assertTrue(WriterLockTest.isLockedForOtherProcesses(root));
            assertRefusedInOtherProcess(List.of(), root, OTHER_ID);
        }
        finally
        {
            lock.release();
        }
        acquire(root, OTHER_ID).release();
    }

    @Test
    void shouldKeepOutWhoComesByTheNameWhenAnotherFileWasRenamedToIt() throws IOException, InterruptedException
    {
        final WriterLock old = acquire(root, CHANNEL_ID);
        final Path another = Files.createFile(writerFile.resolveSibling("another"));
        Files.move(another, writerFile, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        assertFalse(WriterLockTest.isLockedForOtherProcesses(root));
        try (ChildJvm child = holder(List.of(), root, CHANNEL_ID))
        {
            assertEquals("locked", child.readLine());
            assertThrows(WriterActiveException.class, () -> acquire(root, CHANNEL_ID));
            // The old one's lock is that of a file without a name; letting go of it lets nobody in.
            old.release();
            assertThrows(WriterActiveException.class, () -> acquire(root, CHANNEL_ID));

            child.endInput();
            assertEquals("", child.awaitEnd());
        }
        acquire(root, CHANNEL_ID).release();
    }

    @Test
    void shouldRefuseWhenFolderIsMountedElsewhere() throws IOException, InterruptedException
    {
        final Path other = Files.createDirectory(root.resolve("other"));
        final List<String> mounted = List.of(
            "unshare", "--mount", "sh", "-c", "mount --bind \"$1\" \"$2\" && shift 2 && exec \"$@\"", "sh",
            root.toString(), other.toString());
        final boolean canMount = canRun(mounted);
        if (!canMount)
        {
            System.out.println("skipped: mounting a folder elsewhere needs unshare and root");
        }
        Assumptions.assumeTrue(canMount);
        final WriterLock lock = acquire(root, CHANNEL_ID);
        try
        {
            assertRefusedInOtherProcess(mounted, other, CHANNEL_ID);
        }
        finally
        {
            lock.release();
        }
    }

    @Test
    void shouldKeepLockWhenWriterIsForgotten() throws IOException
    {
        final WeakReference<ShmWriter<?>> forgotten = new WeakReference<>(TestChannels.createSmall(root));
        final long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (forgotten.get() != null)
        {
            assertTrue(System.nanoTime() - deadlineNs < 0, "not collected");
            System.gc();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }

        assertThrows(
            WriterActiveException.class, () -> ShmWriter.resume(root, CHANNEL_ID, RawBinDataFormat.INSTANCE));
        assertTrue(WriterLockTest.isLockedForOtherProcesses(root));
        try (ShmReader reader = ShmReader.open(root, CHANNEL_ID))
        {
            assertEquals(ReaderState.OPEN, reader.state(), "nothing says that it was closed");
        }
    }

    @Test
    void shouldLetEveryWriterInWhenMonitorProbesAllTheTime() throws IOException, InterruptedException
    {
        TestChannels.createSmall(root).abandon();
        try (ChildJvm monitor = ChildJvm.start(ChildJvm.QUICK_START, Monitor.class, writerFile))
        {
            assertEquals("probing", monitor.readLine());
            for (int i = 0; i < WRITERS; i++)
            {
                try (ShmWriter<RawBinDataFormat> writer =
                    ShmWriter.resume(root, CHANNEL_ID, RawBinDataFormat.INSTANCE))
                {
                    assertEquals(2 + i, writer.extension().writerEpoch());
                    if (i == 0)
                    {
                        // Long enough for the monitor to look at a writer that stays.
                        assertTrue(WriterLockTest.isLockedForOtherProcesses(root));
                    }
                    writer.abandon();
                }
            }
            monitor.endInput();
            final String[] counts = monitor.readLine().split(" ");
            final int probes = Integer.parseInt(counts[0]);
            final int seenLocked = Integer.parseInt(counts[1]);
            assertTrue(probes > WRITERS && seenLocked > 0, probes + " probes, locked " + seenLocked);
            Evidence.print(
                "monitor that probes", "writers", WRITERS, "refused", 0, "probes", probes, "seenLocked", seenLocked);
        }
    }

    private static WriterLock acquire(final Path folder, final long channelId)
    {
        return WriterLock.acquire(ChannelFiles.SYSTEM, folder, channelId);
    }

    private static ChildJvm holder(final List<String> starter, final Path folder, final long channelId)
    {
        return ChildJvm.startBy(
            starter, ChildJvm.QUICK_START, ChildJvm.classPath(), Holder.class, folder, channelId);
    }

    private static void assertRefusedInOtherProcess(
        final List<String> starter, final Path folder, final long channelId) throws IOException, InterruptedException
    {
        try (ChildJvm child = holder(starter, folder, channelId))
        {
            assertEquals("refused\n", child.awaitEnd());
        }
    }

    private static boolean canRun(final List<String> starter) throws InterruptedException
    {
        try
        {
            final List<String> command = new ArrayList<>(starter);
            command.add("true");

            return new ProcessBuilder(command).start().waitFor() == 0;
        }
        catch (final IOException ex)
        {
            return false;
        }
    }

    /**
     * Holds the lock, if it gets it, until its input ends.
     */
    static final class Holder
    {
        private Holder()
        {
        }

        public static void main(final String[] args) throws IOException
        {
            final WriterLock lock;
            try
            {
                lock = acquire(Path.of(args[0]), Long.parseLong(args[1]));
            }
            catch (final WriterActiveException ex)
            {
                System.out.println("refused");
                return;
            }
            System.out.println("locked");
            assertEquals(-1, System.in.read());
            lock.release();
        }
    }

    /**
     * Asks again and again whether a file is locked, until its input ends.
     */
    static final class Monitor
    {
        private Monitor()
        {
        }

        public static void main(final String[] args) throws IOException
        {
            System.out.println("probing");
            int probes = 0;
            int seenLocked = 0;
            final Thread input = new Thread(Monitor::awaitEndOfInput);
            input.start();
            while (input.isAlive())
            {
                seenLocked += isLocked(Path.of(args[0])) ? 1 : 0;
                probes++;
            }
            System.out.println(probes + " " + seenLocked);
        }

        private static void awaitEndOfInput()
        {
            try
            {
                assertEquals(-1, System.in.read());
            }
            catch (final IOException ex)
            {
                throw new AssertionError(ex);
            }
        }

        private static boolean isLocked(final Path file) throws IOException
        {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock())
            {
                return lock == null;
            }
            catch (final NoSuchFileException ex)
            {
                return false;
            }
        }
    }
}
