package io.kekbit.cli.records;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.math.BigDecimal;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ConditionTest
{
    @ParameterizedTest
    @CsvSource({
        "a=7, 7, true", "a=7.0, 7, true", "a=70e-1, 7, true", "a=7.5, 7, false", "a!=7, 7, false", "a!=x, 7, true",
        "a<7, 6, true", "a<7, 7, false", "a<=7, 7, true", "a>7, 8, true", "a>=7, 7, true", "a>6.5, 7, true",
        "a<7.5, 7, true", "a>-8, -7, true", "a=9223372036854775808, 9223372036854775807, false",
        "a<9223372036854775808, 9223372036854775807, true", "a>x, 7, false", "a<x, 7, false", "a=null, 7, false",
        "a!=null, 7, true"})
    void shouldCompareExactlyWhenFieldIsInteger(final String text, final long value, final boolean isTrue)
    {
        assertEquals(isTrue, Condition.parse(text).matches(value));
    }

    @ParameterizedTest
    @CsvSource({
        "a=18446744073709551615, -1, true", "a>9223372036854775807, -1, true", "a<0, -1, false", "a>-1, -1, true",
        "a=-1, -1, false", "a>18446744073709551615, -1, false", "a<18446744073709551616, -1, true",
        "a>18446744073709551614.5, -1, true"})
    void shouldCompareWithoutSignWhenFieldIsUnsigned(final String text, final long value, final boolean isTrue)
    {
        assertEquals(isTrue, Condition.parse(text).matchesUnsigned(value));
    }

    @ParameterizedTest
    @CsvSource({
        "a=800.01, 800.010000000000, true", "a>800.01, 800.0100000000001, true", "a<1e3, 800.01, true",
        "a=0, 0.000, true", "a=x, 1.0, false"})
    void shouldCompareValueAndNotScaleWhenFieldIsDecimal(
        final String text, final BigDecimal value, final boolean isTrue)
    {
        assertEquals(isTrue, Condition.parse(text).matches(value));
    }

    @ParameterizedTest
    @CsvSource({
        "a=0.1, 0.1, true", "a>0.1, 0.2, true", "a=0, -0.0, true", "a=Infinity, Infinity, true",
        "a<Infinity, 1e30, true", "a>-Infinity, 0, true", "a=null, 0.1, false"})
    void shouldCompareAsFieldIsStoredWhenItIsFloatingPoint(
        final String text, final double value, final boolean isTrue)
    {
        assertEquals(isTrue, Condition.parse(text).matches(value));
        assertEquals(isTrue, Condition.parse(text).matches((float)value));
    }

    @ParameterizedTest
    @CsvSource({
        "s=BTCUSD, BTCUSD, true", "s!=BTCUSD, BTCUSD, false", "s>A, B, true", "s<B, A, true", "s=7, 7, true",
        "s=null, null, false",
        "'s=\"null\"', null, true", "'s=\"a b\"', a b, true", "s=, x, false", "'s= x ', x, true"})
    void shouldCompareAsTextWhenFieldIsText(final String text, final String value, final boolean isTrue)
    {
        assertEquals(isTrue, Condition.parse(text).matches(value));
    }

    @Test
    void shouldEqualNullOnlyWhenFieldHasNoValue()
    {
        assertTrue(Condition.parse("a=null").matchesNull());
        assertFalse(Condition.parse("a!=null").matchesNull());
        assertFalse(Condition.parse("a=0").matchesNull());
        assertTrue(Condition.parse("a!=0").matchesNull());
        assertFalse(Condition.parse("a<1").matchesNull());
    }

    @Test
    void shouldTakeNameOrNumberWhenFieldIsEnum()
    {
        assertTrue(Condition.parse("side=BUY").matches("BUY", 1));
        assertTrue(Condition.parse("side=1").matches("BUY", 1));
        assertFalse(Condition.parse("side=SELL").matches("BUY", 1));
        assertFalse(Condition.parse("side=2").matches("BUY", 1));
    }

    @Test
    void shouldAskForOneChoiceWhenFieldIsSet()
    {
        assertTrue(Condition.parse("c=block").matches(List.of("openingAuction", "block")));
        assertFalse(Condition.parse("c!=block").matches(List.of("openingAuction", "block")));
        assertTrue(Condition.parse("c!=block").matches(List.of()));
        assertTrue(Condition.parse("c=").matches(List.of()));
        assertFalse(Condition.parse("c=").matches(List.of("block")));
    }

    @Test
    void shouldTellPathWhenFieldIsInside()
    {
        assertEquals(List.of("bids", "price"), Condition.parse("bids.price >= 5").path());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "", "=1", "a..b=1", ".a=1", "a<null", "a>=null"})
    void shouldSayWhatIsWrongWhenTextIsNoCondition(final String text)
    {
        assertThrows(IllegalArgumentException.class, () -> Condition.parse(text));
    }

    @Test
    void shouldNotWriteNumberOutWhenItsExponentIsHuge()
    {
        assertFalse(Condition.parse("a>1e999999999").matches(5L));
    }
}
