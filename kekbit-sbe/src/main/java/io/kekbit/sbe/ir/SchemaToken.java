package io.kekbit.sbe.ir;

import uk.co.real_logic.sbe.ir.Encoding;
import uk.co.real_logic.sbe.ir.Signal;
import uk.co.real_logic.sbe.ir.Token;

/**
 * A token of sbe-tool that also knows how to read what it stands for. Which of the readers is set depends on the
 * signal.
 */
final class SchemaToken extends Token
{
    /**
     * Of the tokens that begin and end nothing.
     */
    static final int SINGLE = 1;

    private final byte[] constant;
    private final byte[] nullValue;
    private ScalarReader scalar;
    private TextReader varText;
    private EnumReader enumReader;
    private SetReader setReader;
    private boolean isDecimal;
    private String constantEnumValue;

    /**
     * @param constant  bytes of the constant, little endian; empty where there is none.
     * @param nullValue bytes of the null value, little endian; empty where the schema does not give one.
     */
    SchemaToken(
        final Signal signal,
        final String name,
        final String referencedName,
        final String description,
        final int id,
        final int version,
        final int encodedLength,
        final int offset,
        final Encoding encoding,
        final byte[] constant,
        final byte[] nullValue)
    {
        super(
            signal, name, referencedName, description, null, id, version, 0, encodedLength, offset, SINGLE, encoding);
        this.constant = constant;
        this.nullValue = nullValue;
    }

    byte[] constant()
    {
        return constant;
    }

    byte[] nullValue()
    {
        return nullValue;
    }

    ScalarReader scalar()
    {
        return scalar;
    }

    void scalar(final ScalarReader reader)
    {
        scalar = reader;
    }

    /**
     * Of the bytes of var data, how to read them as text; null where they are not.
     */
    TextReader varText()
    {
        return varText;
    }

    void varText(final TextReader reader)
    {
        varText = reader;
    }

    EnumReader enumReader()
    {
        return enumReader;
    }

    void enumReader(final EnumReader reader)
    {
        enumReader = reader;
    }

    SetReader setReader()
    {
        return setReader;
    }

    void setReader(final SetReader reader)
    {
        setReader = reader;
    }

    /**
     * Whether a composite is mantissa and exponent, and nothing else.
     */
    boolean isDecimal()
    {
        return isDecimal;
    }

    void isDecimal(final boolean value)
    {
        isDecimal = value;
    }

    /**
     * Of a field that is a constant of an enum, the value's name; otherwise null.
     */
    String constantEnumValue()
    {
        return constantEnumValue;
    }

    void constantEnumValue(final String value)
    {
        constantEnumValue = value;
    }
}
