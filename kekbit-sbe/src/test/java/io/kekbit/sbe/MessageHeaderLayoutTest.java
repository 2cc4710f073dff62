package io.kekbit.sbe;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.ByteOrder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MessageHeaderLayoutTest
{
    private static final int OFFSET = 8;

    private final UnsafeBuffer actual = new UnsafeBuffer(new byte[64]);
    private final UnsafeBuffer expected = new UnsafeBuffer(new byte[64]);

    @Test
    void shouldWriteWhatGeneratedCodeWritesWhenHeaderIsStandard()
    {
        new io.kekbit.marketdata.MessageHeaderEncoder().wrap(expected, OFFSET)
            .blockLength(0xFFFE).templateId(0x8001).schemaId(0xFFFD).version(0x8003);

        TestFormats.MARKET_DATA.headerLayout().write(actual, OFFSET, 0xFFFE, 0x8001, 0xFFFD, 0x8003);

        assertTrue(TestFormats.MARKET_DATA.headerLayout().isStandard());
        assertEquals(expected, actual);
    }

    @Test
    void shouldWriteWhatGeneratedCodeWritesWhenHeaderIsBigEndianNarrowAndInAnotherOrder()
    {
        new io.kekbit.test.nested.MessageHeaderEncoder().wrap(expected, OFFSET)
            .blockLength(0xFEDC).templateId((short)0xFE).schemaId(0xABCD).version((short)0x81);

        final MessageHeaderLayout layout = TestFormats.NESTED.headerLayout();
        layout.write(actual, OFFSET, 0xFEDC, 0xFE, 0xABCD, 0x81);

        assertFalse(layout.isStandard());
        assertEquals(6, layout.length());
        assertEquals(expected, actual);
    }

    @Test
    void shouldZeroOtherFieldsWhenHeaderHasSome()
    {
        actual.setMemory(OFFSET, 20, (byte)-1);
        new io.kekbit.test.extra.MessageHeaderEncoder().wrap(expected, OFFSET)
            .blockLength(1).templateId(2).sequence(0).schemaId(3).version(4).numGroups(0).numVarDataFields(0);

        final MessageHeaderLayout layout = TestFormats.EXTRA.headerLayout();
        layout.write(actual, OFFSET, 1, 2, 3, 4);

        assertEquals(20, layout.length());
        assertEquals(expected, actual);
    }

    @Test
    void shouldWriteEachFieldInItsPlaceWhenFieldsAreWide()
    {
        expected.putInt(OFFSET, 100_000, ByteOrder.LITTLE_ENDIAN);
        expected.putInt(OFFSET + 4, 70_000, ByteOrder.LITTLE_ENDIAN);
        expected.putInt(OFFSET + 8, 12, ByteOrder.LITTLE_ENDIAN);
        expected.putInt(OFFSET + 12, 3, ByteOrder.LITTLE_ENDIAN);

        TestFormats.WIDE.headerLayout().write(actual, OFFSET, 70_000, 100_000, 12, 3);

        assertEquals(expected, actual);
    }

    @Test
    void shouldReadWhatItWroteWhenHeaderIsOfAnyLayout()
    {
        for (final SbeDataFormat format : new SbeDataFormat[]{
            TestFormats.MARKET_DATA, TestFormats.NESTED, TestFormats.EXTRA, TestFormats.WIDE})
        {
            final MessageHeaderLayout layout = format.headerLayout();
            layout.write(actual, OFFSET, 60_001, 251, 60_003, 254);

            assertEquals(60_001, layout.blockLength(actual, OFFSET));
            assertEquals(251, layout.templateId(actual, OFFSET));
            assertEquals(60_003, layout.schemaId(actual, OFFSET));
            assertEquals(254, layout.version(actual, OFFSET));
        }
    }

    @Test
    void shouldAnswerMinusOneWhenWideFieldExceedsAnInt()
    {
        actual.setMemory(OFFSET, 16, (byte)-1);

        final MessageHeaderLayout layout = TestFormats.WIDE.headerLayout();

        assertEquals(-1, layout.blockLength(actual, OFFSET));
        assertEquals(-1, layout.templateId(actual, OFFSET));
        assertEquals(-1, layout.schemaId(actual, OFFSET));
        assertEquals(-1, layout.version(actual, OFFSET));
    }
}
