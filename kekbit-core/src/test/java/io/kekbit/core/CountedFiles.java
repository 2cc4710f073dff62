package io.kekbit.core;

import org.agrona.DirectBuffer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * A file system on which something happens before every operation, by its name.
 */
abstract class CountedFiles extends ChannelFiles
{
    static final String ATTRIBUTES_OF_LOCK = "attributes of the lock's file";

    private final boolean hasHardLinks;

    CountedFiles(final boolean hasHardLinks)
    {
        this.hasHardLinks = hasHardLinks;
    }

    /**
     * What happens.
     *
     * @param operation that comes next.
     * @throws IOException if the operation shall fail by it.
     */
    abstract void before(String operation) throws IOException;

    @Override
    void createFolders(final Path folder) throws IOException
    {
        before("createFolders");
        super.createFolders(folder);
    }

    @Override
    FileChannel createNew(final Path file) throws IOException
    {
        before("createNew");
        return super.createNew(file);
    }

    @Override
    FileChannel open(final Path file, final StandardOpenOption option) throws IOException
    {
        before("open");
        return super.open(file, option);
    }

    @Override
    int read(final FileChannel channel, final ByteBuffer destination, final long position) throws IOException
    {
        before("read");
        return super.read(channel, destination, position);
    }

    @Override
    FileLock tryLock(final FileChannel channel) throws IOException
    {
        before("tryLock");
        return super.tryLock(channel);
    }

    @Override
    BasicFileAttributes attributes(final Path file) throws IOException
    {
        before(file.toString().endsWith(".writer") ? ATTRIBUTES_OF_LOCK : "attributes");
        return super.attributes(file);
    }

    @Override
    int unixNumber(final Path file, final String name, final LinkOption... options) throws IOException
    {
        before(name + " of a folder");
        return super.unixNumber(file, name, options);
    }

    @Override
    void fillWithZeros(final FileChannel channel, final long length) throws IOException
    {
        before("fillWithZeros");
        super.fillWithZeros(channel, length);
    }

    @Override
    void write(final FileChannel channel, final long position, final DirectBuffer content) throws IOException
    {
        before("write");
        super.write(channel, position, content);
    }

    @Override
    MappedByteBuffer map(final Path file, final FileChannel.MapMode mode, final long offset, final long length)
        throws IOException
    {
        before("map");
        return super.map(file, mode, offset, length);
    }

    @Override
    void unmap(final MappedByteBuffer mapped)
    {
        beforeUnchecked("unmap");
        super.unmap(mapped);
    }

    @Override
    void force(final MappedByteBuffer mapped, final int offset, final int length)
    {
        beforeUnchecked("force of a mapping");
        super.force(mapped, offset, length);
    }

    @Override
    void force(final FileChannel channel) throws IOException
    {
        before("force of a file");
        super.force(channel);
    }

    @Override
    void forceFolder(final Path folder) throws IOException
    {
        before("forceFolder");
        super.forceFolder(folder);
    }

    @Override
    void close(final FileChannel channel) throws IOException
    {
        try
        {
            before("close");
        }
        finally
        {
            // One that fails has let go of the descriptor all the same.
            super.close(channel);
        }
    }

    @Override
    void link(final Path newName, final Path file) throws IOException
    {
        before("link");
        if (!hasHardLinks)
        {
            throw new FileSystemException(newName.toString(), file.toString(), "Operation not permitted");
        }
        super.link(newName, file);
    }

    @Override
    boolean mayExist(final Path file)
    {
        beforeUnchecked("mayExist");
        return super.mayExist(file);
    }

    @Override
    boolean isRegularFileWith(final Path file, final byte[] content) throws IOException
    {
        before("isRegularFileWith");
        return super.isRegularFileWith(file, content);
    }

    @Override
    void delete(final Path file) throws IOException
    {
        before("delete");
        super.delete(file);
    }

    @Override
    List<Path> list(final Path folder, final String glob) throws IOException
    {
        before("list");
        return super.list(folder, glob);
    }

    @Override
    long usableSpace(final Path folder) throws IOException
    {
        before("usableSpace");
        return super.usableSpace(folder);
    }

    private void beforeUnchecked(final String operation)
    {
        try
        {
            before(operation);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }
}
