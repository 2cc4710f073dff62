package io.kekbit.core;

import io.kekbit.core.exceptions.FileTooShortException;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.IndexDescriptor;
import org.agrona.collections.ArrayUtil;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.File;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.IntSupplier;

/**
 * A channel's file in memory: header, record area and footer in one piece, the index in another, since both together
 * can be more than a JVM maps at once.
 */
final class ChannelMapping
{
    private static final VarHandle FORCES = Opaque.field(MethodHandles.lookup(), "forces", int.class);
    private static final PrefaultAgent[] NO_AGENTS = {};

    private final Path file;
    private final File ioFile;
    private final ChannelFiles files;
    private final UnsafeBuffer buffer;
    private final UnsafeBuffer indexBuffer;
    private final Object fileKey;
    private final long mappedEnd;
    private final boolean isWritable;
    private PrefaultAgent[] agents = NO_AGENTS;
    private int forces;
    private boolean isFaulty;
    private MappedByteBuffer mapped;
    private MappedByteBuffer mappedIndex;

    private ChannelMapping(
        final Path file,
        final ChannelFiles files,
        final MappedByteBuffer mapped,
        final MappedByteBuffer mappedIndex,
        final Object fileKey,
        final long mappedEnd,
        final boolean isWritable)
    {
        this.file = file;
        ioFile = file.toFile();
        this.files = files;
        this.mapped = mapped;
        this.mappedIndex = mappedIndex;
        this.fileKey = fileKey;
        this.mappedEnd = mappedEnd;
        this.isWritable = isWritable;
        buffer = files.view(mapped);
        indexBuffer = mappedIndex == null ? new UnsafeBuffer(ArrayUtil.EMPTY_BYTE_ARRAY) : files.view(mappedIndex);
    }

    /**
     * Map a file for a reader.
     *
     * @param files         to work on.
     * @param file          to map.
     * @param length        of header, record area and footer, as far as they are in the file.
     * @param indexOffset   of the index in the file.
     * @param indexCapacity of the index in entries, 0 where there is none.
     */
    static ChannelMapping readOnly(
        final ChannelFiles files, final Path file, final long length, final long indexOffset, final int indexCapacity)
        throws IOException
    {
        return map(files, file, file, FileChannel.MapMode.READ_ONLY, length, indexOffset, indexCapacity);
    }

    /**
     * Map a file for a writer.
     *
     * @param files         to work on.
     * @param file          of the channel, for messages.
     * @param path          of the file to map, at least as long as what is mapped: a longer mapping would lengthen it.
     * @param length        of header, record area and footer.
     * @param indexOffset   of the index in the file.
     * @param indexCapacity of the index in entries, 0 where there is none.
     */
    static ChannelMapping readWrite(
        final ChannelFiles files,
        final Path file,
        final Path path,
        final long length,
        final long indexOffset,
        final int indexCapacity) throws IOException
    {
        return map(files, file, path, FileChannel.MapMode.READ_WRITE, length, indexOffset, indexCapacity);
    }

    private static ChannelMapping map(
        final ChannelFiles files,
        final Path file,
        final Path path,
        final FileChannel.MapMode mode,
        final long length,
        final long indexOffset,
        final int indexCapacity) throws IOException
    {
        final Object fileKey = files.attributes(path).fileKey();
        final MappedByteBuffer mapped = files.map(path, mode, 0, length);
        try
        {
            final long indexLength = (long)indexCapacity * IndexDescriptor.ENTRY_LENGTH;
            final MappedByteBuffer mappedIndex =
                indexCapacity == 0 ? null : files.map(path, mode, indexOffset, indexLength);

            return new ChannelMapping(
                file,
                files,
                mapped,
                mappedIndex,
                fileKey,
                Math.max(length, indexOffset + indexLength),
                mode == FileChannel.MapMode.READ_WRITE);
        }
        catch (final Throwable ex)
        {
            files.unmap(mapped);
            throw ex;
        }
    }

    /**
     * Have memory in the place of a file, which is never forced, and which the garbage collector lets go of.
     *
     * @param file        for messages; there is none.
     * @param memory      for header, record area and footer.
     * @param indexMemory for the index.
     */
    static ChannelMapping inMemory(final Path file, final MappedByteBuffer memory, final MappedByteBuffer indexMemory)
    {
        return new ChannelMapping(file, ChannelFiles.SYSTEM, memory, indexMemory, file, 0, true);
    }

    Path file()
    {
        return file;
    }

    /**
     * Header, extension, record area and footer, as far as they are mapped.
     */
    UnsafeBuffer buffer()
    {
        return buffer;
    }

    /**
     * What records are stored with; null for {@link RecordStores#orPlain plain stores}.
     */
    RecordStores stores()
    {
        return files.stores(buffer);
    }

