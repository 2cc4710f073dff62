package io.kekbit.core;

import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.DirectBuffer;

import java.util.zip.CRC32C;

/**
 * A checksum of what stands before a position of a channel, by which a copy and its channel find out that they went
 * different ways.
 */
final class TailChecksum
{
    private static final int MAX_LENGTH = 64 * 1024;
    private static final int PIECE_LENGTH = 4096;

    private TailChecksum()
    {
    }

    /**
     * The CRC-32C of the bytes before a position, at most 64 KiB of them.
     *
     * @param buffer   the mapping of the channel.
     * @param position of a boundary.
     */
    static int before(final DirectBuffer buffer, final int position)
    {
        // Copied first: the checksum of a page that is gone would end the JVM.
        final byte[] piece = new byte[PIECE_LENGTH];
        final CRC32C crc = new CRC32C();
        int reached = Math.max(0, position - MAX_LENGTH);
        while (reached < position)
        {
            final int length = Math.min(PIECE_LENGTH, position - reached);
            buffer.getBytes(RecordDescriptor.RECORD_AREA_OFFSET + reached, piece, 0, length);
            crc.update(piece, 0, length);
            reached += length;
        }

        return (int)crc.getValue();
    }
}
