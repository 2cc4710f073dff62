package io.kekbit.cli.records;

import io.kekbit.sbe.ir.MessageVisitor;
import org.agrona.DirectBuffer;

import java.math.BigDecimal;
import java.util.Base64;
import java.util.List;

/**
 * Finds out whether a message fulfils all conditions. In a group it is enough that one entry fulfils a condition, and
 * in an array one element. A field that the message does not have fulfils nothing. Not thread-safe.
 */
final class WhereVisitor implements MessageVisitor
{
    private final Condition[] conditions;
    /** How many names of each condition's path lead to where the visitor is, if all that leads there does. */
    private final int[] reached;
    private final boolean[] isFulfilled;
    private int depth;

    WhereVisitor(final List<Condition> conditions)
    {
        this.conditions = conditions.toArray(new Condition[0]);
        reached = new int[conditions.size()];
        isFulfilled = new boolean[conditions.size()];
    }

    /**
     * Whether the message that was visited fulfils all conditions.
     */
    boolean isFulfilled()
    {
        for (final boolean one : isFulfilled)
        {
            if (!one)
            {
                return false;
            }
        }

        return true;
    }

    @Override
    public void onBeginMessage(final String name, final int templateId, final int actingVersion)
    {
        reset();
    }

    /**
     * Forget the message before.
     */
    void reset()
    {
        depth = 0;
        for (int i = 0; i < conditions.length; i++)
        {
            reached[i] = 0;
            isFulfilled[i] = false;
        }
    }

    @Override
    public void onBeginGroup(final String name, final int count)
    {
        enter(name);
    }

    @Override
    public void onEndGroup()
    {
        leave();
    }

    @Override
    public void onBeginComposite(final String name)
    {
        enter(name);
    }

    @Override
    public void onEndComposite()
    {
        leave();
    }

    @Override
    public void onNull(final String name)
    {
        for (int i = 0; i < conditions.length; i++)
        {
            isFulfilled[i] |= isAt(i, name) && conditions[i].matchesNull();
        }
    }

    @Override
    public void onLong(final String name, final long value)
    {
        for (int i = 0; i < conditions.length; i++)
        {
            isFulfilled[i] |= isAt(i, name) && conditions[i].matches(value);
        }
    }

    @Override
    public void onUnsignedLong(final String name, final long value)
    {
        for (int i = 0; i < conditions.length; i++)
        {
            isFulfilled[i] |= isAt(i, name) && conditions[i].matchesUnsigned(value);
        }
    }

    @Override
    public void onFloat(final String name, final float value)
    {
        for (int i = 0; i < conditions.length; i++)
        {
            isFulfilled[i] |= isAt(i, name) && conditions[i].matches(value);
        }
    }

    @Override
    public void onDouble(final String name, final double value)
    {
        for (int i = 0; i < conditions.length; i++)
        {
            isFulfilled[i] |= isAt(i, name) && conditions[i].matches(value);
        }
    }

    @Override
    public void onDecimal(final String name, final BigDecimal value)
    {
        for (int i = 0; i < conditions.length; i++)
        {
            isFulfilled[i] |= isAt(i, name) && conditions[i].matches(value);
        }
    }

    @Override
    public void onText(final String name, final String value)
    {
        for (int i = 0; i < conditions.length; i++)
        {
            isFulfilled[i] |= isAt(i, name) && conditions[i].matches(value);
        }
    }

    @Override
    public void onEnum(final String name, final String value, final long number)
    {
        for (int i = 0; i < conditions.length; i++)
        {
            isFulfilled[i] |= isAt(i, name) && conditions[i].matches(value, number);
        }
    }

    @Override
    public void onSet(final String name, final List<String> choices, final long unknownBits)
    {
        for (int i = 0; i < conditions.length; i++)
        {
            isFulfilled[i] |= isAt(i, name) && conditions[i].matches(choices);
        }
    }

    @Override
    public void onBytes(final String name, final DirectBuffer buffer, final int offset, final int length)
    {
        for (int i = 0; i < conditions.length; i++)
        {
            if (isAt(i, name))
            {
                final byte[] bytes = new byte[length];
                buffer.getBytes(offset, bytes);
                isFulfilled[i] |= conditions[i].matches(Base64.getEncoder().encodeToString(bytes));
            }
        }
    }

    private void enter(final String name)
    {
        depth++;
        for (int i = 0; i < conditions.length; i++)
        {
            final List<String> path = conditions[i].path();
            if (reached[i] == depth - 1 && path.size() > depth && path.get(depth - 1).equals(name))
            {
                reached[i] = depth;
            }
        }
    }

    private void leave()
    {
        depth--;
        for (int i = 0; i < conditions.length; i++)
        {
            reached[i] = Math.min(reached[i], depth);
        }
    }

    private boolean isAt(final int i, final String name)
    {
        final List<String> path = conditions[i].path();

        return reached[i] == depth && path.size() == depth + 1 && path.get(depth).equals(name);
    }
}
