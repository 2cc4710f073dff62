package io.kekbit.aeron.faults;

import io.kekbit.core.Reader;
import io.kekbit.core.ReaderState;
import io.kekbit.core.ShmReader;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.DirectBuffer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * What is in a channel or a series: how many records, and a digest over all of them, each checked against its number.
 *
 * @param records how many.
 * @param wrong   how many are not what their number says.
 * @param state   in which the reader ended.
 * @param digest  SHA-256 over length and bytes of each.
 */
record Content(long records, long wrong, ReaderState state, String digest)
{
    private static final int BATCH = 1024;
    private static final int PIECE = 1 << 20;

    /**
     * Read all there is, from the reader's position on.
     */
    static Content of(final Reader reader, final int maxLength)
    {
        final Check check = new Check(maxLength);
        while (reader.read(check::onRecord, BATCH) > 0)
        {
            continue;
        }

        return new Content(check.records, check.wrong, reader.state(), check.hex());
    }

    static Content ofChannel(final Path root, final long channelId, final int maxLength)
    {
        try (ShmReader reader = ShmReader.open(root, channelId))
        {
            return of(reader, maxLength);
        }
    }

    /**
     * Where the record area of a channel that is closed ends, its close marker included.
     */
    static long end(final Path file)
    {
        try (ShmReader reader = ShmReader.builder(file).open())
        {
            while (reader.read(Content::ignore, BATCH) > 0)
            {
                continue;
            }
            assertEquals(ReaderState.CLOSED, reader.state(), file.toString());

            return reader.position() + RecordDescriptor.LENGTH_WORD_LENGTH;
        }
    }

    /**
     * Compare the record areas of two channels that are closed, byte by byte.
     *
     * @return how many bytes are the same; the test fails where one is not.
     */
    static long assertSameRecordArea(final Path one, final Path other)
    {
        final long end = end(one);
        assertEquals(end, end(other), "another end: " + one + " " + other);
        try (FileChannel first = FileChannel.open(one, StandardOpenOption.READ);
            FileChannel second = FileChannel.open(other, StandardOpenOption.READ))
        {
            final ByteBuffer ofFirst = ByteBuffer.allocateDirect(PIECE);
            final ByteBuffer ofSecond = ByteBuffer.allocateDirect(PIECE);
            long position = 0;
            while (position < end)
            {
                final int length = (int)Math.min(PIECE, end - position);
                read(first, position, ofFirst.clear().limit(length));
                read(second, position, ofSecond.clear().limit(length));
                final int mismatch = ofFirst.mismatch(ofSecond);
                assertEquals(-1, mismatch, "another byte at " + (position + mismatch) + ": " + one + " " + other);
                position += length;
            }

            return end;
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private static void ignore(
        final DirectBuffer buffer, final int offset, final int length, final long position, final long nextPosition)
    {
        // Only where it ends matters.
    }

    private static void read(final FileChannel file, final long position, final ByteBuffer to) throws IOException
    {
        final long start = RecordDescriptor.RECORD_AREA_OFFSET + position;
        while (to.hasRemaining())
        {
            if (file.read(to, start + to.position()) < 0)
            {
                throw new IOException("the file is too short");
            }
        }
        to.flip();
    }

    private static final class Check
    {
        private final int maxLength;
        private final MessageDigest sha256;
        private final byte[] copy;
        private long records;
        private long wrong;

        Check(final int maxLength)
        {
            this.maxLength = maxLength;
            copy = new byte[Integer.BYTES + maxLength];
            try
            {
                sha256 = MessageDigest.getInstance("SHA-256");
            }
            catch (final NoSuchAlgorithmException ex)
            {
                throw new IllegalStateException("every Java platform has SHA-256", ex);
            }
        }

        void onRecord(
            final DirectBuffer buffer,
            final int offset,
            final int length,
            final long position,
            final long nextPosition)
        {
            records++;
            if (!Numbered.isRight(records, buffer, offset, length, maxLength))
            {
                wrong++;
            }
            final int copied = Math.min(length, maxLength);
            ByteBuffer.wrap(copy).putInt(length);
            buffer.getBytes(offset, copy, Integer.BYTES, copied);
            sha256.update(copy, 0, Integer.BYTES + copied);
        }

        String hex()
        {
            return HexFormat.of().formatHex(sha256.digest());
        }
    }
}
