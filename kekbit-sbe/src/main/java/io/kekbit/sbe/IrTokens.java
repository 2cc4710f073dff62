package io.kekbit.sbe;

import io.kekbit.core.TerminalText;
import io.kekbit.sbe.ir.codecs.ByteOrderCodec;
import io.kekbit.sbe.ir.codecs.FrameCodecDecoder;
import io.kekbit.sbe.ir.codecs.PresenceCodec;
import io.kekbit.sbe.ir.codecs.PrimitiveTypeCodec;
import io.kekbit.sbe.ir.codecs.SignalCodec;
import io.kekbit.sbe.ir.codecs.TokenCodecDecoder;
import org.agrona.DirectBuffer;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Walks over a serialised schema: a frame that names the schema, then tokens, one after the other. The bytes are not
 * trusted: each element's extent is checked before the generated decoders touch it.
 * <pre>
 *  +---------------------------------------------------------------+
 *  |  Frame: block of 12, then 3 texts, each behind its uint16     |
 *  +---------------------------------------------------------------+
 *  |  Token: block of 28, then 12 texts, each behind its uint16    |
 *  +---------------------------------------------------------------+
 *  |  Tokens to the end of the buffer                          ...
 * </pre>
 */
final class IrTokens
{
    private static final int FRAME_TEXTS = 3;
    private static final int TOKEN_TEXTS = 12;
    private static final int TEXT_HEADER_LENGTH = 2;
    private static final int OUT_OF_BOUNDS = -1;
    private static final int IR_VERSION = 0;

    private final DirectBuffer buffer;
    private final FrameCodecDecoder frame = new FrameCodecDecoder();
    private final TokenCodecDecoder token = new TokenCodecDecoder();
    private final byte[] maxValue = new byte[Long.BYTES];
    private final String packageName;
    private int position;
    private int nextPosition;
    private String name;
    private int maxValueLength;

    /**
     * Stands before the first token.
     *
     * @throws InvalidSchemaException where there is no frame.
     */
    IrTokens(final DirectBuffer buffer)
    {
        this.buffer = buffer;
        nextPosition = textsEnd(buffer, FrameCodecDecoder.BLOCK_LENGTH, FRAME_TEXTS);
        if (nextPosition == OUT_OF_BOUNDS)
        {
            throw invalid("it ends within its frame");
        }

        frame.wrap(buffer, 0, FrameCodecDecoder.BLOCK_LENGTH, FrameCodecDecoder.SCHEMA_VERSION);
        if (frame.irVersion() != IR_VERSION)
        {
            throw invalid("it was serialised in another way: irVersion=" + frame.irVersion() + " known=" + IR_VERSION);
        }

        packageName = frame.packageName();
    }

    /**
     * Whether some bytes, which can be damaged or hostile, are a schema of that package and id, of any version.
     */
    static boolean isOf(final DirectBuffer buffer, final String packageName, final int schemaId)
    {
        if (textsEnd(buffer, FrameCodecDecoder.BLOCK_LENGTH, FRAME_TEXTS) == OUT_OF_BOUNDS)
        {
            return false;
        }

        final FrameCodecDecoder frame = new FrameCodecDecoder()
            .wrap(buffer, 0, FrameCodecDecoder.BLOCK_LENGTH, FrameCodecDecoder.SCHEMA_VERSION);

        return frame.irVersion() == IR_VERSION &&
            frame.irId() == schemaId &&
            frame.packageNameLength() == packageName.getBytes(StandardCharsets.UTF_8).length &&
            frame.packageName().equals(packageName);
    }

    String packageName()
    {
        return packageName;
    }

    int schemaId()
    {
        return frame.irId();
    }

    int schemaVersion()
    {
        return frame.schemaVersion();
    }

    boolean hasNext()
    {
        return nextPosition < buffer.capacity();
    }

    /**
     * Go to the next token.
     *
     * @throws InvalidSchemaException where the bytes end before a whole token.
     */
    void next()
    {
        position = nextPosition;
        nextPosition = textsEnd(buffer, (long)position + TokenCodecDecoder.BLOCK_LENGTH, TOKEN_TEXTS);
        if (nextPosition == OUT_OF_BOUNDS)
        {
            throw invalid("it ends within a token");
        }

        token.wrap(buffer, position, TokenCodecDecoder.BLOCK_LENGTH, TokenCodecDecoder.SCHEMA_VERSION);
        // Names are shown in messages, and compared with those that hold nothing to escape.
        name = TerminalText.escape(token.name());
        token.skipConstValue();
        token.skipMinValue();
        maxValueLength = token.maxValueLength();
        token.getMaxValue(maxValue, 0, maxValue.length);
    }

