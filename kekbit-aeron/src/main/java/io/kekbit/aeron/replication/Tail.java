package io.kekbit.aeron.replication;

import io.kekbit.core.ShmReader;
import io.kekbit.core.layout.RecordDescriptor;

import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The last bytes of a copy, by which a source sees that it has written the same there.
 */
final class Tail
{
    private static final int MAX_LENGTH = 64 * 1024;

    private Tail()
    {
    }

    /**
     * How many bytes before a position are looked at.
     */
    static int length(final long position)
    {
        return (int)Math.min(MAX_LENGTH, position);
    }

    /**
     * The CRC-32C of what stands before a position in a channel.
     */
    static long check(final Path file, final long position, final int length)
    {
        try (ShmReader reader = ShmReader.builder(file).readSuspect(true).open())
        {
            return check(reader, position, length);
        }
    }

    /**
     * The CRC-32C of what stands before a position in a channel.
     *
     * @param position within the channel.
     * @param length   at most the position.
     */
    static long check(final ShmReader channel, final long position, final int length)
    {
        // Copied first: computing it over a page that is gone could end the JVM.
        final byte[] bytes = new byte[length];
        channel.buffer().getBytes((int)(RecordDescriptor.RECORD_AREA_OFFSET + position - length), bytes);
        final CRC32C crc = new CRC32C();
        crc.update(bytes);

        return crc.getValue();
    }
}
