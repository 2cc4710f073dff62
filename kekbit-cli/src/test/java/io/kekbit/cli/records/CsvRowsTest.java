package io.kekbit.cli.records;

import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

class CsvRowsTest
{
    private final StringBuilder out = new StringBuilder();

    @Test
    void shouldMakeOneRowWhenMessageHasNoEntries()
    {
        final CsvRows rows = new CsvRows(List.of(List.of("id"), List.of("note"), List.of("bids", "price")));
        rows.onBeginMessage("Book", 4, 1);
        rows.onUnsignedLong("id", -1);
        rows.onBeginGroup("bids", 0);
        rows.onEndGroup();
        rows.onText("note", "say \"hi\", please");
        rows.onEndMessage();

        rows.append(out, "8,");

        assertEquals(List.of("id", "note", "bids.price"), rows.columns());
        assertEquals("8,18446744073709551615,\"say \"\"hi\"\", please\",\r\n", out.toString());
    }

    @Test
    void shouldRepeatWhatIsAroundWhenMessageHasEntries()
    {
        final CsvRows rows = new CsvRows(List.of(
            List.of("id"),
            List.of("bids", "price"),
            List.of("bids", "orders", "size"),
            List.of("asks", "price"),
            List.of("note")));
        rows.onBeginMessage("Book", 4, 1);
        rows.onLong("id", 5);
        rows.onBeginGroup("bids", 2);
        rows.onBeginEntry(0);
        rows.onDecimal("price", new BigDecimal("1.50"));
        rows.onBeginGroup("orders", 2);
        rows.onBeginEntry(0);
        rows.onLong("size", 10);
        rows.onEndEntry();
        rows.onBeginEntry(1);
        rows.onNull("size");
        rows.onEndEntry();
        rows.onEndGroup();
        rows.onEndEntry();
        rows.onBeginEntry(1);
        rows.onDecimal("price", new BigDecimal("1.40"));
        rows.onBeginGroup("orders", 0);
        rows.onEndGroup();
        rows.onEndEntry();
        rows.onEndGroup();
        rows.onBeginGroup("asks", 1);
        rows.onBeginEntry(0);
        rows.onDecimal("price", new BigDecimal("1.60"));
        rows.onEndEntry();
        rows.onEndGroup();
        rows.onText("note", "");
        rows.onEndMessage();

        rows.append(out, "");

        assertEquals(
            "5,1.50,10,,\"\"\r\n" +
            "5,1.50,,,\"\"\r\n" +
            "5,1.40,,,\"\"\r\n" +
            "5,,,1.60,\"\"\r\n",
            out.toString());
    }

    @Test
    void shouldPutElementsIntoOneValueWhenFieldIsArrayOrSet()
    {
        final CsvRows rows = new CsvRows(List.of(List.of("levels"), List.of("flags"), List.of("leg", "rate")));
        rows.onBeginMessage("Any", 1, 0);
        rows.onBeginArray("levels", 3);
        rows.onLong("levels", 1);
        rows.onNull("levels");
        rows.onLong("levels", 3);
        rows.onEndArray();
        rows.onSet("flags", List.of("a", "b"), 8);
        rows.onBeginComposite("leg");
        rows.onDouble("rate", 0.5);
        rows.onEndComposite();
        rows.onEndMessage();

        rows.append(out, "");

        assertEquals("1 null 3,a b 0x8,0.5\r\n", out.toString());
    }

    @Test
    void shouldLeaveOutWhatHasNoColumn()
    {
        final CsvRows rows = new CsvRows(List.of(List.of("b")));
        rows.onBeginMessage("Any", 1, 0);
        rows.onLong("a", 1);
        rows.onLong("b", 2);
        rows.onBeginComposite("c");
        rows.onLong("b", 3);
        rows.onEndComposite();
        rows.onEndMessage();

        rows.append(out, "");

        assertEquals("2\r\n", out.toString());
    }
}
