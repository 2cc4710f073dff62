package io.kekbit.examples.marketdata;

/**
 * What is traded, as far as the input tells.
 */
final class Instrument
{
    private final int id;
    private final String symbol;
    private final String venue;
    private int priceExponent;
    private int quantityExponent;

    Instrument(final int id, final String symbol, final String venue)
    {
        this.id = id;
        this.symbol = symbol;
        this.venue = venue;
    }

    /**
     * Take notice of a price or a quantity: the finest that was seen stands for the venue's increment, which a
     * recording does not tell.
     */
    void seen(final Decimal decimal, final boolean isPrice)
    {
        if (isPrice)
        {
            priceExponent = Math.min(priceExponent, decimal.exponent());
        }
        else
        {
            quantityExponent = Math.min(quantityExponent, decimal.exponent());
        }
    }

    int id()
    {
        return id;
    }

    String symbol()
    {
        return symbol;
    }

    String venue()
    {
        return venue;
    }

    /**
     * Prices are multiples of 10 to the power of this.
     */
    byte priceExponent()
    {
        return (byte)priceExponent;
    }

    /**
     * Quantities are multiples of 10 to the power of this.
     */
    byte quantityExponent()
    {
        return (byte)quantityExponent;
    }
}
