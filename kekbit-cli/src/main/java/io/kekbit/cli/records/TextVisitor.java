package io.kekbit.cli.records;

import io.kekbit.core.TerminalText;
import io.kekbit.sbe.ir.MessageVisitor;
import org.agrona.DirectBuffer;

import java.math.BigDecimal;
import java.util.List;

/**
 * Writes a message for people: its name, and behind it {@code name=value} for each field that has a value; entries of
 * groups, composites, arrays and sets in brackets. Not thread-safe.
 */
final class TextVisitor implements MessageVisitor
{
    private static final String NULL = "-";

    private final StringBuilder out;
    private boolean isInArray;

    /**
     * @param out to append to.
     */
    TextVisitor(final StringBuilder out)
    {
        this.out = out;
    }

    @Override
    public void onBeginMessage(final String name, final int templateId, final int actingVersion)
    {
        isInArray = false;
        separate();
        out.append(TerminalText.escape(name));
    }

    @Override
    public void onBeginGroup(final String name, final int count)
    {
        begin(name).append('[');
    }

    @Override
    public void onBeginEntry(final int index)
    {
        separate();
        out.append('{');
    }

    @Override
    public void onEndEntry()
    {
        out.append('}');
    }

    @Override
    public void onEndGroup()
    {
        out.append(']');
    }

    @Override
    public void onBeginComposite(final String name)
    {
        begin(name).append('{');
    }

    @Override
    public void onEndComposite()
    {
        out.append('}');
    }

    @Override
    public void onBeginArray(final String name, final int length)
    {
        begin(name).append('[');
        isInArray = true;
    }

    @Override
    public void onEndArray()
    {
        isInArray = false;
        out.append(']');
    }

    @Override
    public void onNull(final String name)
    {
        begin(name).append(NULL);
    }

    @Override
    public void onLong(final String name, final long value)
    {
        begin(name).append(value);
    }

    @Override
    public void onUnsignedLong(final String name, final long value)
    {
        begin(name).append(Long.toUnsignedString(value));
    }

    @Override
    public void onFloat(final String name, final float value)
    {
        begin(name).append(value);
    }

    @Override
    public void onDouble(final String name, final double value)
    {
        begin(name).append(value);
    }

    @Override
    public void onDecimal(final String name, final BigDecimal value)
    {
        begin(name).append(Decimals.text(value));
    }

    @Override
    public void onText(final String name, final String value)
    {
        final boolean isPlain = !value.isEmpty() && !value.equals(NULL) && value.chars().allMatch(
            (c) -> c > ' ' && c < 0x7F && c != '"' && c != '[' && c != ']' && c != '{' && c != '}');
        if (isPlain)
        {
            begin(name).append(value);
        }
        else
        {
            begin(name).append('"').append(TerminalText.escape(value).replace("\"", "\\\"")).append('"');
        }
    }

    @Override
    public void onEnum(final String name, final String value, final long number)
    {
        begin(name).append(TerminalText.escape(value));
    }

    @Override
    public void onSet(final String name, final List<String> choices, final long unknownBits)
    {
        begin(name).append('[').append(TerminalText.escape(String.join(" ", choices)));
        if (unknownBits != 0)
        {
            out.append(choices.isEmpty() ? "0x" : " 0x").append(Long.toHexString(unknownBits));
        }
        out.append(']');
    }

    @Override
    public void onBytes(final String name, final DirectBuffer buffer, final int offset, final int length)
    {
        begin(name).append("0x");
        HexDump.appendDigits(out, buffer, offset, length);
    }

    private StringBuilder begin(final String name)
    {
        separate();

        return isInArray ? out : out.append(TerminalText.escape(name)).append('=');
    }

    private void separate()
    {
        final int length = out.length();
        if (length > 0 && " [{".indexOf(out.charAt(length - 1)) < 0)
        {
            out.append(' ');
        }
    }
}
