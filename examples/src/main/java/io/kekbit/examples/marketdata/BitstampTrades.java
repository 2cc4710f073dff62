package io.kekbit.examples.marketdata;

/**
 * Reads lines {@code epoch seconds,price,amount}: trades of bitcoin in US dollars, as Bitstamp's archive has them.
 */
final class BitstampTrades implements LineParser
{
    private static final String HEADER = "timestamp,price,amount";
    private static final String SYMBOL = "BTCUSD";
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    @Override
    public String venue()
    {
        return "BITSTAMP";
    }

    @Override
    public boolean parse(final String line, final long lineNumber, final InputMessage message)
        throws InvalidInputException
    {
        if (lineNumber == 1 && line.equals(HEADER))
        {
            return false;
        }

        final int first = line.indexOf(',');
        final int second = line.indexOf(',', first + 1);
        if (first < 0 || second < 0 || line.indexOf(',', second + 1) >= 0)
        {
            throw new InvalidInputException("not three values divided by commas");
        }

        message.reset(MessageKind.TRADE, SYMBOL);
        message.transactTime(EpochTime.nanos(line.substring(0, first), NANOS_PER_SECOND));
        message.decimals().add(line.substring(first + 1, second));
        message.decimals().add(line.substring(second + 1));

        return true;
    }
}
