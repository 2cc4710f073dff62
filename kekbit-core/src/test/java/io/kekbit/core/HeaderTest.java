package io.kekbit.core;

import io.kekbit.core.exceptions.InvalidHeaderException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HeaderTest
{
    @ParameterizedTest
    @CsvSource({
        "3000, 100, 16384, 112",
        "16384, 100, 16384, 112",
        "16385, 1, 16392, 16",
        "200000, 1500, 200000, 1512",
        "16384, 112, 16384, 120",
        "16384, 120, 16384, 120",
        "1073741824, 8388600, 1073741824, 8388600",
        "2147478488, 1, 2147478488, 16"})
    void shouldDeriveLimitsAsTheCrateDoesWhenGivenHints(
        final long capacityHint, final long lengthHint, final int expectedCapacity, final int expectedMaxRecordLength)
    {
        final Header header = Header.builder()
            .channelId(1).capacity(capacityHint).maxMessageLength(lengthHint).build();

        assertEquals(expectedCapacity, header.capacity());
        assertEquals(expectedMaxRecordLength, header.maxMessageLength());
    }

    @ParameterizedTest
    @CsvSource({"16384, 121", "16384, 1000", "1048576, 8192", "1048576, 8185"})
    void shouldSayRequiredCapacityWhenCapacityIsTooSmallForMessages(final long capacity, final long maxMessageLength)
    {
        final Header.Builder builder = Header.builder()
            .channelId(1).capacity(capacity).maxMessageLength(maxMessageLength);

        final InvalidHeaderException ex = assertThrows(InvalidHeaderException.class, builder::build);

        final String message = ex.getMessage();
        assertTrue(message.contains("0000_0001.kekbit"), message);
        final String name = "requiredCapacity=";
        final long required = Long.parseLong(
            message.substring(message.indexOf(name) + name.length()).replaceAll("[^0-9]", ""));
        assertTrue(builder.capacity(required).build().maxMessageLength() >= maxMessageLength, message);
        assertThrows(InvalidHeaderException.class, () -> builder.capacity(required - 128).build());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, 1 << 31, 2_147_478_489L, 1L << 32, Long.MAX_VALUE})
    void shouldRefuseCapacityWhenOutOfRange(final long capacity)
    {
        final Header.Builder builder = Header.builder().channelId(1).capacity(capacity).maxMessageLength(10);

        final InvalidHeaderException ex = assertThrows(InvalidHeaderException.class, builder::build);

        assertTrue(ex.getMessage().contains("capacity=" + capacity + " min=1 max=2147478488"), ex.getMessage());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, 16_777_200, Long.MAX_VALUE})
    void shouldRefuseMessageLengthWhenOutOfRange(final long maxMessageLength)
    {
        final Header.Builder builder = Header.builder()
            .channelId(1).capacity(2_147_478_488L).maxMessageLength(maxMessageLength);

        final InvalidHeaderException ex = assertThrows(InvalidHeaderException.class, builder::build);

        assertTrue(ex.getMessage().contains("maxMessageLength=" + maxMessageLength), ex.getMessage());
    }

    @Test
    void shouldRefuseTimeoutWhenZero()
    {
        final Header.Builder builder = TestChannels.smallHeader().timeout(0);

        assertTrue(assertThrows(InvalidHeaderException.class, builder::build).getMessage().contains("timeout=0"));
    }

    @Test
    void shouldRefuseCreationTimeWhenNegative()
    {
        final Header.Builder builder = TestChannels.smallHeader().creationTime(-5);

        assertTrue(
            assertThrows(InvalidHeaderException.class, builder::build).getMessage().contains("creationTime=-5"));
    }

    @Test
    void shouldRefuseWhenChannelIdIsMissing()
    {
        final Header.Builder builder = Header.builder().capacity(16384).maxMessageLength(10);

        assertTrue(
            assertThrows(InvalidHeaderException.class, builder::build).getMessage().contains("not set. Set it"));
    }

    @ParameterizedTest
    @CsvSource({
        "NANOS, 1700000000123456789, 10000000000",
        "MICROS, 1700000000123456, 10000000",
        "MILLIS, 1700000000123, 10000",
        "SECONDS, 1700000000, 10"})
    void shouldCountInTicksWhenTimesAreNotGiven(
        final TickUnit unit, final long expectedCreationTime, final long expectedTimeout)
    {
        final Header header = Header.builder()
            .channelId(1)
            .capacity(16384)
            .maxMessageLength(10)
            .tickUnit(unit)
            .clock(() -> 1_700_000_000_123_456_789L)
            .build();

        assertEquals(expectedCreationTime, header.creationTime());
        assertEquals(expectedTimeout, header.timeout());
    }

    @Test
    void shouldPrintIdsUnsignedWhenShown()
    {
        final Header header = TestChannels.smallHeader().writerId(-1).channelId(-2).build();

        assertTrue(header.toString().contains("writerId=18446744073709551615 channelId=18446744073709551614"));
    }
}
