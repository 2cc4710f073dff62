package io.kekbit.sbe;

import io.kekbit.core.ShmReader;
import io.kekbit.core.exceptions.FormatMismatchException;
import io.kekbit.marketdata.BookUpdateEncoder;
import io.kekbit.marketdata.TradeEncoder;
import io.kekbit.test.extra.BlobEncoder;
import io.kekbit.test.nested.BasketEncoder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteOrder;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SbeDataFormatTest
{
    private static final UnsafeBuffer NOTHING_STORED = new UnsafeBuffer(new byte[0]);

    @TempDir
    private Path root;

    @Test
    void shouldHaveIdOfPrefixAndSchemaIdWhenMadeFromSchema()
    {
        assertEquals(0x5342_4500_0000_0000L | 19266 << 16, TestFormats.MARKET_DATA.id());
    }

    @Test
    void shouldHaveIdWithoutSignExtensionWhenSchemaIdIsGreatest()
    {
        assertEquals(0x5342_4500_FFFF_0000L, TestFormats.EXTRA.id());
    }

    @Test
    void shouldHaveIdOfPrefixAloneWhenSchemaIdIsZero()
    {
        assertEquals(SbeDataFormat.ID_PREFIX, TestFormats.NESTED.id());
    }

    @Test
    void shouldTellWhatTheSchemaIsWhenAsked()
    {
        final SbeDataFormat format = TestFormats.NESTED;

        assertEquals("io.kekbit.test.nested", format.packageName());
        assertEquals(2, format.schemaVersion());
        assertEquals(ByteOrder.BIG_ENDIAN, format.byteOrder());
        assertEquals("application/x-sbe", format.mediaType());
    }

    @Test
    void shouldTellLengthOfMessageWhenMoreFollowsInItsRecord()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
        final BlobEncoder blob = new BlobEncoder()
            .wrapAndApplyHeader(buffer, 3, new io.kekbit.test.extra.MessageHeaderEncoder());
        blob.putBytes(new byte[5], 0, 5);
        final int length = io.kekbit.test.extra.MessageHeaderEncoder.ENCODED_LENGTH + blob.encodedLength();

        assertEquals(length, TestFormats.EXTRA.messageLength(buffer, 3, length + 8));
        assertEquals(length, TestFormats.EXTRA.messageLength(buffer, 3, length));
    }

    @Test
    void shouldTellNoLengthWhenMessageIsCutShort()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
        final BlobEncoder blob = new BlobEncoder()
            .wrapAndApplyHeader(buffer, 0, new io.kekbit.test.extra.MessageHeaderEncoder());
        blob.putBytes(new byte[5], 0, 5);
        final int length = io.kekbit.test.extra.MessageHeaderEncoder.ENCODED_LENGTH + blob.encodedLength();

        for (int i = 0; i < length; i++)
        {
            assertEquals(-1, TestFormats.EXTRA.messageLength(buffer, 0, i));
        }
    }

    @Test
    void shouldTellNoLengthWhenMessageOrSchemaIsUnknown()
    {
        final MessageHeaderLayout header = TestFormats.EXTRA.headerLayout();
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[header.length()]);

        header.write(buffer, 0, 0, 1, 65_535, 0);
        assertEquals(header.length(), TestFormats.EXTRA.messageLength(buffer, 0, header.length()));
        header.write(buffer, 0, 0, 1, 65_534, 0);
        assertEquals(-1, TestFormats.EXTRA.messageLength(buffer, 0, header.length()));
        header.write(buffer, 0, 0, 99, 65_535, 0);
        assertEquals(-1, TestFormats.EXTRA.messageLength(buffer, 0, header.length()));
    }

    @Test
    void shouldNotChangeWhenTheCallersBytesChange()
    {
        final UnsafeBuffer bytes = copy(TestFormats.MARKET_DATA);
        final SbeDataFormat format = SbeDataFormat.fromIr(bytes);
        bytes.setMemory(0, bytes.capacity(), (byte)0);

        assertEquals(copy(TestFormats.MARKET_DATA), format.schema());
    }

    @Test
    void shouldAcceptOtherVersionWhenPackageAndIdAreEqual()
    {
        final SbeDataFormat v0 = TestFormats.MARKET_DATA_V0;
        final SbeDataFormat v1 = TestFormats.MARKET_DATA;

        assertTrue(v1.accepts(v0.id(), v0.schema()));
        assertTrue(v0.accepts(v1.id(), v1.schema()));
    }

    @Test
    void shouldNotAcceptWhenIdDiffers()
    {
        assertFalse(TestFormats.MARKET_DATA.accepts(TestFormats.NESTED.id(), TestFormats.MARKET_DATA.schema()));
    }

    @Test
    void shouldNotAcceptWhenPackageDiffersAndIdIsEqual()
    {
        final SbeDataFormat one = SbeDataFormat.fromIr(TestIr.withHeader().bytes());
        final UnsafeBuffer other = TestIr.withHeader().bytes();
        other.putByte(14, (byte)'T');

        assertTrue(one.accepts(one.id(), one.schema()));
        assertFalse(one.accepts(one.id(), other));
    }

    @Test
    void shouldAcceptByIdAloneWhenNoSchemaIsStored()
    {
        assertTrue(TestFormats.MARKET_DATA.accepts(TestFormats.MARKET_DATA.id(), NOTHING_STORED));
    }

    @Test
    void shouldNotAcceptWhenStoredSchemaIsSerialisedInAnotherWay()
    {
        final SbeDataFormat format = SbeDataFormat.fromIr(TestIr.withHeader().bytes());

        assertFalse(format.accepts(format.id(), TestIr.frame(9, 1).bytes()));
    }

    @Test
    void shouldStoreSchemaInChannelWhenChannelIsCreated()
    {
        TestFormats.create(root, TestFormats.MARKET_DATA).close();

        try (ShmReader reader = ShmReader.open(root, TestFormats.CHANNEL_ID, TestFormats.MARKET_DATA_V0))
        {
            assertEquals(TestFormats.MARKET_DATA.schema(), reader.schema());
        }
    }

    @Test
    void shouldRefuseChannelWhenItsSchemaIsAnother()
    {
        TestFormats.create(root, TestFormats.NESTED).close();

        assertThrows(
            FormatMismatchException.class,
            () -> ShmReader.open(root, TestFormats.CHANNEL_ID, TestFormats.MARKET_DATA));
    }

    @Test
    void shouldGiveExactLengthWhenMessageIsFixed()
    {
        assertEquals(8 + 88, TestFormats.MARKET_DATA.maxLength(TradeEncoder.TEMPLATE_ID));
    }

    @Test
    void shouldGiveGreatestLengthOfSchemaWhenMessageHasGroups()
    {
        assertEquals(
            8 + 56 + 2 * (8 + 10_000 * 32), TestFormats.MARKET_DATA.maxLength(BookUpdateEncoder.TEMPLATE_ID));
    }

    @Test
    void shouldGiveLengthForCountsWhenCountsAreGiven()
    {
        assertEquals(
            8 + 56 + 8 + 685 * 32 + 8 + 7 * 32,
            TestFormats.MARKET_DATA.maxLength(BookUpdateEncoder.TEMPLATE_ID, 685, 7));
    }

    @Test
    void shouldMultiplyCountsWhenGroupsAreNested()
    {
        final int fill = 2 + 1 + 254;
        final int leg = 1 + 3 + 4 * fill + 1 + 254;
        final int order = 4 + 3 + 3 * leg;
        final int root = 17 + 3 + 2 * order + 3 + 5 + 1 + 254;

        assertEquals(6 + root, TestFormats.NESTED.maxLength(BasketEncoder.TEMPLATE_ID, 2, 3, 4, 5));
    }

    @Test
    void shouldSaturateWhenLengthExceedsAnInt()
    {
        final TestIr ir = TestIr.withHeader().message(1);
        for (int i = 0; i < 5; i++)
        {
            ir.group();
        }

        ir.group().endGroup();
        for (int i = 0; i < 5; i++)
        {
            ir.endGroup();
        }

        assertEquals(Integer.MAX_VALUE, SbeDataFormat.fromIr(ir.endMessage().bytes()).maxLength(1));
    }

    @Test
    void shouldGiveGreatestVarDataOfSchemaWhenLengthsAreWide()
    {
        assertEquals(20 + 4 + (1 << 30), TestFormats.EXTRA.maxLength(BlobEncoder.TEMPLATE_ID));
    }

    @Test
    void shouldRefuseCountsWhenTheirNumberIsWrong()
    {
        assertThrows(
            IllegalArgumentException.class,
            () -> TestFormats.MARKET_DATA.maxLength(BookUpdateEncoder.TEMPLATE_ID, 1));
    }

    @Test
    void shouldRefuseCountWhenSchemaAllowsLess()
    {
        assertThrows(
            IllegalArgumentException.class,
            () -> TestFormats.MARKET_DATA.maxLength(BookUpdateEncoder.TEMPLATE_ID, 10_001, 1));
    }

    @Test
    void shouldRefuseTemplateWhenSchemaHasNoSuchMessage()
    {
        assertThrows(IllegalArgumentException.class, () -> TestFormats.MARKET_DATA.maxLength(999));
    }

    @Test
    void shouldSayWhatToDoWhenResourceIsMissing()
    {
        final InvalidSchemaException exception = assertThrows(
            InvalidSchemaException.class, () -> SbeDataFormat.fromResource(TradeEncoder.class, "META-INF/sbe/none"));

        assertTrue(exception.getMessage().contains("name=META-INF/sbe/none"), exception.getMessage());
        assertTrue(exception.getMessage().contains("sbe.generate.ir"), exception.getMessage());
    }

    private static UnsafeBuffer copy(final SbeDataFormat format)
    {
        final byte[] bytes = new byte[format.schema().capacity()];
        format.schema().getBytes(0, bytes);

        return new UnsafeBuffer(bytes);
    }
}
