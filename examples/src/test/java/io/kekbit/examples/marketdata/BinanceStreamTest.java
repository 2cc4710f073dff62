package io.kekbit.examples.marketdata;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BinanceStreamTest
{
    private final BinanceStream stream = new BinanceStream();
    private final InputMessage message = new InputMessage();

    @Test
    void shouldTakeTradeWhenStreamIsTrade() throws InvalidInputException
    {
        parse("7 {'stream':'btcusdt@trade','data':{'e':'trade','E':3,'s':'BTCUSDT','t':99,'p':'61837.63','q':'0.02'," +
            "'T':2,'m':true,'M':true}}");

        assertEquals(MessageKind.TRADE, message.kind());
        assertEquals("BTCUSDT", message.symbol());
        assertEquals(7, message.receiveTime());
        assertEquals(2_000_000, message.transactTime());
        assertEquals(99, message.firstId());
        assertEquals(List.of("61837.63", "0.02"), message.decimals());
    }

    @Test
    void shouldTakeSellerAsAggressorWhenBuyerIsMaker() throws InvalidInputException
    {
        parse("7 {'stream':'x@trade','data':{'s':'X','t':99,'p':'1','q':'1','T':2,'m':true}}");

        assertEquals(InputMessage.SIDE_SELL, message.aggressorSide());
    }

    @Test
    void shouldTakeBuyerAsAggressorWhenSellerIsMaker() throws InvalidInputException
    {
        parse("7 {'stream':'x@trade','data':{'s':'X','t':99,'p':'1','q':'1','T':2,'m':false}}");

        assertEquals(InputMessage.SIDE_BUY, message.aggressorSide());
    }

    @Test
    void shouldTakeTradeWhenFieldsComeInAnotherOrderAndOrdersAreNumbered() throws InvalidInputException
    {
        parse("7 {'data':{'m':true,'T':2,'b':88,'a':50,'q':'1','p':'1','t':99,'s':'X','z':{'b':[1]}}," +
            "'stream':'x@trade'}");

        assertEquals(List.of("1", "1"), message.decimals());
    }

    @Test
    void shouldTakeBestBidOfferWhenStreamIsBookTicker() throws InvalidInputException
    {
        parse("7 {'stream':'x@bookTicker','data':{'u':12,'s':'X','b':'1.1','B':'1.2','a':'1.3','A':'1.4'}}");

        assertEquals(MessageKind.BEST_BID_OFFER, message.kind());
        assertEquals(12, message.firstId());
        assertEquals(InputMessage.ABSENT, message.transactTime());
        assertEquals(List.of("1.1", "1.2", "1.3", "1.4"), message.decimals());
    }

    @Test
    void shouldTakeBookUpdateWhenStreamIsDepth() throws InvalidInputException
    {
        parse("7 {'stream':'x@depth@100ms','data':{'e':'depthUpdate','E':3,'s':'X','U':12,'u':14," +
            "'b':[['1.1','0.0']],'a':[['1.3','1.4'],['1.5','1.6']]}}");

        assertEquals(MessageKind.BOOK_UPDATE, message.kind());
        assertEquals(3_000_000, message.transactTime());
        assertEquals(12, message.firstId());
        assertEquals(14, message.lastId());
        assertEquals(1, message.bidLevels());
        assertEquals(2, message.askLevels());
        assertEquals(List.of("1.1", "0.0", "1.3", "1.4", "1.5", "1.6"), message.decimals());
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '~', delimiter = '|', value = {
        "~~|not a time, a space and JSON",
        "7|not a time, a space and JSON",
        "now {}|not a time: \"now\"",
        "-7 {}|time out of range: -7",
        "7 {}|no field \"stream\"",
        "7 []|the line is not START_OBJECT",
        "7 {'stream':'x@trade','data':[]}|data is not START_OBJECT",
        "7 {'stream':'x@trade'} {}|more than one JSON value",
        "7 {'stream':7}|stream is not VALUE_STRING",
        "7 {'stream':'x@kline_1m','data':{'s':'X'}}|a stream that is not known: x@kline_1m",
        "7 {'stream':'trade','data':{'s':'X'}}|a stream that is not known: trade",
        "7 {'stream':'x@trade','data':{'T':2,'t':1}}|no field \"s\"",
        "7 {'stream':'x@trade','data':{'s':'X','T':2,'t':-1}}|t is negative: -1",
        "7 {'stream':'x@trade','data':{'s':'X','T':2,'t':1,'m':1}}|m is neither true nor false",
        "7 {'stream':'x@trade','data':{'s':'X','T':2,'t':1,'m':true,'p':1.5}}|p is not VALUE_STRING",
        "7 {'stream':'x@trade','data':{'s':'X','T':9223372036855,'t':1}}|time out of range: 9223372036855",
        "7 {'stream':'x@depth','data':{'b':[['1']]}}|a price or quantity is not VALUE_STRING",
        "7 {'stream':'x@depth','data':{'b':[['1','2','3']]}}|the end of a level is not END_ARRAY",
        "7 {'stream':'x@depth','data':{'b':['1']}}|the end of the levels is not END_ARRAY"})
    void shouldRefuseWithReasonWhenLineIsRubbish(final String line, final String reason)
    {
        final InvalidInputException ex = assertThrows(InvalidInputException.class, () -> parse(line));

        assertEquals(reason, ex.getMessage());
    }

    @Test
    void shouldRefuseWhenJsonIsCutShort()
    {
        final InvalidInputException ex =
            assertThrows(InvalidInputException.class, () -> parse("7 {'stream':'x@trade','data':{'s':'X'"));

        assertTrue(ex.getMessage().startsWith("not the JSON of a stream: "), ex.getMessage());
    }

    private void parse(final String line) throws InvalidInputException
    {
        assertTrue(stream.parse(line.replace('\'', '"'), 1, message));
    }
}
