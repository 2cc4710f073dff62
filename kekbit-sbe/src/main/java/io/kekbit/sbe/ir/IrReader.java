package io.kekbit.sbe.ir;

import io.kekbit.core.TerminalText;
import io.kekbit.sbe.InvalidSchemaException;
import io.kekbit.sbe.SbeDataFormat;
import io.kekbit.sbe.ir.codecs.ByteOrderCodec;
import io.kekbit.sbe.ir.codecs.FrameCodecDecoder;
import io.kekbit.sbe.ir.codecs.PresenceCodec;
import io.kekbit.sbe.ir.codecs.PrimitiveTypeCodec;
import io.kekbit.sbe.ir.codecs.SignalCodec;
import io.kekbit.sbe.ir.codecs.TokenCodecDecoder;
import org.agrona.DirectBuffer;
import uk.co.real_logic.sbe.PrimitiveType;
import uk.co.real_logic.sbe.ir.Encoding;
import uk.co.real_logic.sbe.ir.Signal;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes sbe-tool's tokens from a serialised schema that {@link SbeDataFormat} has accepted: its frame, the extent of
 * each token, its header, and how groups and var data nest are sound. What is left to check is what fields consist of.
 * <p>
 * sbe-tool's own IrDecoder is not used, since it believes whatever it reads: how many tokens a field has for instance,
 * which is counted here.
 */
final class IrReader
{
    /**
     * Tokens of a schema: some 10 times as many as the largest public schema has.
     */
    static final int MAX_TOKENS = 1 << 18;

    /**
     * Composites in composites.
     */
    static final int MAX_DEPTH = 16;

    private static final byte[] NO_BYTES = {};
    private static final String BLOCK_LENGTH = "blockLength";
    private static final String NUM_IN_GROUP = "numInGroup";
    private static final String MANTISSA = "mantissa";
    private static final String EXPONENT = "exponent";
    private static final int DECIMAL_TOKENS = 4;

    private final ByteOrder byteOrder;
    private final List<SchemaToken> tokens = new ArrayList<>();
    private final Map<Integer, List<SchemaToken>> messages = new LinkedHashMap<>();
    private int at;

    /**
     * @throws InvalidSchemaException where a field is not sound.
     */
    IrReader(final SbeDataFormat format)
    {
        byteOrder = format.byteOrder();
        readTokens(format.schema());
        while (signal() != Signal.BEGIN_MESSAGE && at < tokens.size())
        {
            at++;
        }

        while (at < tokens.size())
        {
            final int begin = at;
            final SchemaToken message = take(Signal.BEGIN_MESSAGE);
            parseBlock();
            take(Signal.END_MESSAGE);
            message.componentTokenCount(at - begin);
            messages.put(message.id(), List.copyOf(tokens.subList(begin, at)));
        }
    }

    /**
     * The tokens of each message, by template id, in the order of the schema.
     */
    Map<Integer, List<SchemaToken>> messages()
    {
        return messages;
    }

    private void parseBlock()
    {
        while (signal() == Signal.BEGIN_FIELD)
        {
            parseField();
        }

        while (signal() == Signal.BEGIN_GROUP)
        {
            parseGroup();
        }

        while (signal() == Signal.BEGIN_VAR_DATA)
        {
            parseVarData();
        }
    }

    private void parseField()
    {
        final int begin = at;
        final SchemaToken field = take(Signal.BEGIN_FIELD);
        final SchemaToken type = current();
        final boolean isConstant = field.isConstantEncoding() || type.isConstantEncoding();
        if (!isConstant && type.offset() != field.offset())
        {
            throw invalid("a field has another offset than its type: field=" + field.offset() +
                " type=" + type.offset());
        }

        if (isConstant && signal() == Signal.BEGIN_ENUM)
        {
            final String reference = new String(field.constant(), StandardCharsets.UTF_8);
            field.constantEnumValue(reference.substring(reference.lastIndexOf('.') + 1));
        }
        else if (isConstant)
        {
            // Such a field has no room in its block, so nothing of it may be read from there.
            requireConstants();
        }

        parseType(0);
        take(Signal.END_FIELD);
        field.componentTokenCount(at - begin);
    }