    /**
     * Go to the next token, which has to be of that kind.
     */
    void next(final SignalCodec expected)
    {
        next();
        require(expected);
    }

    void require(final SignalCodec expected)
    {
        if (signal() != expected)
        {
            throw invalid("expected=" + expected + " found=" + signal());
        }
    }

    SignalCodec signal()
    {
        return token.signal();
    }

    String name()
    {
        return name;
    }

    int id()
    {
        return token.fieldId();
    }

    int sinceVersion()
    {
        return token.tokenVersion();
    }

    int offset()
    {
        return token.tokenOffset();
    }

    int size()
    {
        return token.tokenSize();
    }

    boolean isConstant()
    {
        return token.presence() == PresenceCodec.SBE_CONSTANT;
    }

    ByteOrder byteOrder()
    {
        return token.byteOrder() == ByteOrderCodec.SBE_BIG_ENDIAN ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }

    /**
     * This token as an integer that lies in a header of a length that was checked.
     */
    ScalarField scalar(final int headerLength)
    {
        final int width = width();
        if (!isInteger() || isConstant() || size() != width || offset() < 0 || offset() > headerLength - width)
        {
            throw invalid("a length, count, id or version is not an integer within its header: type=" +
                token.primitiveType() + " offset=" + offset() + " size=" + size() + " headerLength=" + headerLength);
        }

        return new ScalarField(offset(), width, isSigned(), byteOrder(), maxValue());
    }

    InvalidSchemaException invalid(final String reason)
    {
        return new InvalidSchemaException(reason + " (schema=" + TerminalText.escape(String.valueOf(packageName)) +
            " token=" + name + " offset=" + position + ")");
    }

    private long maxValue()
    {
        final int length = maxValueLength;
        if (length == 0)
        {
            final int bits = width() * Byte.SIZE;

            // The greatest unsigned value stands for null.
            return bits == Long.SIZE || isSigned() ? (1L << bits - 1) - 1 : (1L << bits) - 2;
        }

        if (length != width())
        {
            throw invalid("maxValue has another width than its type: length=" + length);
        }

        long value = isSigned() ? maxValue[length - 1] : maxValue[length - 1] & 0xFFL;
        for (int i = length - 2; i >= 0; i--)
        {
            value = value << Byte.SIZE | maxValue[i] & 0xFFL;
        }

        return value < 0 && !isSigned() ? Long.MAX_VALUE : Math.max(0, value);
    }

    private boolean isInteger()
    {
        return switch (token.primitiveType())
        {
            case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 -> true;
            default -> false;
        };
    }

    private boolean isSigned()
    {
        final PrimitiveTypeCodec type = token.primitiveType();

        return type == PrimitiveTypeCodec.INT8 || type == PrimitiveTypeCodec.INT16 ||
            type == PrimitiveTypeCodec.INT32 || type == PrimitiveTypeCodec.INT64;
    }

    private int width()
    {
        return switch (token.primitiveType())
        {
            case INT8, UINT8 -> Byte.BYTES;
            case INT16, UINT16 -> Short.BYTES;
            case INT32, UINT32 -> Integer.BYTES;
            default -> Long.BYTES;
        };
    }

    /**
     * Where a number of texts end that begin at some offset, or {@link #OUT_OF_BOUNDS}.
     */
    private static int textsEnd(final DirectBuffer buffer, final long offset, final int count)
    {
        final int capacity = buffer.capacity();
        long end = offset;
        for (int i = 0; i < count; i++)
        {
            if (end + TEXT_HEADER_LENGTH > capacity)
            {
                return OUT_OF_BOUNDS;
            }

            end += TEXT_HEADER_LENGTH + (buffer.getShort((int)end, ByteOrder.LITTLE_ENDIAN) & 0xFFFF);
        }

        return end > capacity ? OUT_OF_BOUNDS : (int)end;
    }
}
