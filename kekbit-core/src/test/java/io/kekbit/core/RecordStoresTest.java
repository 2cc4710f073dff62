package io.kekbit.core;

import org.agrona.ExpandableArrayBuffer;
import org.agrona.ExpandableDirectByteBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/**
 * Content is copied by address: every length, from every kind of buffer, and not a byte beside it.
 */
class RecordStoresTest
{
    private static final int LONGEST = 300;
    private static final int MARGIN = 16;
    private static final byte UNTOUCHED = 0x55;

    private final RecordStores stores = new RecordStores();
    private final UnsafeBuffer target = new UnsafeBuffer(ByteBuffer.allocateDirect(LONGEST + 2 * MARGIN));

    private static Stream<MutableDirectBuffer> sources()
    {
        final UnsafeBuffer whole = new UnsafeBuffer(new byte[LONGEST + 2 * MARGIN]);

        return Stream.of(
            new UnsafeBuffer(new byte[LONGEST + MARGIN]),
            new UnsafeBuffer(whole, MARGIN, LONGEST + MARGIN),
            new UnsafeBuffer(ByteBuffer.allocateDirect(LONGEST + MARGIN)),
            new UnsafeBuffer(ByteBuffer.allocate(LONGEST + MARGIN)),
            new ExpandableArrayBuffer(LONGEST + MARGIN),
            new ExpandableDirectByteBuffer(LONGEST + MARGIN));
    }

    @ParameterizedTest
    @MethodSource("sources")
    void shouldCopyExactlyTheContentWhenLengthIsAny(final MutableDirectBuffer source)
    {
        for (int i = 0; i < LONGEST + MARGIN; i++)
        {
            source.putByte(i, (byte)(i * 31 + 7));
        }

        for (int length = 1; length <= LONGEST; length++)
        {
            for (final int offset : new int[]{0, 1, 8, MARGIN})
            {
                target.setMemory(0, target.capacity(), UNTOUCHED);
                stores.putContent(target.addressOffset() + MARGIN, source, offset, length);

                final byte[] expected = new byte[target.capacity()];
                Arrays.fill(expected, UNTOUCHED);
                source.getBytes(offset, expected, MARGIN, length);
                final byte[] actual = new byte[target.capacity()];
                target.getBytes(0, actual);
                assertArrayEquals(expected, actual, "length=" + length + " offset=" + offset);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sources")
    void shouldCopyNothingWhenSourceDoesNotHoldTheContent(final MutableDirectBuffer source)
    {
        source.setMemory(0, source.capacity(), (byte)1);
        target.setMemory(0, target.capacity(), UNTOUCHED);

        for (final int length : new int[]{1, 8, 17, 64, 65, LONGEST, source.capacity() + 1})
        {
            for (final int offset : new int[]{
                Integer.MIN_VALUE, -1, source.capacity() - length + 1, source.capacity(), Integer.MAX_VALUE})
            {
                assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> stores.putContent(target.addressOffset() + MARGIN, source, offset, length));
            }
        }

        final byte[] expected = new byte[target.capacity()];
        Arrays.fill(expected, UNTOUCHED);
        final byte[] actual = new byte[target.capacity()];
        target.getBytes(0, actual);
        assertArrayEquals(expected, actual);
    }

    @Test
    void shouldStoreNothingButTheWordWhenItIsPut()
    {
        target.setMemory(0, target.capacity(), UNTOUCHED);
        stores.putWord(target.addressOffset() + MARGIN, 0x0102_0304_0506_0708L);

        final byte[] expected = new byte[target.capacity()];
        Arrays.fill(expected, UNTOUCHED);
        new UnsafeBuffer(expected).putLong(MARGIN, 0x0102_0304_0506_0708L);
        final byte[] actual = new byte[target.capacity()];
        target.getBytes(0, actual);
        assertArrayEquals(expected, actual);
    }
}