    private void requireConstants()
    {
        for (int i = at; i < tokens.size() && tokens.get(i).signal() != Signal.END_FIELD; i++)
        {
            final SchemaToken token = tokens.get(i);
            final boolean isRead = switch (token.signal())
            {
                case ENCODING -> !token.isConstantEncoding();
                case BEGIN_ENUM, BEGIN_SET -> true;
                default -> false;
            };
            if (isRead)
            {
                throw invalid("a constant field has no constant value");
            }
        }
    }

    private void parseType(final int depth)
    {
        switch (signal())
        {
            case ENCODING -> parseEncoding();
            case BEGIN_ENUM -> parseEnum();
            case BEGIN_SET -> parseSet();
            case BEGIN_COMPOSITE -> parseComposite(depth + 1);
            default -> throw invalid("not a type: signal=" + signal());
        }
    }

    private void parseEncoding()
    {
        final SchemaToken token = take(Signal.ENCODING);
        final int size = token.encodedLength();
        final PrimitiveType type = requireType(token);
        if (!token.isConstantEncoding() && (size < 0 || size % type.size() != 0))
        {
            throw invalid("size=" + size + " does not suit type=" + type.primitiveName());
        }

        token.scalar(new ScalarReader(token));
    }

    private void parseEnum()
    {
        final int begin = at;
        final SchemaToken token = take(Signal.BEGIN_ENUM);
        final EnumReader reader = new EnumReader(requireSized(token), byteOrder);
        while (signal() == Signal.VALID_VALUE)
        {
            final SchemaToken value = take(Signal.VALID_VALUE);
            reader.add(value.name(), number(value, token.encoding().primitiveType()));
        }

        take(Signal.END_ENUM);
        token.enumReader(reader);
        token.componentTokenCount(at - begin);
    }

    private void parseSet()
    {
        final int begin = at;
        final SchemaToken token = take(Signal.BEGIN_SET);
        final SetReader reader = new SetReader(requireSized(token), byteOrder);
        while (signal() == Signal.CHOICE)
        {
            final SchemaToken choice = take(Signal.CHOICE);
            reader.add(choice.name(), number(choice, token.encoding().primitiveType()));
        }

        take(Signal.END_SET);
        token.setReader(reader);
        token.componentTokenCount(at - begin);
    }

    private void parseComposite(final int depth)
    {
        if (depth > MAX_DEPTH)
        {
            throw invalid("composites nest deeper than max=" + MAX_DEPTH);
        }

        final int begin = at;
        final SchemaToken composite = take(Signal.BEGIN_COMPOSITE);
        while (signal() != Signal.END_COMPOSITE)
        {
            final SchemaToken element = current();
            parseType(depth);
            final long end = (long)element.offset() + element.encodedLength();
            final boolean isInside = element.offset() >= 0 && element.encodedLength() >= 0 &&
                end <= composite.encodedLength();
            // Enums, sets and composites are read from the message, even where they are said to be constant.
            final boolean isConstant = element.signal() == Signal.ENCODING && element.isConstantEncoding();
            if (!isConstant && !isInside)
            {
                throw invalid("an element lies outside its composite: offset=" + element.offset() +
                    " size=" + element.encodedLength() + " composite=" + composite.encodedLength());
            }
        }

        take(Signal.END_COMPOSITE);
        composite.componentTokenCount(at - begin);
        composite.isDecimal(isDecimal(tokens.subList(begin, at)));
    }

    private static boolean isDecimal(final List<SchemaToken> composite)
    {
        if (composite.size() != DECIMAL_TOKENS)
        {
            return false;
        }

        final SchemaToken first = composite.get(1);
        final SchemaToken second = composite.get(2);
        final boolean isNamedSo = MANTISSA.equals(first.name()) && EXPONENT.equals(second.name()) ||
            EXPONENT.equals(first.name()) && MANTISSA.equals(second.name());

        return isNamedSo &&
            first.signal() == Signal.ENCODING && first.scalar().isSingleInteger() &&
            second.signal() == Signal.ENCODING && second.scalar().isSingleInteger();
    }

