package io.kekbit.cli.records;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class WhereVisitorTest
{
    @Test
    void shouldBeFulfilledWhenOneEntryIs()
    {
        assertTrue(isFulfilledByBook("bids.price=12"));
        assertTrue(isFulfilledByBook("bids.price<11", "bids.price>11"));
        assertFalse(isFulfilledByBook("bids.price=13"));
    }

    @Test
    void shouldNotMistakeNamesWhenTheyStandElsewhere()
    {
        assertTrue(isFulfilledByBook("price=5"));
        assertFalse(isFulfilledByBook("price=10"));
        assertFalse(isFulfilledByBook("asks.price=10"));
        assertTrue(isFulfilledByBook("leg.price=7"));
        assertTrue(isFulfilledByBook("bids.leg.price=8"));
        assertFalse(isFulfilledByBook("leg.price=8"));
        assertFalse(isFulfilledByBook("bids.bids.price=10"));
    }

    @Test
    void shouldNotBeFulfilledWhenFieldIsNotThere()
    {
        assertFalse(isFulfilledByBook("size=null"));
        assertFalse(isFulfilledByBook("size!=1"));
    }

    @Test
    void shouldFindElementWhenFieldIsArray()
    {
        assertTrue(isFulfilledByBook("levels=2"));
        assertFalse(isFulfilledByBook("levels=4"));
    }

    @Test
    void shouldCompareAsShownWhenFieldIsBytes()
    {
        assertTrue(isFulfilledByBook("raw=AQI="));
        assertFalse(isFulfilledByBook("raw=AQ=="));
    }

    private static boolean isFulfilledByBook(final String... conditions)
    {
        final WhereVisitor visitor =
            new WhereVisitor(List.of(conditions).stream().map(Condition::parse).toList());
        visitor.onBeginMessage("Book", 4, 1);
        visitor.onLong("price", 5);
        visitor.onBeginArray("levels", 2);
        visitor.onLong("levels", 1);
        visitor.onLong("levels", 2);
        visitor.onEndArray();
        visitor.onBeginComposite("leg");
        visitor.onLong("price", 7);
        visitor.onEndComposite();
        visitor.onBeginGroup("bids", 2);
        visitor.onBeginEntry(0);
        visitor.onLong("price", 10);
        visitor.onBeginComposite("leg");
        visitor.onLong("price", 8);
        visitor.onEndComposite();
        visitor.onEndEntry();
        visitor.onBeginEntry(1);
        visitor.onLong("price", 12);
        visitor.onEndEntry();
        visitor.onEndGroup();
        visitor.onBytes("raw", new UnsafeBuffer(new byte[]{0, 1, 2}), 1, 2);
        visitor.onEndMessage();

        return visitor.isFulfilled();
    }
}
