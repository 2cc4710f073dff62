package io.kekbit.cli.support;

import org.junit.jupiter.api.Test;

import java.time.Instant;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Sizes and times as people read them.
 */
class UnitsTest
{
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901Z");

    @Test
    void shouldPrintSizesInBinaryUnits()
    {
        assertEquals("0 B", Units.bytes(0));
        assertEquals("1023 B", Units.bytes(1023));
        assertEquals("1.0 KiB", Units.bytes(1024));
        assertEquals("1.0 MiB", Units.bytes((1 << 20) - 1));
        assertEquals("8.0 EiB", Units.bytes(Long.MAX_VALUE));
    }

    @Test
    void shouldPrintDurationsInFittingUnits()
    {
        assertEquals("999 ns", Units.duration(999));
        assertEquals("1.5 us", Units.duration(1_500));
        assertEquals("10.0 s", Units.duration(10_000_000_000L));
        assertEquals("2.0 min", Units.duration(120_000_000_000L));
        assertEquals("106,752.0 days", Units.duration(Long.MAX_VALUE));
    }

    @Test
    void shouldPrintAgeUnlessTimeIsFarAway()
    {
        assertEquals("5.0 s ago", Units.age(NOW.minusSeconds(5), NOW));
        assertEquals("now", Units.age(NOW.plusMillis(1), NOW));
        assertEquals("1970-01-01T00:00:00Z", Units.age(Instant.EPOCH, NOW));
        assertEquals("2026-01-02T03:14:05.678Z", Units.age(NOW.plusSeconds(600), NOW));
        assertEquals("beyond all calendars", Units.age(Instant.MAX, NOW));
    }

    @Test
    void shouldRoundPercentDownSoThatFullIsFull()
    {
        assertEquals("99%", Units.percent(999, 1000));
        assertEquals("100%", Units.percent(1000, 1000));
    }
}
