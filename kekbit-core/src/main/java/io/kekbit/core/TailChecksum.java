package io.kekbit.core;

import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.zip.CRC32C;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * A checksum of what stands before a position of a channel, by which a copy and its channel find out that they went
 * different ways. It covers the number of records, and words and positions of the last 64 KiB that are not zero: a
 * channel that was idle for long ends in zeros, which are heartbeats and the same everywhere.
 */
final class TailChecksum
{
    private static final int MAX_WORDS = 64 * 1024 / Long.BYTES;
    private static final int WORD_AND_POSITION_LENGTH = 2 * Long.BYTES;
    private static final int PIECE_LENGTH = 256 * WORD_AND_POSITION_LENGTH;

    private TailChecksum()
    {
    }

    /**
     * The CRC-32C of what stands before a boundary.
     *
     * @param buffer   the mapping of the channel.
     * @param boundary in its record area.
     * @param records  how many there are before it.
     */
    static int before(final DirectBuffer buffer, final int boundary, final long records)
    {
        // On the heap: the checksum of a page that is gone would end the JVM.
        final UnsafeBuffer piece = new UnsafeBuffer(new byte[PIECE_LENGTH]);
        piece.putLong(0, records, LITTLE_ENDIAN);
        final CRC32C crc = new CRC32C();
        int length = Long.BYTES;
        int words = 0;
        for (int position = boundary - Long.BYTES; position >= 0 && words < MAX_WORDS; position -= Long.BYTES)
        {
            final long word = buffer.getLong(RecordDescriptor.RECORD_AREA_OFFSET + position, LITTLE_ENDIAN);
            if (word != 0)
            {
                if (length > PIECE_LENGTH - WORD_AND_POSITION_LENGTH)
                {
                    crc.update(piece.byteArray(), 0, length);
                    length = 0;
                }
                piece.putLong(length, word, LITTLE_ENDIAN);
                piece.putLong(length + Long.BYTES, position, LITTLE_ENDIAN);
                length += WORD_AND_POSITION_LENGTH;
                words++;
            }
        }
        crc.update(piece.byteArray(), 0, length);

        return (int)crc.getValue();
    }
}