    /**
     * What length words are loaded with; null for {@link RecordLoads#orPlain plain loads}.
     */
    RecordLoads loads()
    {
        return files.loads(buffer);
    }

    /**
     * The index section, of capacity 0 where it is not mapped.
     */
    UnsafeBuffer indexBuffer()
    {
        return indexBuffer;
    }

    /**
     * Force a part of the header and the record area to the device.
     *
     * @param offset in the file.
     * @param length in bytes.
     * @throws java.io.UncheckedIOException where the device did not take it.
     */
    void force(final int offset, final int length)
    {
        files.force(mapped, offset, length);
        forces++;
    }

    /**
     * Force the page that holds the durable position, and with it the header.
     */
    void forceDurablePosition()
    {
        force(ExtensionDescriptor.DURABLE_POSITION_OFFSET, Long.BYTES);
    }

    void forceIndex()
    {
        if (mappedIndex != null)
        {
            files.force(mappedIndex, 0, mappedIndex.capacity());
            forces++;
        }
    }

    /**
     * How often a part of the file was forced, which makes its pages fault again. For any thread, and soon up to date.
     */
    int forces()
    {
        return (int)FORCES.getOpaque(this);
    }

    /**
     * The pages of header, extension, record area and footer.
     */
    PageWindow pages()
    {
        return new PageWindow(buffer, isWritable);
    }

    /**
     * The pages of the index.
     */
    PageWindow indexPages()
    {
        return new PageWindow(indexBuffer, isWritable);
    }

    /**
     * Touch every page that is mapped, if that is the policy.
     *
     * @throws FileTooShortException where the file was cut short meanwhile.
     */
    void touch(final Prefault prefault)
    {
        if (prefault == Prefault.NOW)
        {
            touchAll(pages(), buffer.capacity());
            touchAll(indexPages(), indexBuffer.capacity());
        }
    }

    /**
     * Look whether the file has the pages that are to be touched. Without it, the JVM would tell late that it has not;
     * and that of JDK 17 does not survive an atomic operation on such a page which its interpreter does.
     *
     * @throws FileTooShortException where the file was cut short.
     */
    void requireWhole()
    {
        // The first look allocates nothing, the second is sure.
        if (ioFile.length() < mappedEnd && isTruncated())
        {
            noteFault();
            throw new FileTooShortException(file, mappedEnd, ioFile.length());
        }
    }

    private void touchAll(final PageWindow window, final int length)
    {
        try
        {
            for (boolean isDue = window.moveTo(0, length); isDue; isDue = window.moveTo(0, length))
            {
                requireWhole();
                window.touch(PrefaultAgent.MAX_PAGES);
            }
            requireWhole();
        }
        catch (final InternalError ex)
        {
            noteFault();
            requireWhole();
            throw ex;
        }
    }

    /**
     * Make an agent that touches pages until they are unmapped.
     *
     * @see PrefaultAgent#PrefaultAgent
     */
    PrefaultAgent prefaultAgent(
        final IntSupplier position,
        final long indexSpacing,
        final int windowLength,
        final long intervalNs,
        final NanoClock clock)
    {
        final PrefaultAgent agent =
            new PrefaultAgent(this, position, indexSpacing, windowLength, intervalNs, clock);
        agents = ArrayUtil.add(agents, agent);

        return agent;
    }

    /**
     * Whether the file is shorter than what is mapped of it, so that pages are gone. One that was deleted, or replaced
     * by another of its name, keeps its pages.
     */
    boolean isTruncated()
    {
        try
        {
            final BasicFileAttributes attributes =
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);

            return attributes.size() < mappedEnd && fileKey.equals(attributes.fileKey());
        }
        catch (final IOException ex)
        {
            return false;
        }
    }

    /**
     * A page could not be read.
     */
    void noteFault()
    {
        isFaulty = true;
    }

    /**
     * Let go of the file. What touches its pages is stopped, and waited for. Then the views become empty: a stale
     * access fails its bounds check and, where those are switched off, does not reach address 0. Further calls do
     * nothing.
     */
    void unmap()
    {
        for (final PrefaultAgent agent : agents)
        {
            agent.end();
        }
        agents = NO_AGENTS;
        buffer.wrap(ArrayUtil.EMPTY_BYTE_ARRAY);
        indexBuffer.wrap(ArrayUtil.EMPTY_BYTE_ARRAY);
        final MappedByteBuffer oldMapped = mapped;
        final MappedByteBuffer oldMappedIndex = mappedIndex;
        mapped = null;
        mappedIndex = null;
        // A fault that the JVM has yet to tell of would end it while unmapping: the garbage collector does that then.
        if (!isFaulty && !isTruncated())
        {
            files.unmap(oldMapped);
            files.unmap(oldMappedIndex);
        }
    }
}
