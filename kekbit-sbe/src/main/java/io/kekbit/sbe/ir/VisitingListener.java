package io.kekbit.sbe.ir;

import org.agrona.DirectBuffer;
import uk.co.real_logic.sbe.ir.Token;
import uk.co.real_logic.sbe.otf.TokenListener;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns what sbe-tool's decoder finds in one message into what a visitor is told. The decoder calls for every field of
 * the schema, whether or not the message has it, so all that is newer than the message is left out here.
 */
final class VisitingListener implements TokenListener
{
    /**
     * Exponents are of 8 bits in practice. A number with one of 2^31 would not fit into memory.
     */
    private static final int MAX_EXPONENT = 128;

    private final MessageVisitor visitor;
    private final int actingVersion;
    private final ArrayList<String> choices = new ArrayList<>();
    private final Part mantissa = new Part();
    private final Part exponent = new Part();
    private long valuesLeft;
    private int depth;
    private int skipDepth;
    private boolean isInDecimal;
    private boolean isExponentFirst;
    private boolean isFieldOptional;

    /**
     * @param maxValues after how many values the decoding is to end with {@link LimitReached}.
     */
    VisitingListener(final MessageVisitor visitor, final int actingVersion, final long maxValues)
    {
        this.visitor = visitor;
        this.actingVersion = actingVersion;
        valuesLeft = maxValues;
    }

    @Override
    public void onBeginMessage(final Token token)
    {
        visitor.onBeginMessage(token.name(), token.id(), actingVersion);
    }

    @Override
    public void onEndMessage(final Token token)
    {
        visitor.onEndMessage();
    }

    @Override
    public void onEncoding(
        final Token fieldToken,
        final DirectBuffer buffer,
        final int bufferIndex,
        final Token typeToken,
        final int version)
    {
        final ScalarReader scalar = ((SchemaToken)typeToken).scalar();
        spend(scalar.count());
        if (isAbsent(fieldToken) || isAbsent(typeToken))
        {
            return;
        }

        if (isInDecimal)
        {
            final boolean isMantissa = "mantissa".equals(fieldToken.name());
            isExponentFirst |= !isMantissa && mantissa.scalar == null;
            (isMantissa ? mantissa : exponent).set(fieldToken.name(), scalar, scalar.bits(buffer, bufferIndex));
        }
        else
        {
            scalar.visit(fieldToken.name(), buffer, bufferIndex, isInOptional(fieldToken), visitor);
        }
    }

    @Override
    public void onEnum(
        final Token fieldToken,
        final DirectBuffer buffer,
        final int bufferIndex,
        final List<Token> tokens,
        final int fromIndex,
        final int toIndex,
        final int version)
    {
        spend(1);
        final SchemaToken type = (SchemaToken)tokens.get(fromIndex);
        if (isAbsent(fieldToken) || isAbsent(type))
        {
            return;
        }

        final String constant = ((SchemaToken)fieldToken).constantEnumValue();
        if (constant != null)
        {
            // Takes no room in the message: bufferIndex can be anywhere.
            visitor.onEnum(name(fieldToken, type), constant, type.enumReader().number(constant));
        }
        else
        {
            type.enumReader().visit(name(fieldToken, type), buffer, bufferIndex, visitor);
        }
    }

    @Override
    public void onBitSet(
        final Token fieldToken,
        final DirectBuffer buffer,
        final int bufferIndex,
        final List<Token> tokens,
        final int fromIndex,
        final int toIndex,
        final int version)
    {
        spend(1);
        final SchemaToken type = (SchemaToken)tokens.get(fromIndex);
        if (!isAbsent(fieldToken) && !isAbsent(type))
        {
            type.setReader().visit(name(fieldToken, type), buffer, bufferIndex, choices, visitor);
        }
    }

    @Override
    public void onBeginComposite(
        final Token fieldToken, final List<Token> tokens, final int fromIndex, final int toIndex)
    {
        spend(1);
        final SchemaToken type = (SchemaToken)tokens.get(fromIndex);
        if (isAbsent(fieldToken) || isAbsent(type))
        {
            skipDepth++;
            return;
        }

        if (type.isDecimal())
        {
            isInDecimal = true;
            isExponentFirst = false;
            mantissa.scalar = null;
            exponent.scalar = null;
        }
        else
        {
            visitor.onBeginComposite(name(fieldToken, type));
        }

        // Only here the decoder tells of the field; with the elements it does not.
        isFieldOptional = fieldToken.isOptionalEncoding();
        depth++;
    }

