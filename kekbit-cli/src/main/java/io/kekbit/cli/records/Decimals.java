package io.kekbit.cli.records;

import java.math.BigDecimal;

/**
 * Decimal numbers as people write them.
 */
final class Decimals
{
    private static final int MAX_ZEROS = 400;

    private Decimals()
    {
    }

    /**
     * All digits of a number, without a power of ten as long as that can be read.
     *
     * @param value of any size.
     * @return the text.
     */
    static String text(final BigDecimal value)
    {
        return Math.abs((long)value.scale()) > MAX_ZEROS ? value.toString() : value.toPlainString();
    }
}
