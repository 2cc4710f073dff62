package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelAccessException;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.FileTooShortException;
import io.kekbit.core.exceptions.FormatMismatchException;
import io.kekbit.core.exceptions.InvalidSignatureException;
import io.kekbit.core.exceptions.NotAChannelFileException;
import io.kekbit.core.exceptions.StorageNotReadyException;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.HeaderDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Opens a channel's file for reading: nothing of it is mapped before it was found to be a channel, and what is mapped
 * is never longer than the file.
 */
final class ChannelOpener
{
    /**
     * A channel that was opened.
     *
     * @param header    of the channel.
     * @param extension of the channel.
     * @param schema    its schema section, copied; of capacity 0 where it has none.
     * @param mapping   of the file, read-only.
     */
    record Opened(Header header, Extension extension, UnsafeBuffer schema, ChannelMapping mapping)
    {
    }

    private final ChannelFiles files;
    private final ChannelPlace place;
    private final Path file;
    private final Path lockFile;

    ChannelOpener(final ChannelFiles files, final Path root, final long channelId)
    {
        this(files, ChannelPlace.of(root, channelId));
    }

    ChannelOpener(final ChannelFiles files, final ChannelPlace place)
    {
        this.files = files;
        this.place = place;
        file = place.file();
        lockFile = ChannelPath.lockFile(file);
    }

    /**
     * Open the channel. An interrupt that was pending stays pending and does not disturb; one that comes meanwhile
     * makes it fail cleanly.
     *
     * @param format that the content has to have, or null where any will do.
     * @return the channel.
     * @throws io.kekbit.core.exceptions.ChannelException where it cannot be opened.
     */
    Opened open(final DataFormat format)
    {
        final boolean wasInterrupted = Thread.interrupted();
        try
        {
            return openWhole(format);
        }
        catch (final NoSuchFileException ex)
        {
            throw isBeingMade() ? new StorageNotReadyException(file, lockFile) : new ChannelNotFoundException(file);
        }
        catch (final IOException ex)
        {
            throw new ChannelAccessException(file, "open the channel", ex);
        }
        finally
        {
            if (wasInterrupted)
            {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Open a file that may just be being made: what looks wrong while its maker was at work is looked at once more.
     */
    private Opened openWhole(final DataFormat format) throws IOException
    {
        try
        {
            return tryOpen(format);
        }
        catch (final FileTooShortException | InvalidSignatureException ex)
        {
            if (isBeingMade())
            {
                throw new StorageNotReadyException(file, lockFile);
            }

            return tryOpen(format);
        }
    }

    private Opened tryOpen(final DataFormat format) throws IOException
    {
        final Path root = place.root();
        if (root != null && Files.exists(root) && !Files.isDirectory(root))
        {
            throw new NotDirectoryException(root.toString());
        }

        final Object fileKey = fileKey();
        final UnsafeBuffer start = new UnsafeBuffer(new byte[RecordDescriptor.RECORD_AREA_OFFSET]);
        final long fileLength;
        final Header header;
        final Extension extension;
        final UnsafeBuffer schema;
        try (FileChannel channel = files.open(file, StandardOpenOption.READ))
        {
            fileLength = channel.size();
            read(channel, 0, start);
            if (!ExtensionDescriptor.isPresent(start) && isBeingMade())
            {
                throw new StorageNotReadyException(file, lockFile);
            }
            if (fileLength < HeaderDescriptor.LENGTH)
            {
                throw new FileTooShortException(file, HeaderDescriptor.LENGTH, fileLength);
            }

            header = HeaderRules.check(file, start, fileLength, place.channelId());
            extension = new Extension(start, fileLength);
            schema = new UnsafeBuffer(new byte[extension.schemaLength()]);
            read(channel, extension.schemaOffset(), schema);
        }

        requireAccepted(format, extension, schema);

        final ChannelMapping mapping = ChannelMapping.readOnly(
            files,
            file,
            Math.min(fileLength, RecordDescriptor.wholeFileLength(header.capacity())),
            extension.indexOffset(),
            extension.indexCapacity());
        boolean isStillThere = false;
        try
        {
            isStillThere = fileKey.equals(fileKey());
        }
        finally
        {
            if (!isStillThere)
            {
                mapping.unmap();
            }
        }
        if (!isStillThere)
        {
            throw new NoSuchFileException(file.toString(), null, "the file was replaced while it was opened");
        }

        return new Opened(header, extension, schema, mapping);
    }

    private boolean isBeingMade()
    {
        return files.mayExist(lockFile);
    }

    private Object fileKey() throws IOException
    {
        final BasicFileAttributes attributes = files.attributes(file);
        if (!attributes.isRegularFile())
        {
            throw new NotAChannelFileException(file);
        }

        return attributes.fileKey();
    }

    /**
     * Fill the buffer from the file; what lies behind the file's end stays zero.
     */
    private void read(final FileChannel channel, final long position, final UnsafeBuffer buffer) throws IOException
    {
        final ByteBuffer destination = ByteBuffer.wrap(buffer.byteArray());
        while (destination.hasRemaining() && files.read(channel, destination, position + destination.position()) > 0)
        {
            // A read may be short.
            continue;
        }
    }

    private void requireAccepted(final DataFormat format, final Extension extension, final UnsafeBuffer schema)
    {
        // The crate does not tell the format, so the caller is believed.
        if (format != null && extension.formatId() != 0 && !format.accepts(extension.formatId(), schema))
        {
            throw new FormatMismatchException(
                file,
                format + " id=0x" + Long.toHexString(format.id()) + " mediaType=" + format.mediaType(),
                "id=0x" + Long.toHexString(extension.formatId()) + " mediaType=" +
                    TerminalText.escape(extension.mediaType()));
        }
    }
}
