package io.kekbit.examples.marketdata;

import io.kekbit.core.Header;
import io.kekbit.core.layout.HeaderDescriptor;
import io.kekbit.examples.ExampleException;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ChannelSizeTest
{
    private static final int MAX_LEVELS = 20_000;

    private final ChannelSize size = new ChannelSize();

    @Test
    void shouldAllowLongestMessageWhenCapacityIsSmall()
    {
        size.add(MessageKind.BOOK_UPDATE, 2 * MAX_LEVELS);

        final Header header = Header.builder()
            .channelId(1)
            .capacity(size.capacity(1))
            .maxMessageLength(size.maxMessageLength())
            .build();

        assertTrue(header.maxMessageLength() >= MAX_LEVELS * 32, header.toString());
    }

    @Test
    void shouldTellHowOftenWhenInputCannotBeRepeatedThatOften()
    {
        size.add(MessageKind.TRADE, 2);

        final ExampleException ex = assertThrows(ExampleException.class, () -> size.capacity(Integer.MAX_VALUE));

        final long maxRepeats = Long.parseLong(
            ex.getMessage().replaceAll("^too much for one channel: .* at most (\\d+) times\\.$", "$1"));
        assertTrue(size.capacity((int)maxRepeats) <= HeaderDescriptor.MAX_CAPACITY);
        assertThrows(ExampleException.class, () -> size.capacity((int)maxRepeats + 1));
    }

    @Test
    void shouldCountBytesOfAllRepeatsWhenNoChannelHoldsThem()
    {
        size.addDefinition();
        final long definition = size.recordsLength(1);
        size.add(MessageKind.TRADE, 2);

        final long trade = size.recordsLength(1) - definition;
        assertTrue(trade > 0);
        assertEquals(definition + Integer.MAX_VALUE * trade, size.recordsLength(Integer.MAX_VALUE));
    }

    @Test
    void shouldFailWhenInputIsLongerThanAnyChannel()
    {
        final int messages = HeaderDescriptor.MAX_CAPACITY / (MAX_LEVELS * 32);
        for (int i = 0; i < messages - 1; i++)
        {
            size.add(MessageKind.BOOK_UPDATE, 2 * MAX_LEVELS);
        }

        final ExampleException ex =
            assertThrows(ExampleException.class, () -> size.add(MessageKind.BOOK_UPDATE, 2 * MAX_LEVELS));

        assertEquals(
            "input too large for one channel: maxCapacity=" + HeaderDescriptor.MAX_CAPACITY + ". Split it.",
            ex.getMessage());
    }
}
