package io.kekbit.examples.marketdata;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BitstampTradesTest
{
    private final BitstampTrades trades = new BitstampTrades();
    private final InputMessage message = new InputMessage();

    @Test
    void shouldTakeTradeWhenLineIsOne() throws InvalidInputException
    {
        assertTrue(trades.parse("1385337600,800.010000000000,0.100000000000", 2, message));

        assertEquals(MessageKind.TRADE, message.kind());
        assertEquals("BTCUSD", message.symbol());
        assertEquals(1_385_337_600_000_000_000L, message.transactTime());
        assertEquals(List.of("800.010000000000", "0.100000000000"), message.decimals());
        assertEquals(InputMessage.ABSENT, message.receiveTime());
        assertEquals(InputMessage.ABSENT, message.firstId());
        assertEquals(InputMessage.SIDE_ABSENT, message.aggressorSide());
    }

    @Test
    void shouldSkipHeaderWhenItIsTheFirstLine() throws InvalidInputException
    {
        assertFalse(trades.parse("timestamp,price,amount", 1, message));
    }

    @Test
    void shouldRefuseHeaderWhenItIsAnotherLine()
    {
        assertThrows(InvalidInputException.class, () -> trades.parse("timestamp,price,amount", 2, message));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''|not three values divided by commas",
        "1385337600,800.01|not three values divided by commas",
        "1385337600,800.01,0.1,7|not three values divided by commas",
        "yesterday,800.01,0.1|not a time: \"yesterday\"",
        "-1,800.01,0.1|time out of range: -1",
        "9223372037,800.01,0.1|time out of range: 9223372037"})
    void shouldRefuseWithReasonWhenLineIsRubbish(final String line, final String reason)
    {
        final InvalidInputException ex =
            assertThrows(InvalidInputException.class, () -> trades.parse(line, 2, message));

        assertEquals(reason, ex.getMessage());
    }
}
