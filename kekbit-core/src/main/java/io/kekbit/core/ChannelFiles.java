package io.kekbit.core;

import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Every operation on the file system by which channels are made, taken over and opened. They are all here, so that a
 * test can make the nth of them fail.
 */
class ChannelFiles
{
    /**
     * The file system itself.
     */
    static final ChannelFiles SYSTEM = new ChannelFiles();

    private static final int FILL_BUFFER_LENGTH = 1024 * 1024;
    private static final FileAttribute<Set<PosixFilePermission>> FILE_MODE =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"));
    private static final FileAttribute<Set<PosixFilePermission>> FOLDER_MODE =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---"));
    private static final Set<OpenOption> CREATE_NEW = Set.of(
        StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    /**
     * Make a folder and those above it, and see to it that they survive the loss of power.
     *
     * @param folder to make; nothing happens where it exists.
     */
    void createFolders(final Path folder) throws IOException
    {
        if (Files.isDirectory(folder))
        {
            return;
        }

        final Path parent = folder.toAbsolutePath().getParent();
        if (parent != null)
        {
            createFolders(parent);
        }

        try
        {
            Files.createDirectory(folder, FOLDER_MODE);
        }
        catch (final FileAlreadyExistsException ex)
        {
            if (!Files.isDirectory(folder))
            {
                throw ex;
            }
        }

        if (parent != null)
        {
            forceFolder(parent);
        }
    }

    /**
     * Make a file that does not exist yet, and nothing through a link.
     */
    FileChannel createNew(final Path file) throws IOException
    {
        return FileChannel.open(file, CREATE_NEW, FILE_MODE);
    }

    /**
     * Open a file that exists, and nothing through a link.
     */
    FileChannel open(final Path file, final StandardOpenOption option) throws IOException
    {
        return FileChannel.open(file, option, LinkOption.NOFOLLOW_LINKS);
    }

    int read(final FileChannel channel, final ByteBuffer destination, final long position) throws IOException
    {
        return channel.read(destination, position);
    }

    /**
     * Lock a whole file.
     *
     * @return the lock, or null where another process has one.
     */
    FileLock tryLock(final FileChannel channel) throws IOException
    {
        return channel.tryLock();
    }

    /**
     * Lock a whole file so that others can do the same, and no more.
     *
     * @return the lock, or null where another process has one of its own.
     */
    FileLock tryLockShared(final FileChannel channel) throws IOException
    {
        return channel.tryLock(0, Long.MAX_VALUE, true);
    }

    /**
     * What kind of file it is, and its identity. Never follows a link.
     */
    BasicFileAttributes attributes(final Path file) throws IOException
    {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * A number that the operating system keeps of a file: "mode" or "uid".
     *
     * @param options whether to follow a link; it is unless told otherwise.
     */
    int unixNumber(final Path file, final String name, final LinkOption... options) throws IOException
    {
        return (Integer)Files.getAttribute(file, "unix:" + name, options);
    }

    /**
     * Write zeros, so that every page has its place on the device before it is mapped. Agrona's {@link IoUtil#fill}
     * takes a short write for a whole one, which is just what a nearly full disk answers with.
     */
    void fillWithZeros(final FileChannel channel, final long length) throws IOException
    {
        final ByteBuffer zeros = ByteBuffer.allocateDirect(FILL_BUFFER_LENGTH);
        try
        {
            long position = 0;
            while (position < length)
            {
                zeros.clear().limit((int)Math.min(FILL_BUFFER_LENGTH, length - position));
                position += channel.write(zeros, position);
            }
        }
        finally
        {
            BufferUtil.free(zeros);
        }
    }

    void write(final FileChannel channel, final long position, final DirectBuffer content) throws IOException
    {
        final byte[] bytes = new byte[content.capacity()];
        content.getBytes(0, bytes);
        final ByteBuffer source = ByteBuffer.wrap(bytes);
        while (source.hasRemaining())
        {
            channel.write(source, position + source.position());
        }
    }

    MappedByteBuffer map(
        final Path file, final FileChannel.MapMode mode, final long offset, final long length) throws IOException
    {
        try
        {
            // Throws IOException, too, but undeclared.
            return IoUtil.mapExistingFile(file.toFile(), mode, "channel", offset, length);
        }
        catch (final IllegalStateException ex)
        {
            throw new NoSuchFileException(file.toString(), null, ex.getMessage());
        }
    }

    /**
     * What a mapping is accessed through, so that a test can watch the order of stores.
     */
    UnsafeBuffer view(final MappedByteBuffer mapped)
    {
        return new UnsafeBuffer(mapped);
    }

    /**
     * What records are stored with, so that a test can watch the order of these stores, too.
     *
     * @param view of the mapping, see {@link #view}.
     */
    RecordStores stores(final UnsafeBuffer view)
    {
        return new RecordStores();
    }

    /**
     * What length words are loaded with, so that a test can watch these loads, too.
     *
     * @param view of the mapping, see {@link #view}.
     */
    RecordLoads loads(final UnsafeBuffer view)
    {
        return new RecordLoads();
    }

    /**
     * Unmap what {@link #map} mapped; nothing happens for null.
     */
    void unmap(final MappedByteBuffer mapped)
    {
        IoUtil.unmap(mapped);
    }

    void force(final MappedByteBuffer mapped, final int offset, final int length)
    {
        mapped.force(offset, length);
    }

    void force(final FileChannel channel) throws IOException
    {
        channel.force(true);
    }

    void forceFolder(final Path folder) throws IOException
    {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ))
        {
            channel.force(true);
        }
    }

    void close(final FileChannel channel) throws IOException
    {
        channel.close();
    }

    /**
     * Give a file a second name, which must not exist: not even as a symbolic link to nowhere.
     */
    void link(final Path newName, final Path file) throws IOException
    {
        Files.createLink(newName, file);
    }

    /**
     * Whether a file exists, be it a link to nowhere, or may do so: where this user may not look, whatever is done next
     * tells so, and "no such file" would be misleading.
     */
    boolean mayExist(final Path file)
    {
        return !Files.notExists(file, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Whether a file has just this content. Never follows a link.
     */
    boolean isRegularFileWith(final Path file, final byte[] content) throws IOException
    {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) == content.length &&
            Arrays.equals(Files.readAllBytes(file), content);
    }

    void delete(final Path file) throws IOException
    {
        Files.deleteIfExists(file);
    }

    List<Path> list(final Path folder, final String glob) throws IOException
    {
        final List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, glob))
        {
            files.forEach(found::add);
        }
        catch (final DirectoryIteratorException ex)
        {
            throw ex.getCause();
        }

        return found;
    }

    long usableSpace(final Path folder) throws IOException
    {
        return Files.getFileStore(folder).getUsableSpace();
    }
}
