package io.kekbit.core;

import org.agrona.DirectBuffer;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;

/**
 * A file system on which an interrupt arrives just before the nth operation.
 */
final class InterruptingFiles extends ChannelFiles
{
    private final boolean hasHardLinks;
    private int operationsLeft;

    InterruptingFiles(final int interrupted, final boolean hasHardLinks)
    {
        operationsLeft = interrupted;
        this.hasHardLinks = hasHardLinks;
    }

    /**
     * Whether there were that many operations.
     */
    boolean hasInterrupted()
    {
        return operationsLeft <= 0;
    }

    @Override
    void createFolders(final Path folder) throws IOException
    {
        count();
        super.createFolders(folder);
    }

    @Override
    FileChannel createNew(final Path file) throws IOException
    {
        count();
        return super.createNew(file);
    }

    @Override
    void fillWithZeros(final FileChannel channel, final long length) throws IOException
    {
        count();
        super.fillWithZeros(channel, length);
    }

    @Override
    void write(final FileChannel channel, final long position, final DirectBuffer content) throws IOException
    {
        count();
        super.write(channel, position, content);
    }

    @Override
    MappedByteBuffer map(final Path file, final FileChannel.MapMode mode, final long offset, final long length)
        throws IOException
    {
        count();
        return super.map(file, mode, offset, length);
    }

    @Override
    void force(final MappedByteBuffer mapped, final int offset, final int length)
    {
        count();
        super.force(mapped, offset, length);
    }

    @Override
    void force(final FileChannel channel) throws IOException
    {
        count();
        super.force(channel);
    }

    @Override
    void forceFolder(final Path folder) throws IOException
    {
        count();
        super.forceFolder(folder);
    }

    @Override
    void close(final FileChannel channel) throws IOException
    {
        count();
        super.close(channel);
    }

    @Override
    void link(final Path newName, final Path file) throws IOException
    {
        count();
        if (!hasHardLinks)
        {
            throw new UnsupportedOperationException("no hard links here");
        }
        super.link(newName, file);
    }

    @Override
    boolean mayExist(final Path file)
    {
        count();
        return super.mayExist(file);
    }

    @Override
    boolean isRegularFileWith(final Path file, final byte[] content) throws IOException
    {
        count();
        return super.isRegularFileWith(file, content);
    }

    @Override
    void delete(final Path file) throws IOException
    {
        count();
        super.delete(file);
    }

    @Override
    List<Path> list(final Path folder, final String glob) throws IOException
    {
        count();
        return super.list(folder, glob);
    }

    @Override
    long usableSpace(final Path folder) throws IOException
    {
        count();
        return super.usableSpace(folder);
    }

    private void count()
    {
        if (--operationsLeft == 0)
        {
            Thread.currentThread().interrupt();
        }
    }
}
