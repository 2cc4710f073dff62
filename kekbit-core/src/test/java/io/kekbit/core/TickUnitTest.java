package io.kekbit.core;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Instant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

class TickUnitTest
{
    @ParameterizedTest
    @CsvSource({"NANOS, 9", "MICROS, 6", "MILLIS, 3", "SECONDS, 0"})
    void shouldHaveCodeOfTheFormatWhenStored(final TickUnit unit, final byte expectedCode)
    {
        assertEquals(expectedCode, unit.code());
        assertSame(unit, TickUnit.fromCode(expectedCode));
    }

    @Test
    void shouldAnswerNullWhenCodeIsNoUnit()
    {
        for (int code = Byte.MIN_VALUE; code <= Byte.MAX_VALUE; code++)
        {
            if (code != 0 && code != 3 && code != 6 && code != 9)
            {
                assertNull(TickUnit.fromCode((byte)code));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldNeverEndWhenUnsignedTicksExceedLong(final TickUnit unit)
    {
        assertEquals(Long.MAX_VALUE, unit.toNanos(-1));
    }

    @Test
    void shouldSaturateWhenNanosExceedLong()
    {
        assertEquals(Long.MAX_VALUE, TickUnit.SECONDS.toNanos(Long.MAX_VALUE / 2));
    }

    @ParameterizedTest
    @CsvSource({
        "NANOS, 1764064800123456789, 2025-11-25T10:00:00.123456789Z",
        "MICROS, 1764064800123456, 2025-11-25T10:00:00.123456Z",
        "MILLIS, 1764064800123, 2025-11-25T10:00:00.123Z",
        "SECONDS, 1764064800, 2025-11-25T10:00:00Z",
        "NANOS, 0, 1970-01-01T00:00:00Z",
        "NANOS, -1, 2554-07-21T23:34:33.709551615Z"})
    void shouldBeExactWhenTurnedIntoInstant(final TickUnit unit, final long ticks, final Instant expected)
    {
        assertEquals(expected, unit.toInstant(ticks));
    }

    @Test
    void shouldBeTheLastInstantWhenTicksAreLater()
    {
        assertEquals(Instant.MAX, TickUnit.SECONDS.toInstant(-1));
        assertEquals(Instant.MAX, TickUnit.SECONDS.toInstant(Long.MAX_VALUE));
    }
}
