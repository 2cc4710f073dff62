package io.kekbit.aeron.replication;

import io.kekbit.core.ShmReader;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.StorageNotReadyException;
import io.kekbit.core.layout.ExtensionDescriptor;
import org.agrona.CloseHelper;

import java.io.UncheckedIOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;

/**
 * Waits for a channel of a series to be published. As soon as its file is made ready it is opened, so that it takes one
 * load to see that it was published.
 */
final class NextChannel
{
    private static final long LOOK_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long ANEW_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private CopiedStream stream;
    private long ordinal;
    private ShmReader reader;
    private long nextLookNs;
    private long nextAnewNs;
    private boolean isDeleted;
    private long firstOrdinal;
    private RuntimeException failure;

    /**
     * Wait for another channel from now on.
     */
    void of(final CopiedStream series, final long nextOrdinal, final long nowNs)
    {
        close();
        stream = series;
        ordinal = nextOrdinal;
        nextLookNs = nowNs;
        nextAnewNs = nowNs;
        isDeleted = false;
        failure = null;
    }

    /**
     * Whether the channel is published, as far as can be told, see {@link #failure()}. Looks a thousand times a second
     * at most.
     */
    boolean isPublished(final long nowNs)
    {
        if (nowNs - nextLookNs < 0)
        {
            return false;
        }
        nextLookNs = nowNs + LOOK_INTERVAL_NS;
        if (isStamped())
        {
            return true;
        }
        if (nowNs - nextAnewNs >= 0)
        {
            // What was made ready may have been deleted, and another be in its place.
            nextAnewNs = nowNs + ANEW_INTERVAL_NS;
            close();
            failure = null;
            lookForFirst();
        }
        if (reader == null && failure == null)
        {
            open();
        }

        return isStamped();
    }

    /**
     * Whether the channel is published, looked at here and now, as far as can be told, see {@link #failure()}. The one
     * before it is closed after that: who has seen that closed, and asks then, knows whether the series goes on.
     */
    boolean isPublishedNow()
    {
        if (!isStamped())
        {
            // What was made ready may have been deleted, and another be in its place.
            close();
            open();
        }

        return isStamped();
    }

    /**
     * Why it cannot be told whether the channel is published: what is in its place cannot be opened, or the folder not
     * be listed.
     *
     * @return that, of the last look, or null.
     */
    RuntimeException failure()
    {
        return failure;
    }

    /**
     * Whether the channel was deleted: the first one that there is comes behind it.
     */
    boolean isDeleted()
    {
        return isDeleted;
    }

    long firstOrdinal()
    {
        return firstOrdinal;
    }

    void close()
    {
        CloseHelper.close(reader);
        reader = null;
    }

    private void lookForFirst()
    {
        try
        {
            firstOrdinal = stream.first();
            isDeleted = firstOrdinal > ordinal;
        }
        catch (final UncheckedIOException ex)
        {
            failure = ex;
        }
    }

    private void open()
    {
        failure = null;
        if (stream.exists(ordinal))
        {
            try
            {
                reader = ShmReader.builder(stream.file(ordinal)).readSuspect(true).open();
            }
            catch (final ChannelNotFoundException | StorageNotReadyException ex)
            {
                // Deleted meanwhile, or not made yet.
                reader = null;
            }
            catch (final ChannelException ex)
            {
                failure = ex;
            }
        }
    }

    private boolean isStamped()
    {
        if (reader == null)
        {
            return false;
        }
        final long stored = reader.buffer().getLong(ExtensionDescriptor.STREAM_ID_OFFSET, ByteOrder.LITTLE_ENDIAN);
        // What was written before it was published, also into the channel before it, is seen after this.
        VarHandle.acquireFence();

        return stored != 0;
    }
}
