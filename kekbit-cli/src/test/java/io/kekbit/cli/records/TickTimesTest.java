package io.kekbit.cli.records;

import io.kekbit.core.TickUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;

import static org.junit.jupiter.api.Assertions.assertEquals;

class TickTimesTest
{
    private final StringBuilder out = new StringBuilder();

    @ParameterizedTest
    @CsvSource({
        "NANOS, 1764064800000000001, 2025-11-25T10:00:00.000000001Z",
        "MICROS, 1764064800000001, 2025-11-25T10:00:00.000001Z",
        "MILLIS, 1764064805120, 2025-11-25T10:00:05.120Z",
        "SECONDS, 1764064800, 2025-11-25T10:00:00Z",
        "NANOS, -1, 2554-07-21T23:34:33.709551615Z",
        "SECONDS, 253402300799, 9999-12-31T23:59:59Z"})
    void shouldShowAllDigitsWhenTimeIsShown(final TickUnit unit, final long ticks, final String text)
    {
        new TickTimes(unit).append(out, ticks);

        assertEquals(text, out.toString());
    }

    @Test
    void shouldShowNumberWhenTimeIsBehindAnyCalendar()
    {
        final TickTimes times = new TickTimes(TickUnit.SECONDS);
        times.appendJson(out, -1);
        times.appendJson(out.append(' '), 0);

        assertEquals("18446744073709551615 \"1970-01-01T00:00:00Z\"", out.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "NANOS, 2025-11-25T10:00:00.000000001Z, 1764064800000000001",
        "MILLIS, 2025-11-25T10:00:00.000000001Z, 1764064800001",
        "SECONDS, 2025-11-25T10:00:00Z, 1764064800",
        "SECONDS, 2025-11-25T10:00:00.1Z, 1764064801",
        "NANOS, 1969-12-31T23:59:59Z, 0",
        "NANOS, 2999-01-01T00:00:00Z, 9223372036854775807"})
    void shouldRoundUpWhenInstantLiesBetweenTicks(final TickUnit unit, final Instant instant, final long ticks)
    {
        assertEquals(ticks, new TickTimes(unit).ticks(instant));
    }
}
