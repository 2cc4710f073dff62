package io.kekbit.sbe;

import io.kekbit.sbe.ir.codecs.SignalCodec;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.SplittableRandom;

import static io.kekbit.sbe.ir.codecs.PrimitiveTypeCodec.FLOAT;
import static io.kekbit.sbe.ir.codecs.PrimitiveTypeCodec.NONE;
import static io.kekbit.sbe.ir.codecs.PrimitiveTypeCodec.UINT16;
import static io.kekbit.sbe.ir.codecs.PrimitiveTypeCodec.UINT32;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

@Timeout(60)
class HostileIrTest
{
    private static final int MUTATIONS = 4_000;

    @ParameterizedTest
    @ValueSource(strings = {"nested-big-endian", "extra-header", "wide-header"})
    void shouldAnswerOrThrowOneExceptionWhenSchemaIsTruncatedAnywhere(final String name)
    {
        final DirectBuffer ir = TestFormats.load(name).schema();
        for (int length = 0; length < ir.capacity(); length++)
        {
            use(new UnsafeBuffer(ir, 0, length), "length=" + length);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"market-data", "nested-big-endian", "extra-header"})
    void shouldAnswerOrThrowOneExceptionWhenBitsAreFlipped(final String name)
    {
        final DirectBuffer ir = TestFormats.load(name).schema();
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        final UnsafeBuffer bytes = new UnsafeBuffer(new byte[ir.capacity()]);
        for (int i = 0; i < MUTATIONS; i++)
        {
            bytes.putBytes(0, ir, 0, ir.capacity());
            for (int flips = random.nextInt(1, 8); flips > 0; flips--)
            {
                final int index = random.nextInt(bytes.capacity());
                bytes.putByte(index, (byte)(bytes.getByte(index) ^ 1 << random.nextInt(8)));
            }

            use(bytes, "seed=" + seed + " mutation=" + i);
        }
    }