    /**
     * What is in the header of a group is nobody's matter but for its length, and the second and third token:
     * sbe-tool's decoder takes the second for the length of the block and the third for the count, whatever their names
     * are. So the ones so named are put there.
     */
    private void parseGroup()
    {
        final int begin = at;
        final SchemaToken group = take(Signal.BEGIN_GROUP);
        final int header = at;
        SchemaToken blockLength = null;
        SchemaToken count = null;
        int depth = 0;
        do
        {
            final SchemaToken token = current();
            switch (token.signal())
            {
                case BEGIN_COMPOSITE -> depth++;
                case END_COMPOSITE -> depth--;
                case ENCODING ->
                {
                    blockLength = depth == 1 && BLOCK_LENGTH.equals(token.name()) ? token : blockLength;
                    count = depth == 1 && NUM_IN_GROUP.equals(token.name()) ? token : count;
                }
                default ->
                {
                }
            }

            at++;
        }
        while (depth > 0);

        if (blockLength == null || count == null)
        {
            throw invalid("a group has no blockLength or numInGroup");
        }

        tokens.get(header).componentTokenCount(at - header);
        tokens.set(header + 1, ofAtMost32Bits(blockLength));
        tokens.set(header + 2, ofAtMost32Bits(count));
        parseBlock();
        take(Signal.END_GROUP);
        group.componentTokenCount(at - begin);
    }

    private void parseVarData()
    {
        final int begin = at;
        final SchemaToken data = take(Signal.BEGIN_VAR_DATA);
        final SchemaToken composite = take(Signal.BEGIN_COMPOSITE);
        tokens.set(at, ofAtMost32Bits(current()));
        take(Signal.ENCODING);
        final SchemaToken bytes = take(Signal.ENCODING);
        if (bytes.encoding().characterEncoding() != null)
        {
            bytes.varText(new TextReader(bytes.encoding().characterEncoding()));
        }

        take(Signal.END_COMPOSITE);
        composite.componentTokenCount(at - begin - 1);
        take(Signal.END_VAR_DATA);
        data.componentTokenCount(at - begin);
    }

    /**
     * sbe-tool's decoder cannot read lengths and counts of 64 bits. Of those that lie within a message, the upper half
     * is 0, so the lower is enough.
     */
    private static SchemaToken ofAtMost32Bits(final SchemaToken token)
    {
        final PrimitiveType type = token.encoding().primitiveType();
        if (type.size() != Long.BYTES)
        {
            return token;
        }

        final ByteOrder order = token.encoding().byteOrder();
        final int offset = token.offset() + (order == ByteOrder.BIG_ENDIAN ? Integer.BYTES : 0);
        final Encoding encoding = new Encoding.Builder().primitiveType(PrimitiveType.UINT32).byteOrder(order).build();

        return new SchemaToken(
            Signal.ENCODING,
            token.name(),
            token.referencedName(),
            token.description(),
            token.id(),
            token.version(),
            Integer.BYTES,
            offset,
            encoding,
            NO_BYTES,
            NO_BYTES);
    }

    private PrimitiveType requireType(final SchemaToken token)
    {
        final PrimitiveType type = token.encoding().primitiveType();
        if (type == null)
        {
            throw invalid("a value has no type");
        }

        return type;
    }

    private SchemaToken requireSized(final SchemaToken token)
    {
        final PrimitiveType type = requireType(token);
        if (token.encodedLength() != type.size() || type == PrimitiveType.FLOAT || type == PrimitiveType.DOUBLE)
        {
            throw invalid("an enum or a set of type=" + type.primitiveName() + " has size=" +
                token.encodedLength());
        }

        return token;
    }

    private long number(final SchemaToken token, final PrimitiveType type)
    {
        if (token.constant().length != type.size())
        {
            throw invalid("a value of an enum or a set is not as wide as its type=" + type.primitiveName());
        }

        return Numbers.parse(token.constant(), type);
    }

