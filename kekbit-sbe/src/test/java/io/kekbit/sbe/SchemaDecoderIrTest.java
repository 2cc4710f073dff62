package io.kekbit.sbe;

import io.kekbit.sbe.ir.DecodeResult;
import io.kekbit.sbe.ir.JsonMessagePrinter;
import io.kekbit.sbe.ir.MessageVisitor;
import io.kekbit.sbe.ir.SchemaDecoder;
import io.kekbit.sbe.ir.codecs.PrimitiveTypeCodec;
import io.kekbit.sbe.ir.codecs.SignalCodec;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;

import static io.kekbit.sbe.ir.codecs.PresenceCodec.SBE_CONSTANT;
import static io.kekbit.sbe.ir.codecs.PresenceCodec.SBE_REQUIRED;
import static io.kekbit.sbe.ir.codecs.PrimitiveTypeCodec.CHAR;
import static io.kekbit.sbe.ir.codecs.PrimitiveTypeCodec.INT32;
import static io.kekbit.sbe.ir.codecs.PrimitiveTypeCodec.NONE;
import static io.kekbit.sbe.ir.codecs.PrimitiveTypeCodec.UINT64;
import static io.kekbit.sbe.ir.codecs.PrimitiveTypeCodec.UINT8;
import static io.kekbit.sbe.ir.codecs.SignalCodec.BEGIN_COMPOSITE;
import static io.kekbit.sbe.ir.codecs.SignalCodec.BEGIN_ENUM;
import static io.kekbit.sbe.ir.codecs.SignalCodec.BEGIN_FIELD;
import static io.kekbit.sbe.ir.codecs.SignalCodec.BEGIN_GROUP;
import static io.kekbit.sbe.ir.codecs.SignalCodec.BEGIN_SET;
import static io.kekbit.sbe.ir.codecs.SignalCodec.BEGIN_VAR_DATA;
import static io.kekbit.sbe.ir.codecs.SignalCodec.ENCODING;
import static io.kekbit.sbe.ir.codecs.SignalCodec.END_COMPOSITE;
import static io.kekbit.sbe.ir.codecs.SignalCodec.END_ENUM;
import static io.kekbit.sbe.ir.codecs.SignalCodec.END_FIELD;
import static io.kekbit.sbe.ir.codecs.SignalCodec.END_VAR_DATA;
import static io.kekbit.sbe.ir.codecs.SignalCodec.VALID_VALUE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Schemas as no generator writes them: each is refused with the one exception there is for that, or messages of it are
 * decoded without harm.
 */
@Timeout(120)
class SchemaDecoderIrTest
{
    private static final MessageVisitor NOBODY = new MessageVisitor()
    {
    };
    private static final int HEADER = 8;
    private static final int MUTATIONS = 3_000;

    @ParameterizedTest
    @ValueSource(strings = {"market-data", "nested-big-endian", "every-type"})
    void shouldDecodeOrThrowOneExceptionWhenBitsOfSchemaAreFlipped(final String name)
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

