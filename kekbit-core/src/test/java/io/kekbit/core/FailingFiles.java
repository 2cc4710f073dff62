package io.kekbit.core;

import org.agrona.DirectBuffer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * A file system on which the nth operation that can fail does so, once.
 */
final class FailingFiles extends ChannelFiles
{
    private final boolean hasHardLinks;
    private final Error error;
    private int operationsLeft;
    private String last = "none";
    private IOException thrown;

    FailingFiles(final int failing, final boolean hasHardLinks)
    {
        this(failing, hasHardLinks, null);
    }

    /**
     * Fail by an error of the JVM instead, as mapping can.
     */
    FailingFiles(final int failing, final boolean hasHardLinks, final Error error)
    {
        operationsLeft = failing;
        this.hasHardLinks = hasHardLinks;
        this.error = error;
    }

    String last()
    {
        return last;
    }

    IOException thrown()
    {
        return thrown;
    }

    void stopFailing()
    {
        operationsLeft = Integer.MAX_VALUE;
    }

    @Override
    void createFolders(final Path folder) throws IOException
    {
        count("createFolders");
        super.createFolders(folder);
    }

    @Override
    FileChannel createNew(final Path file) throws IOException
    {
        count("createNew");
        return super.createNew(file);
    }

    @Override
    FileChannel open(final Path file, final StandardOpenOption option) throws IOException
    {
        count("open");
        return super.open(file, option);
    }

    @Override
    int read(final FileChannel channel, final ByteBuffer destination, final long position) throws IOException
    {
        count("read");
        return super.read(channel, destination, position);
    }

    @Override
    FileLock tryLock(final FileChannel channel) throws IOException
    {
        count("tryLock");
        return super.tryLock(channel);
    }

    @Override
    BasicFileAttributes attributes(final Path file) throws IOException
    {
        count(file.toString().endsWith(".writer") ? "attributes of the lock's file" : "attributes");
        return super.attributes(file);
    }

    @Override
    void fillWithZeros(final FileChannel channel, final long length) throws IOException
    {
        count("fillWithZeros");
        super.fillWithZeros(channel, length);
    }

    @Override
    void write(final FileChannel channel, final long position, final DirectBuffer content) throws IOException
    {
        count("write");
        super.write(channel, position, content);
    }

    @Override
    MappedByteBuffer map(final Path file, final FileChannel.MapMode mode, final long offset, final long length)
        throws IOException
    {
        count("map");
        return super.map(file, mode, offset, length);
    }

    @Override
    void force(final MappedByteBuffer mapped, final int offset, final int length)
    {
        try
        {
            count("force of a mapping");
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        super.force(mapped, offset, length);
    }

    @Override
    void close(final FileChannel channel) throws IOException
    {
        super.close(channel);
        count("close");
    }

    @Override
    void force(final FileChannel channel) throws IOException
    {
        count("force of a file");
        super.force(channel);
    }

    @Override
    void forceFolder(final Path folder) throws IOException
    {
        count("forceFolder");
        super.forceFolder(folder);
    }

    @Override
    void link(final Path newName, final Path file) throws IOException
    {
        count("link");
        if (!hasHardLinks)
        {
            throw new UnsupportedOperationException("no hard links here");
        }
        super.link(newName, file);
    }

    @Override
    boolean isRegularFileWith(final Path file, final byte[] content) throws IOException
    {
        count("isRegularFileWith");
        return super.isRegularFileWith(file, content);
    }

    @Override
    void delete(final Path file) throws IOException
    {
        count("delete");
        super.delete(file);
    }

    @Override
    List<Path> list(final Path folder, final String glob) throws IOException
    {
        count("list");
        return super.list(folder, glob);
    }

    @Override
    long usableSpace(final Path folder) throws IOException
    {
        count("usableSpace");
        return super.usableSpace(folder);
    }

    private void count(final String operation) throws IOException
    {
        if (--operationsLeft == 0)
        {
            last = operation;
            if (error != null)
            {
                throw error;
            }
            thrown = new IOException("made to fail: " + operation);
            throw thrown;
        }
    }
}
