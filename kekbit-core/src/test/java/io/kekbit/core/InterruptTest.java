package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelAccessException;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.WriterActiveException;
import io.kekbit.core.layout.ChannelPath;
import org.agrona.concurrent.NoOpIdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A thread that is interrupted finds its call done, or refused with an error that names the file, and its interrupt
 * still pending. An open writer keeps its lock and its mapping.
 */
@Tag("life-cycle")
@Timeout(120)
class InterruptTest
{
    private static final int LENGTH = 24;
    private static final UnsafeBuffer SOURCE = TestChannels.bytes(LENGTH);

    @TempDir
    private Path root;
    private int worked;
    private int refused;

    @AfterEach
    void clearInterrupt()
    {
        Thread.interrupted();
    }

    @Test
    void shouldDoEveryCallAndKeepInterruptWhenOneIsPending() throws IOException, InterruptedException
    {
        Thread.currentThread().interrupt();
        final ShmWriter<RawBinDataFormat> first = pending(() -> TestChannels.createSmall(root));
        pending(() -> first.write(SOURCE, 0, LENGTH));
        first.abandon();
        final ShmWriter<RawBinDataFormat> writer = pending(
            () -> ShmWriter.resume(root, TestChannels.CHANNEL_ID, RawBinDataFormat.INSTANCE));
        pending(() -> writer.write((format, slot, offset, maxLength) -> LENGTH));
        pending(() -> writer.claim(LENGTH));
        pending(() -> writer.commit(LENGTH));
        pending(writer::heartbeat);
        pending(() -> done(writer::flush));
        final ShmReader reader = pending(() -> ShmReader.open(root, TestChannels.CHANNEL_ID));
        assertEquals(3, pending(() -> TestChannels.readAll(reader)).size());
        assertEquals(0, pending(() -> reader.read(
            (buffer, offset, length, position, next) -> worked++, 1, 1, NoOpIdleStrategy.INSTANCE)));
        assertEquals(ReaderState.OPEN, pending(reader::state));
        pending(() -> done(reader::moveToEnd));
        pending(() -> done(reader::close));
        pending(() -> ShmReader.tryOpen(root, TestChannels.CHANNEL_ID, 1, NoOpIdleStrategy.INSTANCE)).close();
        assertThrows(
            ChannelNotFoundException.class, () -> ShmReader.tryOpen(root, 77, 1, NoOpIdleStrategy.INSTANCE));

        assertTrue(Thread.interrupted());
        assertTrue(WriterLockTest.isLockedForOtherProcesses(root), "the lock survives");
        Thread.currentThread().interrupt();
        pending(() -> done(writer::close));
        assertTrue(Thread.interrupted());
        try (ShmReader last = ShmReader.open(root, TestChannels.CHANNEL_ID))
        {
            assertEquals(3, TestChannels.readAll(last).size());
            assertEquals(ReaderState.CLOSED, last.state());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldCreateOrLeaveNothingWhenInterruptedBeforeAnyOperation(final boolean hasHardLinks) throws IOException
    {
        InterruptingFiles files;
        int operation = 0;
        do
        {
            files = new InterruptingFiles(++operation, hasHardLinks);
            final Path newRoot = root.resolve("operation" + operation);
            try
            {
                builder(newRoot).files(files).create().close();
                worked++;
                assertEquals(
                    List.of(TestChannels.file(newRoot), ChannelPath.writerFile(newRoot, 1)),
                    TestChannels.filesBelow(newRoot));
            }
            catch (final ChannelAccessException ex)
            {
                refused++;
                assertNamesFile(TestChannels.file(newRoot), ex);
                assertEquals(
                    List.of(), Files.exists(newRoot) ? TestChannels.filesBelow(newRoot) : List.of(),
                    "operation " + operation);
            }
            assertEquals(files.hasInterrupted(), Thread.interrupted(), "operation " + operation);
        }
        while (files.hasInterrupted());

        assertTrue(worked > 3 && refused > 3, "worked=" + worked + " refused=" + refused);
        Evidence.print(
            "interrupted creation", "hardLinks", hasHardLinks, "interrupts", operation - 1, "created", worked - 1,
            "refused", refused, "filesLeft", 0);
    }

    @Test
    void shouldResumeOrChangeNothingWhenInterruptedBeforeAnyOperation() throws IOException
    {
        try (ShmWriter<RawBinDataFormat> writer = TestChannels.createSmall(root))
        {
            writer.write(SOURCE, 0, LENGTH);
            writer.abandon();
        }
        InterruptingFiles files;
        int operation = 0;
        do
        {
            files = new InterruptingFiles(++operation, true);
            final byte[] before = Files.readAllBytes(TestChannels.file(root));
            try
            {
                final ShmWriter<RawBinDataFormat> writer = builder(root).files(files).resume();
                worked++;
                assertEquals(40, writer.writeOffset());
                writer.abandon();
            }
            catch (final ChannelAccessException ex)
            {
                refused++;
                assertNamesFile(TestChannels.file(root), ex);
                assertEquals(
                    new UnsafeBuffer(before), new UnsafeBuffer(Files.readAllBytes(TestChannels.file(root))));
            }
            assertEquals(files.hasInterrupted(), Thread.interrupted(), "operation " + operation);
        }
        while (files.hasInterrupted());

        assertTrue(worked > 1 && refused > 1, "worked=" + worked + " refused=" + refused);
        Evidence.print(
            "interrupted resume", "interrupts", operation - 1, "resumed", worked - 1, "refused", refused,
            "channelsChanged", 0);
    }

    @Test
    void shouldForceAndCloseWhenInterruptedBeforeAnyForce() throws IOException
    {
        InterruptingFiles files;
        int operation = 0;
        do
        {
            // Creation has operations of its own; they are interrupted as well, and may fail.
            files = new InterruptingFiles(++operation, true);
            final Path newRoot = root.resolve("operation" + operation);
            final ShmWriter<RawBinDataFormat> writer;
            try
            {
                writer = builder(newRoot).files(files).create();
            }
            catch (final ChannelAccessException ex)
            {
                continue;
            }
            finally
            {
                Thread.interrupted();
            }
            writer.write(SOURCE, 0, LENGTH);
            writer.flush();
            writer.close();
            worked += Thread.interrupted() ? 1 : 0;
            assertEquals(
                List.of(TestChannels.file(newRoot), ChannelPath.writerFile(newRoot, 1)),
                TestChannels.filesBelow(newRoot));
            try (ShmReader reader = ShmReader.open(newRoot, 1))
            {
                assertEquals(1, TestChannels.readAll(reader).size());
                assertEquals(ReaderState.CLOSED, reader.state());
            }
        }
        while (files.hasInterrupted());

        // Records and durable position when flushing; the same, the index and the close marker when closing, and then
        // both mappings are let go of.
        assertEquals(8, worked);
        Evidence.print("interrupted forces", "interrupts", worked, "failed", 0);
    }

    @Test
    void shouldGiveUpAndKeepInterruptWhenInterruptedWhileWaitingForLock() throws Exception
    {
        createAbandoned(1);
        try (ChildJvm child = ChildJvm.start(ChildJvm.QUICK_START, WriterLockTest.Holder.class, root))
        {
            assertEquals("locked", child.readLine());
            boolean isPending = false;
            for (int attempt = 0; attempt < 10 && !isPending; attempt++)
            {
                // The waiting may be over before the interrupt arrives, where the machine is busy.
                isPending = isPendingAfterWaitingInVain();
            }
            assertTrue(isPending, "still pending");
        }
    }

    @Test
    void shouldOpenAndResumeOrNameTheFileWhenInterruptsRain() throws Exception
    {
        final int rounds = Evidence.times("kekbit.openings", 10_000) / 10;
        final ShmWriter<RawBinDataFormat> writer = TestChannels.createSmall(root);
        writer.write(SOURCE, 0, LENGTH);
        createAbandoned(2);
        final FutureTask<Boolean> work = new FutureTask<>(() ->
        {
            for (int round = 0; round < rounds; round++)
            {
                openOrRefuse(1);
                if (round % 10 == 0)
                {
                    resumeOrRefuse(2);
                    writer.heartbeat();
                    writer.flush();
                }
            }

            return true;
        });
        writer.handOver();
        final Thread worker = new Thread(work, "worker");
        worker.start();
        while (!work.isDone())
        {
            worker.interrupt();
            LockSupport.parkNanos(20_000);
        }
        assertTrue(work.get());
        worker.join();

        assertTrue(WriterLockTest.isLockedForOtherProcesses(root), "the lock survives");
        assertEquals(32, writer.write(SOURCE, 0, LENGTH));
        writer.close();
        ShmWriter.resume(root, 2, RawBinDataFormat.INSTANCE).close();
        assertTrue(worked > 0, "worked=" + worked);
        Evidence.print(
            "rain of interrupts", "calls", worked + refused, "done", worked, "refusedNamingTheFile", refused);
    }

    private boolean isPendingAfterWaitingInVain() throws InterruptedException, ExecutionException
    {
        final AtomicInteger triesInVain = new AtomicInteger();
        final ChannelFiles files = new ChannelFiles()
        {
            @Override
            FileLock tryLock(final FileChannel channel) throws IOException
            {
                if (Thread.currentThread().isInterrupted())
                {
                    triesInVain.incrementAndGet();
                }
                return super.tryLock(channel);
            }
        };
        final FutureTask<Boolean> waiting = new FutureTask<>(() ->
        {
            final WriterActiveException ex =
                assertThrows(WriterActiveException.class, () -> builder(root).files(files).resume());
            assertNamesFile(ChannelPath.file(root, 1), ex);
            // The interrupt may arrive between the last look at it and the try that comes next.
            assertTrue(triesInVain.get() <= 1, "tries after the interrupt: " + triesInVain);

            return Thread.interrupted();
        });
        final Thread waiter = new Thread(waiting, "waiter");
        waiter.start();
        while (waiter.getState() != Thread.State.TIMED_WAITING && !waiting.isDone())
        {
            Thread.onSpinWait();
        }
        waiter.interrupt();

        return waiting.get();
    }

    private void createAbandoned(final long channelId)
    {
        ShmWriter.create(
            root, TestChannels.smallHeader().channelId(channelId).build(), RawBinDataFormat.INSTANCE).abandon();
    }

    private void openOrRefuse(final long channelId)
    {
        try (ShmReader reader = ShmReader.open(root, channelId))
        {
            assertTrue(reader.next());
            worked++;
        }
        catch (final ChannelAccessException ex)
        {
            assertNamesFile(ChannelPath.file(root, channelId), ex);
            refused++;
        }
    }

    private void resumeOrRefuse(final long channelId)
    {
        try
        {
            ShmWriter.resume(root, channelId, RawBinDataFormat.INSTANCE).abandon();
            worked++;
        }
        catch (final ChannelAccessException ex)
        {
            assertNamesFile(ChannelPath.file(root, channelId), ex);
            refused++;
        }
    }

    private static ShmWriterBuilder<RawBinDataFormat> builder(final Path folder)
    {
        return ShmWriter.builder(folder, TestChannels.smallHeader().build(), RawBinDataFormat.INSTANCE);
    }

    private static void assertNamesFile(final Path file, final ChannelException ex)
    {
        assertEquals(file, ex.file());
        assertTrue(ex.getMessage().contains("file=" + file), ex.getMessage());
    }

    private static <T> T pending(final Supplier<T> call)
    {
        assertTrue(Thread.currentThread().isInterrupted());
        final T result = call.get();
        assertTrue(Thread.currentThread().isInterrupted(), "still pending");

        return result;
    }

    private static boolean done(final Runnable call)
    {
        call.run();

        return true;
    }
}
