package io.kekbit.aeron.replication;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * One name for each stream that a target copies.
 */
class TargetPositionTest
{
    private static final Path ROOT = Path.of("root");

    @Test
    void shouldDifferWhenNamesOfSeriesHaveOneHashCode()
    {
        assertEquals("ticksAa".hashCode(), "ticksBB".hashCode());

        assertNotEquals(nameOf("one", "ticksAa"), nameOf("one", "ticksBB"));
    }

    @Test
    void shouldBeNameOfReaderWhenNameOfTargetIsLongest()
    {
        final String longest = "a".repeat(32);

        assertTrue(nameOf(longest, "ticks").matches("[A-Za-z0-9._-]{1,64}"), nameOf(longest, "ticks"));
        final String ofChannel = TargetPosition.positionName(longest, CopiedStream.channel(ROOT, -1));
        assertTrue(ofChannel.matches("[A-Za-z0-9._-]{1,64}"), ofChannel);
    }

    private static String nameOf(final String target, final String series)
    {
        return TargetPosition.positionName(target, CopiedStream.series(ROOT, series));
    }
}
