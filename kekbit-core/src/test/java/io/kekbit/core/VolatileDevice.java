package io.kekbit.core;

import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A storage device that loses its power at a chosen instant. It holds an image of one channel's file beside the file
 * itself, which stands for the memory of the machine. A page reaches the image when it is forced, and besides whenever
 * the operating system feels like it: before any store, whole or in sectors, in any order. The power can go before any
 * store and any force; what is on the image then is all that is left.
 */
final class VolatileDevice extends ChannelFiles
{
    private static final int PAGE_LENGTH = 4096;
    private static final int SECTOR_LENGTH = 512;
    private static final int[] WRITE_BACK_PERIODS = {Integer.MAX_VALUE, 500, 50, 5};
    private static final double[] LAST_WRITE_BACK_CHANCES = {0, 0.3, 0.6, 0.8, 0.9};

    private final SplittableRandom random;
    private final boolean isOrderWrong;
    private final int writeBackPeriod;
    private final double lastWriteBackChance;
    private final double sectorChance;
    private final List<Mapped> mappings = new ArrayList<>();
    private byte[] memory;
    private byte[] image;
    private int eventsLeft = Integer.MAX_VALUE;
    private boolean isStruck;
    private BitSet takenForWritten = new BitSet();
    private int forcesBeforeFailure;
    private boolean isForceLate;
    private int lateOffset;
    private int lateLength;
    private int pagesLost;

    /**
     * @param random       that decides what the operating system writes back, and when.
     * @param isOrderWrong whether records are forced after the durable position that vouches for them: the control.
     * @param memory       what the file is; null where it is about to be created.
     * @param image        what of it is on the device; null where it is about to be created.
     */
    VolatileDevice(
        final SplittableRandom random, final boolean isOrderWrong, final byte[] memory, final byte[] image)
    {
        this.random = random;
        this.isOrderWrong = isOrderWrong;
        this.memory = memory;
        this.image = image;
        writeBackPeriod = WRITE_BACK_PERIODS[random.nextInt(WRITE_BACK_PERIODS.length)];
        lastWriteBackChance = LAST_WRITE_BACK_CHANCES[random.nextInt(LAST_WRITE_BACK_CHANCES.length)];
        sectorChance = random.nextBoolean() ? 0 : 0.5;
    }

    /**
     * Let the power go after so many stores and forces.
     */
    void strikeAfter(final int events)
    {
        eventsLeft = events;
    }

    /**
     * Let a force fail. As Linux does, it then takes the pages for written, whether they are or not, until somebody
     * stores to them again.
     */
    void failForce(final int which)
    {
        forcesBeforeFailure = which;
    }

    /**
     * The same machine, with another process.
     */
    VolatileDevice forNextProcess()
    {
        final VolatileDevice next =
            new VolatileDevice(random.split(), isOrderWrong, memory().clone(), image.clone());
        next.takenForWritten = (BitSet)takenForWritten.clone();

        return next;
    }

    /**
     * Let the power go now, unless it has gone.
     */
    void strike()
    {
        if (isStruck)
        {
            return;
        }
        refresh();
        for (int page = 0; page < image.length; page += PAGE_LENGTH)
        {
            if (random.nextDouble() < lastWriteBackChance)
            {
                writeBack(page);
            }
            final int end = Math.min(image.length, page + PAGE_LENGTH);
            if (!Arrays.equals(memory, page, end, image, page, end))
            {
                pagesLost++;
            }
        }
        isStruck = true;
    }

    boolean isStruck()
    {
        return isStruck;
    }

    /**
     * What is left.
     */
    byte[] image()
    {
        return image;
    }

    /**
     * What the file was when the power went, or is now.
     */
    byte[] memory()
    {
        if (!isStruck)
        {
            refresh();
        }

        return memory;
    }

    /**
     * Pages of which the image does not have the newest state.
     */
    int pagesLost()
    {
        return pagesLost;
    }

    /**
     * An instant at which anything may happen.
     */
    void event()
    {
        if (isStruck || image == null)
        {
            return;
        }
        if (eventsLeft-- == 0)
        {
            strike();
        }
        else if (writeBackPeriod < Integer.MAX_VALUE && random.nextInt(writeBackPeriod) == 0)
        {
            refresh();
            writeBack(random.nextInt((image.length + PAGE_LENGTH - 1) / PAGE_LENGTH) * PAGE_LENGTH);
        }
    }

    @Override
    MappedByteBuffer map(final Path file, final FileChannel.MapMode mode, final long offset, final long length)
        throws IOException
    {
        final MappedByteBuffer buffer = super.map(file, mode, offset, length);
        mappings.add(new Mapped(buffer, (int)offset));

        return buffer;
    }

    @Override
    UnsafeBuffer view(final MappedByteBuffer mapped)
    {
        return new WatchedBuffer(mapped, mapping(mapped).offset);
    }

    @Override
    RecordStores stores(final UnsafeBuffer view)
    {
        return new BufferStores(view);
    }

