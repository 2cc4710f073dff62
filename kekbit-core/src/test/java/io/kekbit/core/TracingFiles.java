package io.kekbit.core;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes down, in order, every store to a mapping and every force of one.
 */
final class TracingFiles extends ChannelFiles
{
    private final List<String> trace = new ArrayList<>();
    private boolean isDeviceBroken;

    /**
     * What happened since the last call.
     */
    List<String> takeTrace()
    {
        final List<String> taken = List.copyOf(trace);
        trace.clear();

        return taken;
    }

    void breakDevice()
    {
        isDeviceBroken = true;
    }

    @Override
    UnsafeBuffer view(final MappedByteBuffer mapped)
    {
        return new TracingBuffer(mapped);
    }

    @Override
    RecordStores stores(final UnsafeBuffer view)
    {
        return new BufferStores(view);
    }

    @Override
    void force(final MappedByteBuffer mapped, final int offset, final int length)
    {
        trace.add("force " + offset + "+" + length);
        if (isDeviceBroken)
        {
            throw new UncheckedIOException(new IOException("Input/output error"));
        }
        super.force(mapped, offset, length);
    }

    @Override
    void force(final FileChannel channel) throws IOException
    {
        trace.add("force file");
        super.force(channel);
    }

    @Override
    void link(final Path newName, final Path file) throws IOException
    {
        trace.add("link");
        super.link(newName, file);
    }

    @Override
    void forceFolder(final Path folder) throws IOException
    {
        trace.add("force folder");
        super.forceFolder(folder);
    }

    private final class TracingBuffer extends UnsafeBuffer
    {
        TracingBuffer(final ByteBuffer mapped)
        {
            super(mapped);
        }

        @Override
        public void putLongRelease(final int index, final long value)
        {
            trace.add("release " + index + "=" + value);
            super.putLongRelease(index, value);
        }

        @Override
        public void putBytes(final int index, final DirectBuffer source, final int sourceIndex, final int length)
        {
            trace.add("content " + index + "+" + length);
            super.putBytes(index, source, sourceIndex, length);
        }

        @Override
        public long getAndAddLong(final int index, final long delta)
        {
            trace.add("touch " + index);
            return super.getAndAddLong(index, delta);
        }

        @Override
        public void setMemory(final int index, final int length, final byte value)
        {
            trace.add("zero " + index + "+" + length);
            super.setMemory(index, length, value);
        }
    }
}
