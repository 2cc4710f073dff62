package io.kekbit.core;

import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;

/**
 * A part of a file, read into memory. Other than a mapping it survives whatever happens to the file.
 */
final class FileWindow implements AutoCloseable
{
    /**
     * As much as is read at once where nothing asks for more: fits into caches.
     */
    static final int DEFAULT_LENGTH = 1 << 20;

    private final ChannelFiles files;
    private final FileChannel channel;
    private final ByteBuffer bytes;
    private final UnsafeBuffer view;
    private long start;
    private int length;
    private IOException failure;

    FileWindow(final ChannelFiles files, final FileChannel channel, final int capacity)
    {
        this.files = files;
        this.channel = channel;
        bytes = ByteBuffer.allocateDirect(capacity);
        view = new UnsafeBuffer(bytes);
    }

    /**
     * Read from an offset on as much as fits, as far as the file can be read.
     *
     * @param offset in the file.
     * @param end    in the file, not to be read beyond.
     * @throws ClosedChannelException where the thread was interrupted.
     */
    void load(final long offset, final long end) throws ClosedChannelException
    {
        start = offset;
        length = 0;
        failure = null;
        bytes.clear().limit((int)Math.max(0, Math.min(bytes.capacity(), end - offset)));
        try
        {
            while (bytes.hasRemaining() && files.read(channel, bytes, offset + bytes.position()) > 0)
            {
                // A read may be short.
                continue;
            }
        }
        catch (final ClosedChannelException ex)
        {
            throw ex;
        }
        catch (final IOException ex)
        {
            failure = ex;
        }
        length = bytes.position();
        bytes.clear();
    }

    /**
     * Why less was read than was asked for, or null where the file ends there.
     */
    IOException failure()
    {
        return failure;
    }

    void requireReadable() throws IOException
    {
        if (failure != null)
        {
            throw failure;
        }
    }

    /**
     * Where in the file the window begins.
     */
    long start()
    {
        return start;
    }

    /**
     * How much was read.
     */
    int length()
    {
        return length;
    }

    /**
     * What was read.
     */
    UnsafeBuffer view()
    {
        return view;
    }

    /**
     * What was read, for checksums: whoever sets position and limit need not set them back.
     */
    ByteBuffer bytes()
    {
        return bytes;
    }

    @Override
    public void close()
    {
        view.wrap(new byte[0]);
        BufferUtil.free(bytes);
    }
}
