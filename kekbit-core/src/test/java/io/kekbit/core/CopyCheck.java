package io.kekbit.core;

import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.HeaderDescriptor;
import io.kekbit.core.layout.IndexDescriptor;
import io.kekbit.core.layout.RecordDescriptor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Compares a copy with the channel it was made of.
 */
final class CopyCheck
{
    private CopyCheck()
    {
    }

    /**
     * See that two closed channels have the same header, record area, index and blueprint.
     */
    static void assertEqual(final Path expected, final Path actual) throws IOException
    {
        assertSameBytes(expected, actual, 0, HeaderDescriptor.LENGTH);
        try (ShmReader source = ShmReader.builder(expected).open(); ShmReader copy = ShmReader.builder(actual).open())
        {
            assertEquals(ChannelBlueprint.of(source), ChannelBlueprint.of(copy));
            assertSameBytes(
                expected,
                actual,
                RecordDescriptor.RECORD_AREA_OFFSET,
                (int)Math.min(source.header().capacity() + RecordDescriptor.FOOTER_LENGTH,
                    Files.size(expected) - RecordDescriptor.RECORD_AREA_OFFSET));
            final Extension extension = source.extension();
            if (extension.indexCapacity() > 0)
            {
                assertEquals(extension.indexOffset(), copy.extension().indexOffset());
                assertEquals(
                    TestChannels.getLong(expected, ExtensionDescriptor.INDEX_COUNT_OFFSET),
                    TestChannels.getLong(actual, ExtensionDescriptor.INDEX_COUNT_OFFSET));
                assertSameBytes(
                    expected,
                    actual,
                    extension.indexOffset(),
                    extension.indexCapacity() * IndexDescriptor.ENTRY_LENGTH);
            }
            source.moveToEnd();
            copy.moveToEnd();
            assertEquals(source.position(), copy.position());
        }
    }

    private static void assertSameBytes(final Path expected, final Path actual, final long offset, final int length)
        throws IOException
    {
        final byte[] expectedBytes = Files.readAllBytes(expected);
        final byte[] actualBytes = Files.readAllBytes(actual);
        for (int i = (int)offset; i < offset + length; i++)
        {
            if (expectedBytes[i] != actualBytes[i])
            {
                assertEquals(expectedBytes[i], actualBytes[i], "byte " + i + " of " + expected + " and " + actual);
            }
        }
    }
}
