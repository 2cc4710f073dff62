package io.kekbit.core.layout;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class IndexDescriptorTest
{
    private static final long CREATION_TIME = 1_700_000_000_000_000_000L;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[2 * IndexDescriptor.ENTRY_LENGTH]);

    @ParameterizedTest
    @CsvSource({
        "16384, 4096, 4",
        "67108864, 4096, 16384",
        "67108872, 8192, 8193",
        "1073741824, 65536, 16384",
        "2147478488, 131072, 16384"})
    void shouldKeepIndexSmallWhenCapacityGrows(final int capacity, final int expectedStride, final int expectedEntries)
    {
        final int stride = IndexDescriptor.defaultStride(capacity);

        assertEquals(expectedStride, stride);
        assertEquals(expectedEntries, IndexDescriptor.entryCapacity(capacity, stride));
    }

    @Test
    void shouldLayOutEntryAsDescribedWhenWritten()
    {
        IndexDescriptor.putEntry(buffer, IndexDescriptor.ENTRY_LENGTH, 0x1122, 0x3344, 0x5566, CREATION_TIME);

        assertEquals(0x1122, buffer.getLong(32));
        assertEquals(0x3344, buffer.getLong(40));
        assertEquals(0x5566, buffer.getLong(48));
        assertEquals(IndexDescriptor.check(0x1122, 0x3344, 0x5566, CREATION_TIME), buffer.getLong(56));
    }

    @Test
    void shouldHoldKnownCheckSoThatFilesStayReadable()
    {
        // Worked out once with another program; a change of the mix would cost every stored index.
        assertEquals(0xADB2_96BD_C33F_585CL, IndexDescriptor.check(8, 0, 1, 2));
    }

    @Test
    void shouldBeValidWhenUntouched()
    {
        IndexDescriptor.putEntry(buffer, 0, 8, 0, 77, CREATION_TIME);

        assertTrue(IndexDescriptor.isValid(buffer, 0, CREATION_TIME));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 16, 24})
    void shouldBeInvalidWhenAnyFieldIsAltered(final int offset)
    {
        IndexDescriptor.putEntry(buffer, 0, 8, 0, 77, CREATION_TIME);
        buffer.putByte(offset, (byte)(buffer.getByte(offset) ^ 1));

        assertFalse(IndexDescriptor.isValid(buffer, 0, CREATION_TIME));
    }

    @Test
    void shouldBeInvalidWhenOfAnotherChannel()
    {
        IndexDescriptor.putEntry(buffer, 0, 8, 0, 77, CREATION_TIME);

        assertFalse(IndexDescriptor.isValid(buffer, 0, CREATION_TIME + 1));
    }

    @Test
    void shouldBeInvalidWhenPageWasLost()
    {
        assertNotEquals(0, IndexDescriptor.check(0, 0, 0, 0));
        assertFalse(IndexDescriptor.isValid(buffer, 0, 0));
    }
}
