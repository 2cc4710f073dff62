package io.kekbit.examples.marketdata;

/**
 * A decimal number as SBE carries it, {@code mantissa * 10^exponent}, parsed from text exactly or not at all. Reusable.
 */
final class Decimal
{
    /**
     * The least exponent that the schema's decimals can have.
     */
    static final int MIN_EXPONENT = -18;

    private static final long MAX_BEFORE_DIGIT = Long.MAX_VALUE / 10;

    private long mantissa;
    private int exponent;

    /**
     * Take the value of a text: digits, which a minus sign may precede and one point may divide. Zeros at the end of
     * the fraction are left out, so that they cost no range.
     *
     * @param text to parse.
     * @throws InvalidInputException where the text is no such number, or one that the mantissa or the exponent cannot
     *                               hold. The value is undefined then.
     */
    void parse(final String text) throws InvalidInputException
    {
        final int start = text.startsWith("-") ? 1 : 0;
        final int point = text.indexOf('.');
        int end = text.length();
        if (point >= 0)
        {
            if (point == start || point == end - 1)
            {
                throw notDecimal(text);
            }
            while (text.charAt(end - 1) == '0')
            {
                end--;
            }
        }
        if (end == start)
        {
            throw notDecimal(text);
        }

        long value = 0;
        for (int i = start; i < end; i++)
        {
            if (i == point)
            {
                continue;
            }
            final int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9)
            {
                throw notDecimal(text);
            }
            if (value > MAX_BEFORE_DIGIT || value * 10 > Long.MAX_VALUE - digit)
            {
                throw new InvalidInputException("decimal of too many digits: " + text);
            }
            value = value * 10 + digit;
        }

        mantissa = start == 0 ? value : -value;
        exponent = point < 0 ? 0 : point + 1 - end;
        if (exponent < MIN_EXPONENT)
        {
            throw new InvalidInputException("decimal of too many places: " + text);
        }
    }

    long mantissa()
    {
        return mantissa;
    }

    int exponent()
    {
        return exponent;
    }

    private static InvalidInputException notDecimal(final String text)
    {
        return new InvalidInputException("not a decimal number: \"" + text + "\"");
    }
}