    private Signal signal()
    {
        return at < tokens.size() ? tokens.get(at).signal() : null;
    }

    private SchemaToken current()
    {
        if (at >= tokens.size())
        {
            throw invalid("it ends too early");
        }

        return tokens.get(at);
    }

    private SchemaToken take(final Signal expected)
    {
        final SchemaToken token = current();
        if (token.signal() != expected)
        {
            throw invalid("expected=" + expected + " found=" + token.signal());
        }

        at++;

        return token;
    }

    private InvalidSchemaException invalid(final String reason)
    {
        final String name = tokens.isEmpty() ? "" : tokens.get(Math.min(at, tokens.size() - 1)).name();

        return new InvalidSchemaException(reason + " (token=" + TerminalText.escape(name) + " number=" + at + ")");
    }

    private void readTokens(final DirectBuffer ir)
    {
        final FrameCodecDecoder frame = new FrameCodecDecoder();
        frame.wrap(ir, 0, FrameCodecDecoder.BLOCK_LENGTH, FrameCodecDecoder.SCHEMA_VERSION);
        frame.skipPackageName();
        frame.skipNamespaceName();
        frame.skipSemanticVersion();

        int position = frame.limit();
        final TokenCodecDecoder decoder = new TokenCodecDecoder();
        while (position < ir.capacity())
        {
            if (tokens.size() == MAX_TOKENS)
            {
                throw invalid("it has more tokens than max=" + MAX_TOKENS);
            }

            decoder.wrap(ir, position, TokenCodecDecoder.BLOCK_LENGTH, TokenCodecDecoder.SCHEMA_VERSION);
            tokens.add(readToken(decoder));
            position = decoder.limit();
        }
    }

    private SchemaToken readToken(final TokenCodecDecoder decoder)
    {
        final SignalCodec signal = decoder.signal();
        final PrimitiveTypeCodec type = decoder.primitiveType();
        if (signal == SignalCodec.NULL_VAL || signal == SignalCodec.SBE_UNKNOWN ||
            type == PrimitiveTypeCodec.NULL_VAL || type == PrimitiveTypeCodec.SBE_UNKNOWN)
        {
            throw new InvalidSchemaException("a token of an unknown kind or type (number=" + tokens.size() + ")");
        }

        final Encoding.Builder encoding = new Encoding.Builder()
            .primitiveType(type == PrimitiveTypeCodec.NONE ? null : PrimitiveType.valueOf(type.name()))
            .presence(presence(decoder.presence()))
            .byteOrder(decoder.byteOrder() == ByteOrderCodec.SBE_BIG_ENDIAN ?
                ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);

        final String name = decoder.name();
        final byte[] constant = new byte[decoder.constValueLength()];
        decoder.getConstValue(constant, 0, constant.length);
        decoder.skipMinValue();
        decoder.skipMaxValue();
        final byte[] nullValue = new byte[decoder.nullValueLength()];
        decoder.getNullValue(nullValue, 0, nullValue.length);
        final String characterEncoding = decoder.characterEncoding();
        encoding.characterEncoding(characterEncoding.isEmpty() ? null : characterEncoding);
        decoder.skipEpoch();
        decoder.skipTimeUnit();
        decoder.skipSemanticType();
        final String description = decoder.description();
        final String referencedName = decoder.referencedName();
        decoder.skipPackageName();

        return new SchemaToken(
            Signal.valueOf(signal.name()),
            name,
            referencedName.isEmpty() ? null : referencedName,
            description,
            decoder.fieldId(),
            decoder.tokenVersion(),
            decoder.tokenSize(),
            decoder.tokenOffset(),
            encoding.build(),
            constant,
            nullValue);
    }

    private static Encoding.Presence presence(final PresenceCodec presence)
    {
        return switch (presence)
        {
            case SBE_OPTIONAL -> Encoding.Presence.OPTIONAL;
            case SBE_CONSTANT -> Encoding.Presence.CONSTANT;
            default -> Encoding.Presence.REQUIRED;
        };
    }
}
