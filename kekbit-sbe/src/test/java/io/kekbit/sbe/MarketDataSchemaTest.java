package io.kekbit.sbe;

import io.kekbit.core.ShmWriter;
import io.kekbit.marketdata.InstrumentDefinitionDecoder;
import io.kekbit.marketdata.InstrumentDefinitionEncoder;
import io.kekbit.marketdata.InstrumentKind;
import io.kekbit.marketdata.MessageHeaderDecoder;
import io.kekbit.marketdata.OptionalDecimalEncoder;
import io.kekbit.marketdata.TradeDecoder;
import io.kekbit.marketdata.TradeEncoder;
import io.kekbit.marketdata.TradingState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import uk.co.real_logic.sbe.ir.Ir;
import uk.co.real_logic.sbe.ir.Signal;
import uk.co.real_logic.sbe.ir.Token;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

class MarketDataSchemaTest
{
    @TempDir
    private Path root;

    @Test
    void shouldHaveLongFieldsOnMultiplesOfEightWhenRecordDoes()
    {
        final Ir ir = SchemaOracle.decode(TestFormats.MARKET_DATA);
        for (final List<Token> tokens : ir.messages())
        {
            assertEquals(0, tokens.get(0).encodedLength() % 8, tokens.get(0).name());
            for (final Token token : tokens)
            {
                final boolean isGroup = token.signal() == Signal.BEGIN_GROUP;
                final boolean isLong = token.signal() == Signal.BEGIN_FIELD && token.encodedLength() >= 8;
                if (isGroup)
                {
                    assertEquals(0, token.encodedLength() % 8, token.toString());
                }
                else if (isLong)
                {
                    assertEquals(0, token.offset() % 8, token.toString());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"995.000000000000", "0.001000000000", "61234.56000000", "-0.00000001", "1", "0"})
    void shouldHoldDecimalsAsVenuesSendThemWhenTheyCarryTheirOwnExponent(final String text)
    {
        final BigDecimal price = new BigDecimal(text);
        try (ShmWriter<SbeDataFormat> writer = TestFormats.create(root, TestFormats.MARKET_DATA))
        {
            new SbeWriter(writer).write(new TradeEncoder(), price, MarketDataSchemaTest::setPrice);
        }

        final TradeDecoder decoder = new TradeDecoder()
            .wrapAndApplyHeader(TestFormats.records(root).get(0), 0, new MessageHeaderDecoder());
        assertEquals(price, BigDecimal.valueOf(decoder.price().mantissa(), -decoder.price().exponent()));
    }

    @Test
    void shouldHoldInstrumentWhenItHasTextAndVenueData()
    {
        final byte[] venueData = {1, 2, 3};
        try (ShmWriter<SbeDataFormat> writer = TestFormats.create(root, TestFormats.MARKET_DATA, 4 << 20, 16_384))
        {
            new SbeWriter(writer).write(
                new InstrumentDefinitionEncoder(), venueData, MarketDataSchemaTest::setInstrument);
        }

        final InstrumentDefinitionDecoder decoder = new InstrumentDefinitionDecoder()
            .wrapAndApplyHeader(TestFormats.records(root).get(0), 0, new MessageHeaderDecoder());
        assertEquals("BTCUSDT", decoder.symbol());
        assertEquals(TradingState.TRADING, decoder.state());
        assertEquals("Bitcoin \u20bf / Tether", decoder.longName());
        assertEquals(venueData.length, decoder.venueDataLength());
    }

    private static void setPrice(final TradeEncoder trade, final BigDecimal price)
    {
        trade.price().mantissa(price.unscaledValue().longValueExact()).exponent((byte)-price.scale());
    }

    private static void setInstrument(final InstrumentDefinitionEncoder encoder, final byte[] venueData)
    {
        encoder
            .sendingTime(1).transactTime(2).instrumentId(3)
            .kind(InstrumentKind.SPOT).state(TradingState.TRADING)
            .symbol("BTCUSDT").venue("BINANCE").baseCurrency("BTC").quoteCurrency("USDT")
            .expiryTime(InstrumentDefinitionEncoder.expiryTimeNullValue())
            .listingTime(InstrumentDefinitionEncoder.listingTimeNullValue());
        encoder.priceIncrement().mantissa(1).exponent((byte)-2);
        encoder.quantityIncrement().mantissa(1).exponent((byte)-5);
        encoder.contractSize().mantissa(OptionalDecimalEncoder.mantissaNullValue()).exponent((byte)0);
        final byte[] longName = "Bitcoin \u20bf / Tether".getBytes(StandardCharsets.UTF_8);
        encoder.putLongName(longName, 0, longName.length);
        encoder.putVenueData(venueData, 0, venueData.length);
    }
}
