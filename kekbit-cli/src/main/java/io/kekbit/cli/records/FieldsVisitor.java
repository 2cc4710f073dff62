package io.kekbit.cli.records;

import io.kekbit.sbe.ir.MessageVisitor;
import org.agrona.DirectBuffer;

import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Tells another visitor of the fields that {@code --fields} chooses, and of none else. Groups and composites in which
 * nothing is chosen are left out whole. Not thread-safe.
 */
final class FieldsVisitor implements MessageVisitor
{
    private final FieldTree chosen;
    private final MessageVisitor visitor;
    private final Deque<FieldTree> outer = new ArrayDeque<>();
    private FieldTree here;
    /** Groups and composites entered within one that is left out, that one included. */
    private int leftOut;

    FieldsVisitor(final FieldTree chosen, final MessageVisitor visitor)
    {
        this.chosen = chosen;
        this.visitor = visitor;
    }

    @Override
    public void onBeginMessage(final String name, final int templateId, final int actingVersion)
    {
        outer.clear();
        here = chosen;
        leftOut = 0;
        visitor.onBeginMessage(name, templateId, actingVersion);
    }

    @Override
    public void onEndMessage()
    {
        visitor.onEndMessage();
    }

    @Override
    public void onBeginGroup(final String name, final int count)
    {
        if (enter(name))
        {
            visitor.onBeginGroup(name, count);
        }
    }

    @Override
    public void onBeginEntry(final int index)
    {
        if (leftOut == 0)
        {
            visitor.onBeginEntry(index);
        }
    }

    @Override
    public void onEndEntry()
    {
        if (leftOut == 0)
        {
            visitor.onEndEntry();
        }
    }

    @Override
    public void onEndGroup()
    {
        if (leave())
        {
            visitor.onEndGroup();
        }
    }

    @Override
    public void onBeginComposite(final String name)
    {
        if (enter(name))
        {
            visitor.onBeginComposite(name);
        }
    }

    @Override
    public void onEndComposite()
    {
        if (leave())
        {
            visitor.onEndComposite();
        }
    }

    @Override
    public void onBeginArray(final String name, final int length)
    {
        if (enter(name))
        {
            visitor.onBeginArray(name, length);
        }
    }

    @Override
    public void onEndArray()
    {
        if (leave())
        {
            visitor.onEndArray();
        }
    }

    @Override
    public void onNull(final String name)
    {
        if (isChosen(name))
        {
            visitor.onNull(name);
        }
    }

    @Override
    public void onLong(final String name, final long value)
    {
        if (isChosen(name))
        {
            visitor.onLong(name, value);
        }
    }

    @Override
    public void onUnsignedLong(final String name, final long value)
    {
        if (isChosen(name))
        {
            visitor.onUnsignedLong(name, value);
        }
    }

    @Override
    public void onFloat(final String name, final float value)
    {
        if (isChosen(name))
        {
            visitor.onFloat(name, value);
        }
    }

    @Override
    public void onDouble(final String name, final double value)
    {
        if (isChosen(name))
        {
            visitor.onDouble(name, value);
        }
    }

    @Override
    public void onDecimal(final String name, final BigDecimal value)
    {
        if (isChosen(name))
        {
            visitor.onDecimal(name, value);
        }
    }

    @Override
    public void onText(final String name, final String value)
    {
        if (isChosen(name))
        {
            visitor.onText(name, value);
        }
    }

    @Override
    public void onEnum(final String name, final String value, final long number)
    {
        if (isChosen(name))
        {
            visitor.onEnum(name, value, number);
        }
    }

    @Override
    public void onSet(final String name, final List<String> choices, final long unknownBits)
    {
        if (isChosen(name))
        {
            visitor.onSet(name, choices, unknownBits);
        }
    }

    @Override
    public void onBytes(final String name, final DirectBuffer buffer, final int offset, final int length)
    {
        if (isChosen(name))
        {
            visitor.onBytes(name, buffer, offset, length);
        }
    }

    private boolean enter(final String name)
    {
        final FieldTree below = leftOut > 0 ? null : here.below(name);
        if (below == null)
        {
            leftOut++;
            return false;
        }
        outer.push(here);
        here = below;

        return true;
    }

    private boolean leave()
    {
        if (leftOut > 0)
        {
            leftOut--;
            return false;
        }
        here = outer.pop();

        return true;
    }

    private boolean isChosen(final String name)
    {
        if (leftOut > 0)
        {
            return false;
        }
        // The elements of an array come under the name that was entered.
        final FieldTree below = here.below(name);

        return below != null && below.isChosen();
    }
}
