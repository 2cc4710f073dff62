package io.kekbit.aeron.replication;

import io.kekbit.core.ChannelBlueprint;
import io.kekbit.core.ReaderState;
import io.kekbit.core.ShmReader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Compares a channel with its copy.
 */
final class Areas
{
    private Areas()
    {
    }

    /**
     * The records of both, with everything between and the word behind, are the same bytes; and so is what is said of
     * them.
     */
    static void assertSame(final Path source, final Path copy)
    {
        try (ShmReader from = ShmReader.builder(source).open(); ShmReader to = ShmReader.builder(copy).open())
        {
            assertEquals(ChannelBlueprint.of(from), ChannelBlueprint.of(to));
            from.moveToEnd();
            to.moveToEnd();
            assertEquals(from.position(), to.position());
            assertEquals(from.state() == ReaderState.CLOSED, to.state() == ReaderState.CLOSED);
            final int end = (int)from.position() + Long.BYTES;
            assertArrayEquals(bytes(source, end), bytes(copy, end));
        }
    }

    static byte[] bytes(final Path file, final int length)
    {
        try
        {
            final byte[] all = Files.readAllBytes(file);

            return Arrays.copyOfRange(all, Hosts.RECORD_AREA_OFFSET, Hosts.RECORD_AREA_OFFSET + length);
        }
        catch (final IOException ex)
        {
            throw new AssertionError(ex);
        }
    }
}
