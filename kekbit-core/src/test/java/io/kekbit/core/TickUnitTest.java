package io.kekbit.core;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

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
}