    @Override
    public void onEndComposite(
        final Token fieldToken, final List<Token> tokens, final int fromIndex, final int toIndex)
    {
        if (skipDepth > 0)
        {
            skipDepth--;
            return;
        }

        depth--;
        if (isInDecimal)
        {
            isInDecimal = false;
            visitDecimal(name(fieldToken, tokens.get(fromIndex)), fieldToken.isOptionalEncoding());
        }
        else
        {
            visitor.onEndComposite();
        }
    }

    @Override
    public void onGroupHeader(final Token token, final int numInGroup)
    {
        spend(1);
        if (!isAbsent(token))
        {
            visitor.onBeginGroup(token.name(), numInGroup);
            if (numInGroup == 0)
            {
                visitor.onEndGroup();
            }
        }
    }

    @Override
    public void onBeginGroup(final Token token, final int groupIndex, final int numInGroup)
    {
        spend(1);
        visitor.onBeginEntry(groupIndex);
    }

    @Override
    public void onEndGroup(final Token token, final int groupIndex, final int numInGroup)
    {
        visitor.onEndEntry();
        if (groupIndex == numInGroup - 1)
        {
            visitor.onEndGroup();
        }
    }

    @Override
    public void onVarData(
        final Token fieldToken,
        final DirectBuffer buffer,
        final int bufferIndex,
        final int length,
        final Token typeToken)
    {
        spend(1);
        if (isAbsent(fieldToken))
        {
            return;
        }

        final TextReader text = ((SchemaToken)typeToken).varText();
        if (text == null)
        {
            visitor.onBytes(fieldToken.name(), buffer, bufferIndex, length);
        }
        else
        {
            visitor.onText(fieldToken.name(), text.read(buffer, bufferIndex, length));
        }
    }

    /**
     * The decoder gives elements of composites that are not plain encodings the token of the outermost field.
     */
    private String name(final Token fieldToken, final Token type)
    {
        return depth == 0 ? fieldToken.name() : type.name();
    }

    /**
     * A composite has no null value of its own. In an optional field, an element that holds its type's null value is
     * null though the element is not optional.
     */
    private boolean isInOptional(final Token fieldToken)
    {
        return depth == 0 ? fieldToken.isOptionalEncoding() : isFieldOptional;
    }

    private boolean isAbsent(final Token token)
    {
        return skipDepth > 0 || token.version() > actingVersion;
    }

    private void spend(final int values)
    {
        valuesLeft -= values;
        if (valuesLeft < 0)
        {
            throw new LimitReached();
        }
    }

    private void visitDecimal(final String name, final boolean isOptional)
    {
        if (mantissa.isNull(isOptional) || exponent.isNull(isOptional))
        {
            visitor.onNull(name);
        }
        else if (exponent.isWithin(MAX_EXPONENT))
        {
            visitor.onDecimal(name, mantissa.toDecimal((int)-exponent.bits));
        }
        else
        {
            visitor.onBeginComposite(name);
            (isExponentFirst ? exponent : mantissa).visit(visitor);
            (isExponentFirst ? mantissa : exponent).visit(visitor);
            visitor.onEndComposite();
        }
    }

    /**
     * One of the two numbers that a decimal consists of.
     */
    private static final class Part
    {
        private String name;
        private ScalarReader scalar;
        private long bits;

        void set(final String partName, final ScalarReader reader, final long value)
        {
            name = partName;
            scalar = reader;
            bits = value;
        }

        boolean isNull(final boolean isInOptional)
        {
            return scalar == null || scalar.isNull(bits, isInOptional);
        }

        /**
         * Whether the number, signed or not, is that near to 0.
         */
        boolean isWithin(final int distance)
        {
            return bits <= distance && bits >= (scalar.isUnsignedLong() ? 0 : -distance);
        }

        BigDecimal toDecimal(final int scale)
        {
            if (bits >= 0 || !scalar.isUnsignedLong())
            {
                return BigDecimal.valueOf(bits, scale);
            }

            return new BigDecimal(BigInteger.valueOf(bits).add(BigInteger.ONE.shiftLeft(Long.SIZE)), scale);
        }

        void visit(final MessageVisitor visitor)
        {
            if (scalar.isUnsignedLong())
            {
                visitor.onUnsignedLong(name, bits);
            }
            else
            {
                visitor.onLong(name, bits);
            }
        }
    }
}