            use(bytes, random, "seed=" + seed + " mutation=" + i);
        }
    }

    @Test
    void shouldRefuseSchemaWhenCompositesNestTooDeep()
    {
        final int depth = 17;
        final TestIr ir = TestIr.withHeader().beginMessage(4).token(BEGIN_FIELD, "field", 1, 0, 4, NONE);
        for (int i = 0; i < depth; i++)
        {
            ir.token(BEGIN_COMPOSITE, "composite", 0, 0, 4, NONE);
        }

        for (int i = 0; i < depth; i++)
        {
            ir.token(END_COMPOSITE, "composite", 0, 0, 4, NONE);
        }

        assertInvalid(ir.token(END_FIELD, "field", 1, 0, 4, NONE).endMessage(), "composites nest deeper than max=16");
    }

    @Test
    void shouldRefuseSchemaWhenItHasTooManyTokens()
    {
        final TestIr ir = TestIr.withHeader().token(SignalCodec.BEGIN_MESSAGE, "", 1, 0, 0, NONE);
        for (int i = 0; i < 1 << 16; i++)
        {
            ir.token(BEGIN_FIELD, "", 1, 0, 0, NONE)
                .token(BEGIN_COMPOSITE, "", 1, 0, 0, NONE)
                .token(END_COMPOSITE, "", 1, 0, 0, NONE)
                .token(END_FIELD, "", 1, 0, 0, NONE);
        }

        assertInvalid(ir.token(SignalCodec.END_MESSAGE, "", 1, 0, 0, NONE), "more tokens than max=262144");
    }

    @Test
    void shouldRefuseSchemaWhenElementLiesOutsideComposite()
    {
        assertInvalid(
            TestIr.withHeader().beginMessage(4)
                .token(BEGIN_FIELD, "field", 1, 0, 4, NONE)
                .token(BEGIN_COMPOSITE, "composite", 0, 0, 4, NONE)
                .token(ENCODING, "element", 0, 1, 4, INT32)
                .token(END_COMPOSITE, "composite", 0, 0, 4, NONE)
                .token(END_FIELD, "field", 1, 0, 4, NONE)
                .endMessage(),
            "an element lies outside its composite");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ENUM", "SET", "COMPOSITE"})
    void shouldRefuseSchemaWhenElementOutsideCompositeIsSaidToBeConstant(final String kind)
    {
        final SignalCodec begin = SignalCodec.valueOf("BEGIN_" + kind);
        final SignalCodec end = SignalCodec.valueOf("END_" + kind);
        final PrimitiveTypeCodec type = begin == BEGIN_COMPOSITE ? NONE : INT32;
        final TestIr ir = TestIr.withHeader().beginMessage(4)
            .token(BEGIN_FIELD, "field", 1, 0, 4, NONE)
            .token(BEGIN_COMPOSITE, "composite", 0, 0, 4, NONE)
            .token(begin, "element", 0, 1000, 4, type, SBE_CONSTANT, "", "");
        if (begin == BEGIN_COMPOSITE)
        {
            ir.token(ENCODING, "number", 0, 0, 4, INT32);
        }

        assertInvalid(
            ir.token(end, "element", 0, 1000, 4, type, SBE_CONSTANT, "", "")
                .token(END_COMPOSITE, "composite", 0, 0, 4, NONE)
                .token(END_FIELD, "field", 1, 0, 4, NONE)
                .endMessage(),
            "an element lies outside its composite");
    }

    @Test
    void shouldKeepToCompositeWhenExponentIsBeyondALong()
    {
        final SchemaDecoder decoder = SchemaDecoder.fromIr(TestIr.withHeader().beginMessage(9)
            .token(BEGIN_FIELD, "price", 1, 0, 9, NONE)
            .token(BEGIN_COMPOSITE, "decimal", 0, 0, 9, NONE)
            .token(ENCODING, "mantissa", 0, 0, 1, UINT8)
            .token(ENCODING, "exponent", 0, 1, 8, UINT64)
            .token(END_COMPOSITE, "decimal", 0, 0, 9, NONE)
            .token(END_FIELD, "price", 1, 0, 9, NONE)
            .endMessage().bytes());
        final byte greatest = (byte)0xFF;

        assertEquals(
            "{\"message\":\"Message\",\"fields\":{\"price\":{\"mantissa\":5,\"exponent\":18446744073709551615}}}",
            json(decoder, message(
                (byte)5, greatest, greatest, greatest, greatest, greatest, greatest, greatest, greatest)));
    }

    @Test
    void shouldRefuseSchemaWhenTypeStandsElsewhereThanItsField()
    {
        assertInvalid(
            TestIr.withHeader().beginMessage(4)
                .token(BEGIN_FIELD, "field", 1, 0, 4, NONE)
                .token(ENCODING, "type", 0, 100, 4, INT32)
                .token(END_FIELD, "field", 1, 0, 4, NONE)
                .endMessage(),
            "another offset than its type");
    }

    @Test
    void shouldRefuseSchemaWhenConstantFieldWouldBeReadFromMessage()
    {
        assertInvalid(
            TestIr.withHeader().beginMessage(0)
                .token(BEGIN_FIELD, "field", 1, 0, 4, NONE, SBE_CONSTANT, "", "")
                .token(ENCODING, "type", 0, 1000, 4, INT32)
                .token(END_FIELD, "field", 1, 0, 4, NONE)
                .endMessage(),
            "a constant field has no constant value");
    }

    @Test
    void shouldRefuseSchemaWhenValueHasNoType()
    {
        assertInvalid(TestIr.withHeader().beginMessage(4).field("field", 0, 4, NONE).endMessage(), "has no type");
    }

    @Test
    void shouldRefuseSchemaWhenSizeIsNoMultipleOfType()
    {
        assertInvalid(
            TestIr.withHeader().beginMessage(4).field("field", 0, 3, INT32).endMessage(), "size=3 does not suit");
    }

    @ParameterizedTest
    @ValueSource(strings = {"BEGIN_ENUM", "BEGIN_SET"})
    void shouldRefuseSchemaWhenEnumOrSetIsWiderThanItsSize(final SignalCodec signal)
    {
        assertInvalid(
            TestIr.withHeader().beginMessage(1)
                .token(BEGIN_FIELD, "field", 1, 0, 1, NONE)
                .token(signal, "type", 0, 0, 1, UINT64)
                .token(signal == BEGIN_SET ? SignalCodec.END_SET : END_ENUM, "type", 0, 0, 1, UINT64)
                .token(END_FIELD, "field", 1, 0, 1, NONE)
                .endMessage(),
            "of type=uint64 has size=1");
    }

    @Test
    void shouldRefuseSchemaWhenEnumValueHasAnotherWidth()
    {
        assertInvalid(
            TestIr.withHeader().beginMessage(1)
                .token(BEGIN_FIELD, "field", 1, 0, 1, NONE)
                .token(BEGIN_ENUM, "type", 0, 0, 1, UINT8)
                .token(VALID_VALUE, "value", 0, 0, 1, UINT8, SBE_CONSTANT, "12", "")
                .token(END_ENUM, "type", 0, 0, 1, UINT8)
                .token(END_FIELD, "field", 1, 0, 1, NONE)
                .endMessage(),
            "not as wide as its type=uint8");
    }

    @Test
    void shouldReadGroupsAndVarDataWhenLengthsAndCountsAreOf64Bits()
    {
        final SchemaDecoder decoder = SchemaDecoder.fromIr(wideLengths(UINT64));
        final UnsafeBuffer message = new UnsafeBuffer(new byte[HEADER + 16 + 2 + 8 + 3]);
        message.putShort(2, (short)1);
        message.putShort(4, (short)1);
        message.putLong(HEADER, 2, ByteOrder.LITTLE_ENDIAN);
        message.putLong(HEADER + 8, 1, ByteOrder.LITTLE_ENDIAN);
        message.putByte(HEADER + 16, (byte)5);
        message.putByte(HEADER + 17, (byte)6);
        message.putLong(HEADER + 18, 3, ByteOrder.LITTLE_ENDIAN);
        message.putBytes(HEADER + 26, new byte[]{'a', 'b', 'c'});

        assertEquals(
            "{\"message\":\"Message\",\"fields\":{\"group\":[{\"number\":5},{\"number\":6}],\"data\":\"abc\"}}",
            json(decoder, message));
    }

    @Test
    void shouldSayMalformedWhenCountOf64BitsIsBeyondInt()
    {
        final SchemaDecoder decoder = SchemaDecoder.fromIr(wideLengths(UINT64));
        final UnsafeBuffer message = new UnsafeBuffer(new byte[HEADER + 16 + 2 + 8 + 3]);
        message.putShort(2, (short)1);
        message.putShort(4, (short)1);
        message.putLong(HEADER, 1L << 32, ByteOrder.LITTLE_ENDIAN);

        assertEquals(DecodeResult.MALFORMED, decoder.decode(message, 0, message.capacity(), NOBODY));
    }

    @Test
    void shouldEscapeNamesWhenTheyHoldAnything()
    {
        final SchemaDecoder decoder = SchemaDecoder.fromIr(
            TestIr.withHeader()
                .token(SignalCodec.BEGIN_MESSAGE, "M\"\n", 1, 0, 1, NONE)
                .field("a\\\u001b[2J", 0, 1, UINT8)
                .token(SignalCodec.END_MESSAGE, "M\"\n", 1, 0, 1, NONE)
                .bytes());

        assertEquals(
            "{\"message\":\"M\\\"\\n\",\"fields\":{\"a\\\\\\u001b[2J\":7}}", json(decoder, message((byte)7)));
    }

    @ParameterizedTest
    @CsvSource({"113, q", "233, \u00e9", "0, ''", "27, \\u001b"})
    void shouldReadSingleCharacterWhateverByteItIs(final int value, final String expected)
    {
        final SchemaDecoder decoder = SchemaDecoder.fromIr(
            TestIr.withHeader().beginMessage(1).field("letter", 0, 1, CHAR).endMessage().bytes());

        assertEquals(
            "{\"message\":\"Message\",\"fields\":{\"letter\":\"" + expected + "\"}}",
            json(decoder, message((byte)value)));
    }

    @Test
    void shouldReadBytesAsLatinWhenCharacterEncodingIsUnknown()
    {
        final SchemaDecoder decoder = SchemaDecoder.fromIr(
            TestIr.withHeader().beginMessage(2)
                .token(BEGIN_FIELD, "text", 1, 0, 2, NONE)
                .token(ENCODING, "type", 0, 0, 2, CHAR, SBE_REQUIRED, "", "no/such")
                .token(END_FIELD, "text", 1, 0, 2, NONE)
                .endMessage().bytes());

        assertEquals(
            "{\"message\":\"Message\",\"fields\":{\"text\":\"\u00e9a\"}}",
            json(decoder, message((byte)0xE9, (byte)'a')));
    }

    @Test
    void shouldEndWhenFieldsOfSchemaOverlapWithoutEnd()
    {
        final int blockLength = 65_000;
        final TestIr ir = TestIr.withHeader().token(SignalCodec.BEGIN_MESSAGE, "Message", 1, 0, blockLength, NONE);
        for (int i = 0; i < 50_000; i++)
        {
            ir.field("f" + i, 0, blockLength, UINT8);
        }

        final SchemaDecoder decoder = SchemaDecoder.fromIr(ir.endMessage().bytes());
        final UnsafeBuffer message = new UnsafeBuffer(new byte[HEADER + blockLength]);
        message.putShort(0, (short)blockLength);
        message.putShort(2, (short)1);
        message.putShort(4, (short)1);

        assertEquals(DecodeResult.TOO_COSTLY, decoder.decode(message, 0, message.capacity(), NOBODY));
        assertTrue(json(decoder, message).endsWith("00\"}"));
    }

    @Test
    void shouldEndWhenNamesAreFarLongerThanTheMessage()
    {
        final TestIr ir = TestIr.withHeader().beginMessage(1);
        final String name = "n".repeat(65_000);
        for (int i = 0; i < 100; i++)
        {
            ir.field(name, 0, 1, UINT8);
        }

        final SchemaDecoder decoder = SchemaDecoder.fromIr(
            ir.token(BEGIN_GROUP, "group", 0, 0, 1, NONE)
                .token(BEGIN_COMPOSITE, "groupSizeEncoding", 0, 0, 4, NONE)
                .token(ENCODING, "blockLength", 0, 0, 2, PrimitiveTypeCodec.UINT16)
                .token(ENCODING, "numInGroup", 0, 2, 2, PrimitiveTypeCodec.UINT16)
                .token(END_COMPOSITE, "groupSizeEncoding", 0, 0, 4, NONE)
                .field(name, 0, 1, UINT8)
                .endGroup().endMessage().bytes());
        final UnsafeBuffer message = new UnsafeBuffer(new byte[HEADER + 1 + 4 + 10_000]);
        message.putShort(0, (short)1);
        message.putShort(2, (short)1);
        message.putShort(4, (short)1);
        message.putShort(HEADER + 1, (short)1);
        message.putShort(HEADER + 3, (short)10_000);

        assertEquals(DecodeResult.DECODED, decoder.decode(message, 0, message.capacity(), NOBODY));
        assertTrue(json(decoder, message).contains("\"error\":\"far more values than bytes\""));
    }

    private static UnsafeBuffer wideLengths(final PrimitiveTypeCodec type)
    {
        return TestIr.withHeader().beginMessage(0)
            .token(BEGIN_GROUP, "group", 2, 0, 1, NONE)
            .token(BEGIN_COMPOSITE, "header", 0, 0, 16, NONE)
            .token(ENCODING, "numInGroup", 0, 0, 8, type)
            .token(ENCODING, "blockLength", 0, 8, 8, type)
            .token(END_COMPOSITE, "header", 0, 0, 16, NONE)
            .field("number", 0, 1, UINT8)
            .endGroup()
            .token(BEGIN_VAR_DATA, "data", 3, 0, 0, NONE)
            .token(BEGIN_COMPOSITE, "text", 0, 0, -1, NONE)
            .token(ENCODING, "length", 0, 0, 8, type)
            .token(ENCODING, "varData", 0, 8, -1, UINT8, SBE_REQUIRED, "", "UTF-8")
            .token(END_COMPOSITE, "text", 0, 0, -1, NONE)
            .token(END_VAR_DATA, "data", 3, 0, 0, NONE)
            .endMessage().bytes();
    }

    /**
     * A message of schema 1 and template 1.
     */
    private static UnsafeBuffer message(final byte... block)
    {
        final UnsafeBuffer message = new UnsafeBuffer(new byte[HEADER + block.length]);
        message.putShort(0, (short)block.length);
        message.putShort(2, (short)1);
        message.putShort(4, (short)1);
        message.putBytes(HEADER, block);

        return message;
    }

    private static String json(final SchemaDecoder decoder, final DirectBuffer message)
    {
        final StringBuilder out = new StringBuilder();
        new JsonMessagePrinter(decoder).print(message, 0, message.capacity(), out);

        return out.toString();
    }

    private static void assertInvalid(final TestIr ir, final String reason)
    {
        final InvalidSchemaException exception = assertThrows(
            InvalidSchemaException.class, () -> SchemaDecoder.fromIr(ir.bytes()));
        assertTrue(exception.getMessage().contains(reason), exception.getMessage());
    }

    private static void use(final DirectBuffer ir, final SplittableRandom random, final String what)
    {
        try
        {
            final SchemaDecoder decoder = SchemaDecoder.fromIr(ir);
            final MessageHeaderLayout header = decoder.format().headerLayout();
            decoder.messages().forEach((message) ->
            {
                final byte[] bytes = new byte[header.length() + Math.min(message.blockLength(), 4096) + 200];
                random.nextBytes(bytes);
                Arrays.fill(bytes, bytes.length - 190, bytes.length, (byte)0);
                final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
                header.write(
                    buffer,
                    0,
                    message.blockLength(),
                    message.templateId(),
                    decoder.format().schemaId(),
                    decoder.format().schemaVersion());
                json(decoder, buffer);
            });
        }
        catch (final InvalidSchemaException ex)
        {
            assertTrue(ex.getMessage().startsWith("invalid SBE schema: "), what);
        }
        catch (final RuntimeException ex)
        {
            throw new AssertionError(what, ex);
        }
    }
}
