package io.kekbit.benchmarks.stream;

import io.kekbit.core.Header;
import io.kekbit.core.Prefault;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import org.agrona.CloseHelper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * Channels of kekbit one after the other. A thread of its own makes each while the one before is written, pre-touched
 * and with its reader, and closes and deletes those that are done, so that the writer does not wait for the operating
 * system.
 */
final class Succession implements AutoCloseable
{
    private static final long PAUSE_MS = 5;

    private final Path root;
    private final int length;
    private final long capacity;
    private final Patience patience = new Patience("the next channel");
    private final ConcurrentLinkedQueue<Link> made = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<ShmReader> toRead = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<AutoCloseable> done = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::work, "succession");
    private volatile boolean isEnding;
    private volatile RuntimeException failure;
    private long channels;

    Succession(final Path root, final int length, final long capacity)
    {
        this.root = root;
        this.length = length;
        this.capacity = capacity;
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * The next channel to write: its reader is handed on. Belongs to the writing thread.
     */
    ShmWriter<RawBinDataFormat> nextToWrite()
    {
        Link link = made.poll();
        while (link == null)
        {
            requireNoFailure();
            patience.idle();
            link = made.poll();
        }
        patience.onProgress();
        toRead.add(link.reader);

        return link.writer;
    }

    /**
     * The next channel to read, or null while the writer has not begun it. Belongs to the reading thread.
     */
    ShmReader nextToRead()
    {
        return toRead.poll();
    }

    /**
     * Have the writer closed by the thread of the succession.
     */
    void isWritten(final ShmWriter<RawBinDataFormat> writer)
    {
        writer.handOver();
        done.add(writer);
    }

    /**
     * Have the reader closed by the thread of the succession, and its channel deleted.
     */
    void isRead(final ShmReader reader)
    {
        done.add(() ->
        {
            reader.close();
            delete(reader.file());
        });
    }

    private void work()
    {
        try
        {
            while (!isEnding)
            {
                if (made.isEmpty())
                {
                    make();
                }
                finish();
                TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
            }
            finish();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
        catch (final RuntimeException ex)
        {
            failure = ex;
        }
    }

    private void make()
    {
        final long channel = ++channels;
        final Header header = Header.builder()
            .channelId(channel).capacity(capacity).maxMessageLength(length).build();
        final ShmWriter<RawBinDataFormat> writer =
            ShmWriter.builder(root, header, RawBinDataFormat.INSTANCE).prefault(Prefault.NOW).create();
        final ShmReader reader = ShmReader.builder(root, channel).prefault(Prefault.NOW).open();
        writer.handOver();
        made.add(new Link(writer, reader));
    }

    private void finish()
    {
        for (AutoCloseable next = done.poll(); next != null; next = done.poll())
        {
            CloseHelper.close(next);
        }
    }

    private static void delete(final Path file)
    {
        try
        {
            Files.deleteIfExists(file);
            Files.deleteIfExists(file.resolveSibling(file.getFileName().toString().replace(".kekbit", ".writer")));
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private void requireNoFailure()
    {
        if (failure != null)
        {
            throw new IllegalStateException("no channel could be made", failure);
        }
    }

    @Override
    public void close()
    {
        isEnding = true;
        try
        {
            thread.join();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
        for (Link link = made.poll(); link != null; link = made.poll())
        {
            CloseHelper.closeAll(link.reader, link.writer);
        }
        CloseHelper.closeAll(toRead);
        requireNoFailure();
    }

    private record Link(ShmWriter<RawBinDataFormat> writer, ShmReader reader)
    {
    }
}
