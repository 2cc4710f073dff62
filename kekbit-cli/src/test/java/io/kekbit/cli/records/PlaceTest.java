package io.kekbit.cli.records;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PlaceTest
{
    @Test
    void shouldKnowBothEndsWhenTheyAreNamed()
    {
        assertSame(Place.START, Place.parse("start"));
        assertSame(Place.END, Place.parse("end"));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "4096, 4096", "0x1000, 4096", "0XfF8, 4088", "9223372036854775807, 9223372036854775807"})
    void shouldTakeNumberForPosition(final String text, final long position)
    {
        final Place place = Place.parse(text);

        assertEquals(Place.Kind.POSITION, place.kind());
        assertEquals(position, place.number());
    }

    @Test
    void shouldTakeNumberOfRecordWhenSignStandsBefore()
    {
        final Place place = Place.parse("#17");

        assertEquals(Place.Kind.RECORD, place.kind());
        assertEquals(17, place.number());
        assertEquals("#17", place.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-25T10:00:00.5Z, 2026-11-25T10:00:00.500Z",
        "2026-11-25T10:00:00.000000001Z, 2026-11-25T10:00:00.000000001Z",
        "2026-11-25T10:00:00+01:00, 2026-11-25T09:00:00Z",
        "2026-11-25T10:00:30, 2026-11-25T10:00:30Z",
        "2026-11-25T10:00, 2026-11-25T10:00:00Z",
        "2026-11-25, 2026-11-25T00:00:00Z"})
    void shouldTakeTimeForUtcUnlessItSaysOtherwise(final String text, final String instant)
    {
        final Place place = Place.parse(text);

        assertEquals(Place.Kind.TIME, place.kind());
        assertEquals(Instant.parse(instant), place.time());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "#", "#-1", "-1", "+8", "0x", "0x-8", "begin", "10:00", "2026-11-25T", "2026-13-01", "2026-11-25T25:00",
        "9223372036854775808", "2026-11-25 10:00"})
    void shouldSayWhatIsExpectedWhenTextIsNoPlace(final String text)
    {
        final IllegalArgumentException ex = assertThrows(IllegalArgumentException.class, () -> Place.parse(text));

        assertTrue(ex.getMessage().startsWith("\"" + text + "\" is no place: start, end, a position"), ex.getMessage());
    }
}
