package io.kekbit.sbe;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteOrder;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ScalarFieldTest
{
    private static final int BASE = 3;
    private static final int OFFSET = 5;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[16]);

    @ParameterizedTest
    @CsvSource({
        "1, false, 200, 200", "1, true, 100, 100", "1, true, -1, -1",
        "2, false, 65535, 65535", "2, true, -32768, -1",
        "4, false, 2147483647, 2147483647", "4, false, -1, 4294967295", "4, true, -5, -1",
        "8, false, 77, 77", "8, true, -77, -1"})
    void shouldReadValueOrMinusOneWhenItIsNegative(
        final int width, final boolean isSigned, final int stored, final long expected)
    {
        for (final ByteOrder byteOrder : new ByteOrder[]{ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN})
        {
            final ScalarField field = new ScalarField(OFFSET, width, isSigned, byteOrder, 0);
            field.put(buffer, BASE, stored);

            assertEquals(expected, field.get(buffer, BASE));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, false, 255, true", "1, false, 256, false", "1, true, 127, true", "1, true, 128, false",
        "2, false, 65536, false", "4, false, 4294967295, true", "4, true, 2147483648, false",
        "8, false, 9223372036854775807, true", "8, true, 9223372036854775807, true", "8, false, -1, false"})
    void shouldTellWhatItHasRoomForWhenAsked(
        final int width, final boolean isSigned, final long value, final boolean expected)
    {
        assertEquals(
            expected, new ScalarField(0, width, isSigned, ByteOrder.LITTLE_ENDIAN, 0).canHold(value));
    }
}
