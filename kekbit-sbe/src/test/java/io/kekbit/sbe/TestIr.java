package io.kekbit.sbe;

import io.kekbit.sbe.ir.codecs.ByteOrderCodec;
import io.kekbit.sbe.ir.codecs.FrameCodecEncoder;
import io.kekbit.sbe.ir.codecs.PresenceCodec;
import io.kekbit.sbe.ir.codecs.PrimitiveTypeCodec;
import io.kekbit.sbe.ir.codecs.SignalCodec;
import io.kekbit.sbe.ir.codecs.TokenCodecEncoder;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import static io.kekbit.sbe.ir.codecs.PrimitiveTypeCodec.NONE;
import static io.kekbit.sbe.ir.codecs.PrimitiveTypeCodec.UINT16;

/**
 * Writes serialised schemas as no generator would.
 */
final class TestIr
{
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private int length;

    static TestIr frame(final int irVersion, final int schemaId)
    {
        final TestIr ir = new TestIr();
        ir.length = new FrameCodecEncoder()
            .wrap(ir.buffer, 0)
            .irId(schemaId).irVersion(irVersion).schemaVersion(0)
            .packageName("test").namespaceName("").semanticVersion("")
            .encodedLength();

        return ir;
    }

    /**
     * A frame and a standard header.
     */
    static TestIr withHeader()
    {
        return frame(0, 1)
            .token(SignalCodec.BEGIN_COMPOSITE, "messageHeader", 0, 0, 8, NONE)
            .token(SignalCodec.ENCODING, "blockLength", 0, 0, 2, UINT16)
            .token(SignalCodec.ENCODING, "templateId", 0, 2, 2, UINT16)
            .token(SignalCodec.ENCODING, "schemaId", 0, 4, 2, UINT16)
            .token(SignalCodec.ENCODING, "version", 0, 6, 2, UINT16)
            .token(SignalCodec.END_COMPOSITE, "messageHeader", 0, 0, 8, NONE);
    }

    TestIr token(
        final SignalCodec signal,
        final String name,
        final int id,
        final int offset,
        final int size,
        final PrimitiveTypeCodec type)
    {
        return token(signal, name, id, offset, size, type, PresenceCodec.SBE_REQUIRED, "", "");
    }

    TestIr token(
        final SignalCodec signal,
        final String name,
        final int id,
        final int offset,
        final int size,
        final PrimitiveTypeCodec type,
        final PresenceCodec presence,
        final String constant,
        final String characterEncoding)
    {
        length += new TokenCodecEncoder()
            .wrap(buffer, length)
            .tokenOffset(offset).tokenSize(size).fieldId(id).tokenVersion(0).componentTokenCount(0)
            .signal(signal).primitiveType(type).byteOrder(ByteOrderCodec.SBE_LITTLE_ENDIAN)
            .presence(presence).deprecated(0)
            .name(name).constValue(constant).minValue("").maxValue("").nullValue("")
            .characterEncoding(characterEncoding).epoch("")
            .timeUnit("").semanticType("").description("").referencedName("").packageName("")
            .encodedLength();

        return this;
    }

    /**
     * A field of one token.
     */
    TestIr field(final String name, final int offset, final int size, final PrimitiveTypeCodec type)
    {
        return token(SignalCodec.BEGIN_FIELD, name, 1, offset, 0, NONE)
            .token(SignalCodec.ENCODING, "type", 0, offset, size, type)
            .token(SignalCodec.END_FIELD, name, 1, offset, 0, NONE);
    }

    TestIr beginMessage(final int blockLength)
    {
        return token(SignalCodec.BEGIN_MESSAGE, "Message", 1, 0, blockLength, NONE);
    }

    TestIr message(final int templateId)
    {
        return token(SignalCodec.BEGIN_MESSAGE, "Message", templateId, 0, 0, NONE);
    }

    TestIr endMessage()
    {
        return token(SignalCodec.END_MESSAGE, "Message", 0, 0, 0, NONE);
    }

    TestIr group()
    {
        return token(SignalCodec.BEGIN_GROUP, "group", 0, 0, 0, NONE)
            .token(SignalCodec.BEGIN_COMPOSITE, "groupSizeEncoding", 0, 0, 4, NONE)
            .token(SignalCodec.ENCODING, "blockLength", 0, 0, 2, UINT16)
            .token(SignalCodec.ENCODING, "numInGroup", 0, 2, 2, UINT16)
            .token(SignalCodec.END_COMPOSITE, "groupSizeEncoding", 0, 0, 4, NONE);
    }

    TestIr endGroup()
    {
        return token(SignalCodec.END_GROUP, "group", 0, 0, 0, NONE);
    }

    UnsafeBuffer bytes()
    {
        final byte[] bytes = new byte[length];
        buffer.getBytes(0, bytes);

        return new UnsafeBuffer(bytes);
    }
}