    @Test
    void shouldAnswerOrThrowOneExceptionWhenBytesAreRandom()
    {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < MUTATIONS; i++)
        {
            final byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            use(new UnsafeBuffer(bytes), "seed=" + seed + " mutation=" + i);
        }
    }

    @Test
    void shouldRefuseSchemaWhenGroupsNestTooDeep()
    {
        assertInvalid(nested(IrParser.MAX_DEPTH + 1), "groups nest deeper");
    }

    @Test
    void shouldTakeSchemaWhenGroupsNestAsDeepAsAllowed()
    {
        SbeDataFormat.fromIr(nested(IrParser.MAX_DEPTH).bytes());
    }

    @Test
    void shouldRefuseSchemaWhenTwoMessagesHaveOneTemplateId()
    {
        assertInvalid(
            TestIr.withHeader().message(5).endMessage().message(5).endMessage(), "two messages have templateId=5");
    }

    @Test
    void shouldRefuseSchemaWhenSerialisedInAnotherWay()
    {
        assertInvalid(TestIr.frame(1, 1), "irVersion=1");
    }

    @Test
    void shouldRefuseSchemaWhenHeaderLacksField()
    {
        assertInvalid(
            TestIr.frame(0, 1)
                .token(SignalCodec.BEGIN_COMPOSITE, "messageHeader", 0, 0, 8, NONE)
                .token(SignalCodec.ENCODING, "blockLength", 0, 0, 2, UINT16)
                .token(SignalCodec.END_COMPOSITE, "messageHeader", 0, 0, 8, NONE),
            "header lacks one of [blockLength, templateId, schemaId, version]");
    }

    @Test
    void shouldTakeSchemaWhenHeaderHasStructureOfItsOwn()
    {
        final SbeDataFormat format = SbeDataFormat.fromIr(TestIr.frame(0, 1)
            .token(SignalCodec.BEGIN_COMPOSITE, "messageHeader", 0, 0, 12, NONE)
            .token(SignalCodec.BEGIN_COMPOSITE, "own", 0, 0, 4, NONE)
            .token(SignalCodec.ENCODING, "version", 0, 0, 4, UINT32)
            .token(SignalCodec.END_COMPOSITE, "own", 0, 0, 4, NONE)
            .token(SignalCodec.ENCODING, "blockLength", 0, 4, 2, UINT16)
            .token(SignalCodec.ENCODING, "templateId", 0, 6, 2, UINT16)
            .token(SignalCodec.ENCODING, "schemaId", 0, 8, 2, UINT16)
            .token(SignalCodec.ENCODING, "version", 0, 10, 2, UINT16)
            .token(SignalCodec.END_COMPOSITE, "messageHeader", 0, 0, 12, NONE)
            .bytes());
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[12]);
        buffer.putShort(10, (short)5);

        assertEquals(12, format.headerLayout().length());
        assertEquals(5, format.headerLayout().version(buffer, 0));
    }

    @Test
    void shouldRefuseSchemaWhenHeaderFieldIsNoInteger()
    {
        assertInvalid(
            TestIr.frame(0, 1)
                .token(SignalCodec.BEGIN_COMPOSITE, "messageHeader", 0, 0, 8, NONE)
                .token(SignalCodec.ENCODING, "blockLength", 0, 0, 4, FLOAT),
            "not an integer");
    }

    @Test
    void shouldEscapeNameWhenSchemaIsRefused()
    {
        assertInvalid(
            TestIr.frame(0, 1).token(SignalCodec.BEGIN_FIELD, "a\u001b[2Jb", 0, 0, 8, NONE), "token=a\\u001b[2Jb ");
    }

    @Test
    void shouldRefuseSchemaWhenHeaderFieldLiesOutsideHeader()
    {
        assertInvalid(
            TestIr.frame(0, 1)
                .token(SignalCodec.BEGIN_COMPOSITE, "messageHeader", 0, 0, 8, NONE)
                .token(SignalCodec.ENCODING, "blockLength", 0, 7, 2, UINT16),
            "not an integer within its header");
    }

    @Test
    void shouldRefuseSchemaWhenHeaderHasNoRoomForTemplateId()
    {
        assertInvalid(TestIr.withHeader().message(70_000).endMessage(), "no room for templateId=70000");
    }

    @Test
    void shouldRefuseSchemaWhenHeaderHasNoRoomForSchemaId()
    {
        assertInvalid(
            TestIr.frame(0, 70_000)
                .token(SignalCodec.BEGIN_COMPOSITE, "messageHeader", 0, 0, 8, NONE)
                .token(SignalCodec.ENCODING, "blockLength", 0, 0, 2, UINT16)
                .token(SignalCodec.ENCODING, "templateId", 0, 2, 2, UINT16)
                .token(SignalCodec.ENCODING, "schemaId", 0, 4, 2, UINT16)
                .token(SignalCodec.ENCODING, "version", 0, 6, 2, UINT16)
                .token(SignalCodec.END_COMPOSITE, "messageHeader", 0, 0, 8, NONE),
            "no room for schemaId=70000");
    }

    @Test
    void shouldRefuseSchemaWhenFieldLiesOutsideBlock()
    {
        assertInvalid(
            TestIr.withHeader().message(1)
                .token(SignalCodec.BEGIN_FIELD, "field", 1, Integer.MAX_VALUE, 4, NONE)
                .token(SignalCodec.ENCODING, "uint32", 0, Integer.MAX_VALUE, 4, UINT32)
                .token(SignalCodec.END_FIELD, "field", 1, 0, 4, NONE)
                .endMessage(),
            "outside its block");
    }

    @Test
    void shouldRefuseSchemaWhenFieldFollowsGroup()
    {
        assertInvalid(
            TestIr.withHeader().message(1)
                .group().endGroup()
                .token(SignalCodec.BEGIN_FIELD, "field", 1, 0, 0, NONE)
                .token(SignalCodec.ENCODING, "uint32", 0, 0, 0, UINT32)
                .token(SignalCodec.END_FIELD, "field", 1, 0, 0, NONE)
                .endMessage(),
            "expected=END_MESSAGE");
    }

    private static TestIr nested(final int depth)
    {
        final TestIr ir = TestIr.withHeader().message(1);
        for (int i = 0; i < depth; i++)
        {
            ir.group();
        }

        for (int i = 0; i < depth; i++)
        {
            ir.endGroup();
        }

        return ir.endMessage();
    }

    private static void assertInvalid(final TestIr ir, final String reason)
    {
        final InvalidSchemaException exception = assertThrows(
            InvalidSchemaException.class, () -> SbeDataFormat.fromIr(ir.bytes()));
        assertTrue(exception.getMessage().contains(reason), exception.getMessage());
    }

    private static void use(final DirectBuffer ir, final String what)
    {
        try
        {
            TestFormats.MARKET_DATA.accepts(TestFormats.MARKET_DATA.id(), ir);
            final SbeDataFormat format = SbeDataFormat.fromIr(ir);
            format.id();
            for (int templateId = 0; templateId < 10; templateId++)
            {
                if (format.message(templateId) != null && format.maxLength(templateId) < 0)
                {
                    fail("negative length: " + what);
                }
            }
        }
        catch (final InvalidSchemaException ex)
        {
            assertTrue(ex.getMessage().startsWith("invalid SBE schema: "), what);
        }
        catch (final RuntimeException ex)
        {
            fail(what, ex);
        }
    }
}
