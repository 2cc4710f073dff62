package io.kekbit.benchmarks.floor;

import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * A mapped file with a record area where a channel has it, and nothing else. Every page has been touched.
 */
public final class FloorChannel implements AutoCloseable
{
    private static final int PAGE_LENGTH = 4096;

    private final MappedByteBuffer mapped;
    private final UnsafeBuffer buffer;
    private final int capacity;

    private FloorChannel(final MappedByteBuffer mapped)
    {
        this.mapped = mapped;
        buffer = new UnsafeBuffer(mapped);
        capacity = mapped.capacity() - (int)RecordDescriptor.wholeFileLength(0);
    }

    /**
     * Make a channel.
     *
     * @param file     to make.
     * @param capacity of the record area in bytes.
     * @return the channel, mapped for writing.
     */
    public static FloorChannel create(final Path file, final int capacity)
    {
        final long length = RecordDescriptor.wholeFileLength(capacity);
        final FloorChannel channel = new FloorChannel(IoUtil.mapNewFile(file.toFile(), length, true));
        channel.buffer.putLongRelease(RecordDescriptor.RECORD_AREA_OFFSET, RecordDescriptor.WATERMARK);

        return channel;
    }

    /**
     * Open a channel that was made.
     *
     * @param file that was made.
     * @return the channel, mapped for reading.
     */
    public static FloorChannel open(final Path file)
    {
        final FloorChannel channel =
            new FloorChannel(IoUtil.mapExistingFile(file.toFile(), FileChannel.MapMode.READ_ONLY, file.toString()));
        long sum = 0;
        for (int i = 0; i < channel.buffer.capacity(); i += PAGE_LENGTH)
        {
            sum += channel.buffer.getByteVolatile(i);
        }
        if (sum == Long.MIN_VALUE)
        {
            throw new IllegalStateException("cannot be, but the JIT compiler does not know that and keeps the loads");
        }

        return channel;
    }

    /**
     * The whole file.
     *
     * @return the buffer over the mapping.
     */
    public UnsafeBuffer buffer()
    {
        return buffer;
    }

    /**
     * The bytes for records.
     *
     * @return the capacity.
     */
    public int capacity()
    {
        return capacity;
    }

    MappedByteBuffer mapped()
    {
        return mapped;
    }

    @Override
    public void close()
    {
        IoUtil.unmap(mapped);
    }
}