    @Override
    void unmap(final MappedByteBuffer mapped)
    {
        if (!isStruck && memory != null)
        {
            refresh();
        }
        mappings.removeIf((mapping) -> mapping.buffer == mapped);
        super.unmap(mapped);
    }

    @Override
    void force(final FileChannel channel) throws IOException
    {
        final ByteBuffer whole = ByteBuffer.allocate((int)channel.size());
        while (whole.hasRemaining() && channel.read(whole, whole.position()) > 0)
        {
            // A read may be short.
            continue;
        }
        if (image == null)
        {
            memory = whole.array();
            image = memory.clone();
        }
    }

    @Override
    void force(final MappedByteBuffer mapped, final int offset, final int length)
    {
        event();
        final Mapped mapping = mapping(mapped);
        final int start = mapping.offset + offset;
        if (!isStruck && --forcesBeforeFailure == 0)
        {
            failForce(start, length);
        }
        if (isOrderWrong && mapping.offset == 0 && offset >= RecordDescriptor.RECORD_AREA_OFFSET && length > Long.BYTES)
        {
            isForceLate = true;
            lateOffset = start;
            lateLength = length;
        }
        else
        {
            forceImage(start, length);
        }
        event();
        if (isForceLate && start < RecordDescriptor.RECORD_AREA_OFFSET)
        {
            isForceLate = false;
            forceImage(lateOffset, lateLength);
            event();
        }
    }

    @Override
    void forceFolder(final Path folder)
    {
        // Names are not what is lost here.
    }

    private Mapped mapping(final MappedByteBuffer mapped)
    {
        return mappings.stream().filter((candidate) -> candidate.buffer == mapped).findFirst().orElseThrow();
    }

    private void forceImage(final int start, final int length)
    {
        if (isStruck || image == null)
        {
            return;
        }
        refresh();
        for (int page = start / PAGE_LENGTH * PAGE_LENGTH; page < start + length; page += PAGE_LENGTH)
        {
            if (!takenForWritten.get(page / PAGE_LENGTH))
            {
                System.arraycopy(memory, page, image, page, Math.min(PAGE_LENGTH, image.length - page));
            }
        }
    }

    private void failForce(final int start, final int length)
    {
        refresh();
        for (int page = start / PAGE_LENGTH * PAGE_LENGTH; page < start + length; page += PAGE_LENGTH)
        {
            if (random.nextBoolean())
            {
                writeBack(page);
            }
            takenForWritten.set(page / PAGE_LENGTH);
        }
        throw new UncheckedIOException(new IOException("Input/output error"));
    }

    private void writeBack(final int page)
    {
        if (takenForWritten.get(page / PAGE_LENGTH))
        {
            return;
        }
        final int end = Math.min(image.length, page + PAGE_LENGTH);
        final boolean isWhole = random.nextDouble() >= sectorChance;
        for (int sector = page; sector < end; sector += SECTOR_LENGTH)
        {
            if (isWhole || random.nextBoolean())
            {
                System.arraycopy(memory, sector, image, sector, Math.min(SECTOR_LENGTH, end - sector));
            }
        }
    }

    private void refresh()
    {
        for (final Mapped mapping : mappings)
        {
            mapping.buffer.get(0, memory, mapping.offset, mapping.buffer.capacity());
        }
    }

    private record Mapped(MappedByteBuffer buffer, int offset)
    {
    }

    /**
     * An instant before every store. Those into a claimed slot are not seen; whoever encodes tells of them.
     */
    private final class WatchedBuffer extends UnsafeBuffer
    {
        private final int fileOffset;

        WatchedBuffer(final ByteBuffer mapped, final int fileOffset)
        {
            super(mapped);
            this.fileOffset = fileOffset;
        }

        private void beforeStore(final int index, final int length)
        {
            event();
            final int first = fileOffset + index;
            takenForWritten.clear(first / PAGE_LENGTH, (first + Math.max(1, length) - 1) / PAGE_LENGTH + 1);
        }

        @Override
        public void putLongRelease(final int index, final long value)
        {
            beforeStore(index, Long.BYTES);
            super.putLongRelease(index, value);
        }

        @Override
        public void putLong(final int index, final long value, final ByteOrder byteOrder)
        {
            beforeStore(index, Long.BYTES);
            super.putLong(index, value, byteOrder);
        }

        @Override
        public long getAndAddLong(final int index, final long delta)
        {
            beforeStore(index, Long.BYTES);
            return super.getAndAddLong(index, delta);
        }

        @Override
        public void putBytes(final int index, final DirectBuffer source, final int sourceIndex, final int length)
        {
            beforeStore(index, length);
            final int half = length / 2;
            super.putBytes(index, source, sourceIndex, half);
            event();
            super.putBytes(index + half, source, sourceIndex + half, length - half);
        }

        @Override
        public void setMemory(final int index, final int length, final byte value)
        {
            beforeStore(index, length);
            final int half = length / 2;
            super.setMemory(index, half, value);
            event();
            super.setMemory(index + half, length - half, value);
        }
    }
}
