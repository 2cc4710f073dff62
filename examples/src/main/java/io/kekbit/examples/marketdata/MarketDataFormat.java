package io.kekbit.examples.marketdata;

import io.kekbit.marketdata.TradeEncoder;
import io.kekbit.sbe.SbeDataFormat;

/**
 * The format of the channel's content, the same on both sides: the schema {@code schemas/market-data.xml}.
 */
final class MarketDataFormat
{
    /**
     * The one instance, made from the schema in its compiled form, which comes with the codecs.
     */
    static final SbeDataFormat INSTANCE =
        SbeDataFormat.fromResource(TradeEncoder.class, "META-INF/sbe/market-data.sbeir");

    private MarketDataFormat()
    {
    }
}
