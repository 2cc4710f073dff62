package io.kekbit.examples.marketdata;

/**
 * Times since 1970-01-01T00:00Z.
 */
final class EpochTime
{
    private EpochTime()
    {
    }

    /**
     * A time in nanoseconds.
     *
     * @param text   digits.
     * @param unitNs nanoseconds in one of what the text counts.
     * @throws InvalidInputException where the text is no such number, or one too great.
     */
    static long nanos(final String text, final long unitNs) throws InvalidInputException
    {
        try
        {
            return nanos(Long.parseLong(text), unitNs);
        }
        catch (final NumberFormatException ex)
        {
            throw new InvalidInputException("not a time: \"" + text + "\"");
        }
    }

    /**
     * A time in nanoseconds.
     *
     * @param count  of units.
     * @param unitNs nanoseconds in a unit.
     * @throws InvalidInputException where the number is negative or too great.
     */
    static long nanos(final long count, final long unitNs) throws InvalidInputException
    {
        if (count < 0 || count > Long.MAX_VALUE / unitNs)
        {
            throw new InvalidInputException("time out of range: " + count);
        }

        return count * unitNs;
    }
}
