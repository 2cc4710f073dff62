package io.kekbit.examples.marketdata;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.math.BigDecimal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class DecimalTest
{
    private final Decimal decimal = new Decimal();

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "0.00000000, 0, 0",
        "-0.0, 0, 0",
        "1, 1, 0",
        "100, 100, 0",
        "800.010000000000, 80001, -2",
        "0.278380490000, 27838049, -8",
        "-1.50, -15, -1",
        "007.0, 7, 0",
        "0.000000000000000001, 1, -18",
        "9223372036854775807, 9223372036854775807, 0",
        "9.223372036854775807, 9223372036854775807, -18",
        "123456789012.120000000000, 12345678901212, -2"})
    void shouldGiveMantissaAndExponentWhenTextIsDecimal(final String text, final long mantissa, final int exponent)
        throws InvalidInputException
    {
        decimal.parse(text);

        assertEquals(mantissa, decimal.mantissa());
        assertEquals(exponent, decimal.exponent());
        assertEquals(0, new BigDecimal(text).compareTo(BigDecimal.valueOf(mantissa, -exponent)));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "-", ".", "-.", ".5", "5.", "-.5", "+1", "1e5", "1,5", "1.2.3", "1..2", "--1", "1-", " 1", "1 ", "0x1",
        "NaN", "\u0661"})
    void shouldRefuseWhenTextIsNoDecimal(final String text)
    {
        final InvalidInputException ex = assertThrows(InvalidInputException.class, () -> decimal.parse(text));

        assertEquals("not a decimal number: \"" + text + "\"", ex.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "9223372036854775808", "92233720368547758070", "9.2233720368547758071", "1000000000.0000000001"})
    void shouldRefuseWhenMantissaDoesNotHoldTheDigits(final String text)
    {
        final InvalidInputException ex = assertThrows(InvalidInputException.class, () -> decimal.parse(text));

        assertEquals("decimal of too many digits: " + text, ex.getMessage());
    }

    @Test
    void shouldRefuseWhenExponentDoesNotHoldThePlaces()
    {
        final InvalidInputException ex =
            assertThrows(InvalidInputException.class, () -> decimal.parse("0.0000000000000000001"));

        assertEquals("decimal of too many places: 0.0000000000000000001", ex.getMessage());
    }
}
