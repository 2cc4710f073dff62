package io.kekbit.core;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A file system that tells before every operation, and before every store to a mapping, what comes next; also in the
 * middle of those that a kill can cut in two. What a process leaves that is killed there, is what the files hold then.
 * Nothing is forced to the device, which takes its time and changes nothing for other processes.
 */
final class StagedFiles extends CountedFiles
{
    private final Consumer<String> onStage;

    StagedFiles(final boolean hasHardLinks, final Consumer<String> onStage)
    {
        super(hasHardLinks);
        this.onStage = onStage;
    }

    /**
     * The file system itself, but that nothing is forced to the device.
     */
    static ChannelFiles withoutForcing(final boolean hasHardLinks)
    {
        return new StagedFiles(hasHardLinks, StagedFiles::ignore);
    }

    private static void ignore(final String next)
    {
        // Nobody wants to know.
    }

    @Override
    void before(final String operation)
    {
        onStage.accept(operation);
    }

    @Override
    void fillWithZeros(final FileChannel channel, final long length) throws IOException
    {
        super.fillWithZeros(channel, length / 3);
        onStage.accept("fillWithZeros, a third done");
        super.fillWithZeros(channel, length);
    }

    @Override
    UnsafeBuffer view(final MappedByteBuffer mapped)
    {
        return new StagedBuffer(mapped);
    }

    @Override
    RecordStores stores(final UnsafeBuffer view)
    {
        return new BufferStores(view);
    }

    @Override
    void force(final MappedByteBuffer mapped, final int offset, final int length)
    {
        before("force of a mapping");
    }

    @Override
    void force(final FileChannel channel)
    {
        before("force of a file");
    }

    @Override
    void forceFolder(final Path folder)
    {
        before("forceFolder");
    }

    private final class StagedBuffer extends UnsafeBuffer
    {
        StagedBuffer(final ByteBuffer mapped)
        {
            super(mapped);
        }

        @Override
        public void putLongRelease(final int index, final long value)
        {
            onStage.accept("store with release at " + index);
            super.putLongRelease(index, value);
        }

        @Override
        public void putLong(final int index, final long value, final ByteOrder byteOrder)
        {
            onStage.accept("store at " + index);
            super.putLong(index, value, byteOrder);
        }

        @Override
        public void putInt(final int index, final int value, final ByteOrder byteOrder)
        {
            onStage.accept("store at " + index);
            super.putInt(index, value, byteOrder);
        }

        @Override
        public void putByte(final int index, final byte value)
        {
            onStage.accept("store at " + index);
            super.putByte(index, value);
        }

        @Override
        public void putBytes(final int index, final byte[] source)
        {
            onStage.accept("store of bytes at " + index);
            super.putBytes(index, source);
        }

        @Override
        public void putBytes(final int index, final DirectBuffer source, final int sourceIndex, final int length)
        {
            onStage.accept("store of bytes at " + index);
            super.putBytes(index, source, sourceIndex, length / 2);
            onStage.accept("store of bytes, half done, at " + index);
            super.putBytes(index, source, sourceIndex, length);
        }

        @Override
        public long getAndAddLong(final int index, final long delta)
        {
            onStage.accept("touch at " + index);
            return super.getAndAddLong(index, delta);
        }

        @Override
        public void setMemory(final int index, final int length, final byte value)
        {
            onStage.accept("zeroing at " + index);
            super.setMemory(index, length / 2, value);
            onStage.accept("zeroing, half done, at " + index);
            super.setMemory(index, length, value);
        }
    }
}
