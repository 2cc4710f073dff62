package io.kekbit.cli.records;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.List;

/**
 * What {@code --where} asks of a field: {@code FIELD=VALUE}, or with {@code !=}, {@code <}, {@code >}, {@code <=} or
 * {@code >=} between the two. The field's type says how to compare: numbers exactly, as numbers, whatever their width
 * and scale; everything else as text. A field without value equals {@code null} only, and is neither less nor greater
 * than anything.
 */
final class Condition
{
    private static final String NULL = "null";
    private static final BigInteger MAX_UNSIGNED = BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

    /**
     * How a field and the value are compared. The longer signs stand first, since they begin as the shorter ones do.
     */
    private enum Operator
    {
        NOT_EQUAL("!="), AT_MOST("<="), AT_LEAST(">="), EQUAL("="), LESS("<"), GREATER(">");

        private final String sign;

        Operator(final String sign)
        {
            this.sign = sign;
        }

        boolean holds(final int comparison)
        {
            return switch (this)
            {
                case NOT_EQUAL -> comparison != 0;
                case AT_MOST -> comparison <= 0;
                case AT_LEAST -> comparison >= 0;
                case EQUAL -> comparison == 0;
                case LESS -> comparison < 0;
                case GREATER -> comparison > 0;
            };
        }
    }

    private final String source;
    private final List<String> path;
    private final Operator operator;
    private final String text;
    private final boolean isNull;
    /** The value as a number, null where it is none. */
    private final BigDecimal number;
    private final boolean isLong;
    private final boolean isUnsigned;
    private final long bits;
    private final double asDouble;
    private final float asFloat;

    private Condition(final String source, final String field, final Operator operator, final String value)
    {
        this.source = source;
        path = FieldPath.parse(field);
        this.operator = operator;
        final boolean isQuoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        text = isQuoted ? value.substring(1, value.length() - 1) : value;
        isNull = !isQuoted && value.equals(NULL);
        number = numberOf(text);
        final BigInteger integer = wholeNumber(number);
        isLong = integer != null && integer.bitLength() < Long.SIZE;
        isUnsigned = integer != null && integer.signum() >= 0 && integer.compareTo(MAX_UNSIGNED) <= 0;
        bits = integer == null ? 0 : integer.longValue();
        asDouble = doubleOf(text);
        asFloat = number == null ? (float)asDouble : Float.parseFloat(text);
    }

    /**
     * Understand what the user wrote.
     *
     * @param text {@code FIELD=VALUE} or another comparison.
     * @return the condition.
     * @throws IllegalArgumentException where it is none; the message says what is expected.
     */
    static Condition parse(final String text)
    {
        for (int i = 0; i < text.length(); i++)
        {
            for (final Operator operator : Operator.values())
            {
                if (text.startsWith(operator.sign, i))
                {
                    final String value = text.substring(i + operator.sign.length()).strip();
                    final Condition condition = new Condition(text, text.substring(0, i).strip(), operator, value);
                    if (condition.isNull && operator != Operator.EQUAL && operator != Operator.NOT_EQUAL)
                    {
                        throw new IllegalArgumentException(
                            "\"" + text + "\": nothing is less or greater than null, use = or !=");
                    }

                    return condition;
                }
            }
        }

        throw new IllegalArgumentException(
            "\"" + text + "\" is no condition: FIELD=VALUE, or with != < > <= >= in place of =");
    }

    /**
     * The names that lead to the field.
     */
    List<String> path()
    {
        return path;
    }

    /**
     * Whether the value can be compared with a number at all.
     */
    boolean isNumeric()
    {
        return isNull || number != null || !Double.isNaN(asDouble);
    }

    /**
     * Whether this can be true of a field that has named values.
     *
     * @param names  of the values.
     * @param isEnum whether the values have numbers that a message holds; those of a set do not.
     */
    boolean fits(final Collection<String> names, final boolean isEnum)
    {
        return isNull || names.contains(text) || (isEnum ? number != null : text.isEmpty());
    }

    boolean matchesNull()
    {
        return operator == Operator.EQUAL ? isNull : operator == Operator.NOT_EQUAL && !isNull;
    }

    boolean matches(final long value)
    {
        if (isLong)
        {
            return operator.holds(Long.compare(value, bits));
        }

        return number == null ? isOther() : operator.holds(BigDecimal.valueOf(value).compareTo(number));
    }

    boolean matchesUnsigned(final long value)
    {
        if (isUnsigned)
        {
            return operator.holds(Long.compareUnsigned(value, bits));
        }

        return number == null ?
            isOther() :
            operator.holds(new BigDecimal(new BigInteger(Long.toUnsignedString(value))).compareTo(number));
    }

    boolean matches(final BigDecimal value)
    {
        return number == null ? isOther() : operator.holds(value.compareTo(number));
    }

    boolean matches(final double value)
    {
        // Adding 0 makes one of the two zeros.
        return Double.isNaN(asDouble) ? isOther() : operator.holds(Double.compare(value + 0.0, asDouble + 0.0));
    }

    boolean matches(final float value)
    {
        return Double.isNaN(asDouble) ? isOther() : operator.holds(Float.compare(value + 0.0f, asFloat + 0.0f));
    }

    boolean matches(final CharSequence value)
    {
        return isNull ? isOther() : operator.holds(CharSequence.compare(value, text));
    }

    /**
     * An enum's value, by its number where a number was given, else by its name.
     */
    boolean matches(final String name, final long enumNumber)
    {
        return number == null ? matches(name) : matches(enumNumber);
    }

    /**
     * The choices of a set: equal means that the one given is among them, or that there is none where none was given.
     */
    boolean matches(final List<String> choices)
    {
        final boolean isAmong = text.isEmpty() ? choices.isEmpty() : choices.contains(text);

        return operator == Operator.EQUAL ? isAmong : operator == Operator.NOT_EQUAL && !isAmong;
    }

    /**
     * The value compared is of another kind than the field's: then it is not equal, and that is all.
     */
    private boolean isOther()
    {
        return operator == Operator.NOT_EQUAL;
    }

    @Override
    public String toString()
    {
        return source;
    }

    private static BigDecimal numberOf(final String text)
    {
        try
        {
            final BigDecimal value = new BigDecimal(text);

            // "1E1000000000" is quickly written, and is not to be written out for each record.
            return Math.abs((long)value.scale()) + value.precision() > 10_000 ? null : value;
        }
        catch (final NumberFormatException ex)
        {
            return null;
        }
    }

    private static BigInteger wholeNumber(final BigDecimal value)
    {
        return value == null || value.stripTrailingZeros().scale() > 0 ? null : value.toBigIntegerExact();
    }

    private static double doubleOf(final String text)
    {
        return switch (text)
        {
            case "Infinity", "+Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> numberOf(text) == null ? Double.NaN : Double.parseDouble(text);
        };
    }
}
