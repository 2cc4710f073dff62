package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelAccessException;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.UnsupportedPlatformException;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * Walks over all records of a channel and checks what can be checked:
 * <ul>
 * <li>every length word, and that every record lies where records may;</li>
 * <li>every checksum in the envelopes, and that every record is long enough for its envelope;</li>
 * <li>that sequence numbers follow one another;</li>
 * <li>that the durable position is one at which a record, a heartbeat or the end stands.</li>
 * </ul>
 * Beside these faults it notes what readers do not go by: index entries that are wrong, a tail hint that is, and bytes
 * behind the end, which an append leaves there that was not published.
 * <p>
 * Every byte of the record area is read, so that a part of the file that cannot be read is found, too, whether a
 * checksum covers it or not. The file is read and not mapped: one that is cut short meanwhile is a fault that is told,
 * and never one of the JVM. Nothing is changed in it, and a writer is not disturbed; what it appends meanwhile is
 * walked over as far as the walk meets it.
 * <p>
 * An interrupt of the calling thread ends verifying with a {@link ChannelAccessException}, but for one that was pending
 * before.
 */
public final class ChannelVerifier
{
    private static final VerificationListener NOBODY = (bytesDone, bytesTotal) ->
    {
    };

    private ChannelVerifier()
    {
    }

    /**
     * Verify a channel, and tell nobody how far that has come.
     *
     * @param file of the channel, wherever it lies and whatever its name is; a symbolic link is not followed.
     * @return what was found.
     * @throws ChannelException             where it is no channel, or none that can be read; one subclass for each.
     * @throws UnsupportedPlatformException where the JVM lacks the flag that Agrona needs.
     */
    public static Verification verify(final Path file)
    {
        return verify(file, NOBODY);
    }

    /**
     * Verify a channel.
     *
     * @param file     of the channel, wherever it lies and whatever its name is; a symbolic link is not followed.
     * @param listener to tell how far this has come.
     * @return what was found.
     * @throws ChannelException             where it is no channel, or none that can be read; one subclass for each.
     * @throws UnsupportedPlatformException where the JVM lacks the flag that Agrona needs.
     */
    public static Verification verify(final Path file, final VerificationListener listener)
    {
        return verify(ChannelFiles.SYSTEM, file, listener);
    }

    static Verification verify(final ChannelFiles files, final Path file, final VerificationListener listener)
    {
        Objects.requireNonNull(listener, "listener");
        Platform.check();

        final boolean wasInterrupted = Thread.interrupted();
        try
        {
            // As every reader, which tells a channel that is being made from a damaged one.
            new ChannelOpener(files, ChannelPlace.of(file)).open(null).mapping().unmap();
            try (FileChannel channel = files.open(file, StandardOpenOption.READ))
            {
                return verify(files, file, channel, listener);
            }
        }
        catch (final NoSuchFileException ex)
        {
            // Deleted since it was opened.
            throw new ChannelNotFoundException(file);
        }
        catch (final IOException ex)
        {
            throw new ChannelAccessException(file, "verify the channel", ex);
        }
        finally
        {
            if (wasInterrupted)
            {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Verification verify(
        final ChannelFiles files, final Path file, final FileChannel channel, final VerificationListener listener)
        throws IOException
    {
        final long fileLength = channel.size();
        final UnsafeBuffer start;
        try (FileWindow window = new FileWindow(files, channel, RecordDescriptor.RECORD_AREA_OFFSET))
        {
            window.load(0, RecordDescriptor.RECORD_AREA_OFFSET);
            window.requireReadable();
            start = new UnsafeBuffer(new byte[RecordDescriptor.RECORD_AREA_OFFSET]);
            start.putBytes(0, window.view(), 0, Math.min(window.length(), start.capacity()));
        }
        final Header header = HeaderRules.check(file, start, fileLength, OptionalLong.empty());
        final Extension extension = new Extension(start, fileLength);

        final int longest = RecordDescriptor.alignedLength(header.maxMessageLength());
        try (FileWindow window = new FileWindow(
            files, channel, Math.max(FileWindow.DEFAULT_LENGTH, longest + RecordDescriptor.LENGTH_WORD_LENGTH));
            IndexCheck index = new IndexCheck(files, channel, start, header, extension))
        {
            return new VerificationWalk(file, start, header, extension, window, index, listener).walk();
        }
    }
}
