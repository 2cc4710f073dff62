package io.kekbit.cli.records;

import io.kekbit.sbe.ir.MessageVisitor;
import org.agrona.DirectBuffer;

import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes rows of a message: one for each innermost entry of its groups, with the values around that entry repeated in
 * each, or one row where it has no entries. The rows are put together when the whole message is known, since var data
 * stands behind the groups. Not thread-safe.
 */
final class CsvRows implements MessageVisitor
{
    private static final Node ELSEWHERE = new Node();

    private final Node root = new Node();
    private final List<String> columns = new ArrayList<>();
    private final Deque<Node> outer = new ArrayDeque<>();
    private final Deque<Entry> outerEntries = new ArrayDeque<>();
    private final StringBuilder array = new StringBuilder();
    private Node here;
    private Entry entry;
    private String message;
    private boolean isInArray;

    /**
     * @param paths to the fields that get columns, in this order.
     */
    CsvRows(final Iterable<List<String>> paths)
    {
        for (final List<String> path : paths)
        {
            Node node = root;
            for (final String name : path)
            {
                node = node.childByName.computeIfAbsent(name, (key) -> new Node());
            }
            if (node.column < 0)
            {
                node.column = columns.size();
                columns.add(String.join(".", path));
            }
        }
    }

    /**
     * The names of the columns.
     */
    List<String> columns()
    {
        return columns;
    }

    /**
     * Append the rows of the message that was visited.
     *
     * @param out   to append to.
     * @param start of each row, with a comma behind it.
     */
    void append(final StringBuilder out, final CharSequence start)
    {
        append(out, start, entry, new String[columns.size()]);
    }

    /**
     * The name of the message that was visited.
     */
    String message()
    {
        return message;
    }

    @Override
    public void onBeginMessage(final String name, final int templateId, final int actingVersion)
    {
        message = name;
        outer.clear();
        outerEntries.clear();
        here = root;
        entry = new Entry();
        isInArray = false;
    }

    @Override
    public void onBeginGroup(final String name, final int count)
    {
        enter(name);
    }

    @Override
    public void onEndGroup()
    {
        here = outer.pop();
    }

    @Override
    public void onBeginEntry(final int index)
    {
        final Entry inner = new Entry();
        entry.inner.add(inner);
        outerEntries.push(entry);
        entry = inner;
    }

    @Override
    public void onEndEntry()
    {
        entry = outerEntries.pop();
    }

    @Override
    public void onBeginComposite(final String name)
    {
        enter(name);
    }

    @Override
    public void onEndComposite()
    {
        here = outer.pop();
    }

    @Override
    public void onBeginArray(final String name, final int length)
    {
        enter(name);
        isInArray = true;
        array.setLength(0);
    }

    @Override
    public void onEndArray()
    {
        isInArray = false;
        final Node node = here;
        here = outer.pop();
        entry.put(node, array.toString());
    }

    @Override
    public void onNull(final String name)
    {
        if (isInArray)
        {
            put(name, "null");
        }
    }

    @Override
    public void onLong(final String name, final long value)
    {
        put(name, Long.toString(value));
    }

    @Override
    public void onUnsignedLong(final String name, final long value)
    {
        put(name, Long.toUnsignedString(value));
    }

    @Override
    public void onFloat(final String name, final float value)
    {
        put(name, Float.toString(value));
    }

    @Override
    public void onDouble(final String name, final double value)
    {
        put(name, Double.toString(value));
    }

    @Override
    public void onDecimal(final String name, final BigDecimal value)
    {
        put(name, Decimals.text(value));
    }

    @Override
    public void onText(final String name, final String value)
    {
        put(name, value);
    }

    @Override
    public void onEnum(final String name, final String value, final long number)
    {
        put(name, value);
    }

    @Override
    public void onSet(final String name, final List<String> choices, final long unknownBits)
    {
        final String names = String.join(" ", choices);
        put(name, unknownBits == 0 ? names : (names + " 0x" + Long.toHexString(unknownBits)).strip());
    }

    @Override
    public void onBytes(final String name, final DirectBuffer buffer, final int offset, final int length)
    {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        put(name, Base64.getEncoder().encodeToString(bytes));
    }

    private void enter(final String name)
    {
        outer.push(here);
        here = here.childByName.getOrDefault(name, ELSEWHERE);
    }

    private void put(final String name, final String value)
    {
        if (isInArray)
        {
            array.append(array.length() == 0 ? "" : " ").append(value);
            return;
        }
        final Node node = here.childByName.get(name);
        if (node != null)
        {
            entry.put(node, value);
        }
    }

    private void append(
        final StringBuilder out, final CharSequence start, final Entry from, final String[] around)
    {
        final String[] cells = around.clone();
        for (int i = 0; i < from.nodes.size(); i++)
        {
            cells[from.nodes.get(i).column] = from.values.get(i);
        }
        if (from.inner.isEmpty())
        {
            out.append(start);
            for (int i = 0; i < cells.length; i++)
            {
                if (i > 0)
                {
                    out.append(',');
                }
                Csv.append(out, cells[i]);
            }
            out.append(Csv.LINE_END);
        }
        for (final Entry inner : from.inner)
        {
            append(out, start, inner, cells);
        }
    }

    /**
     * A name on the way to columns.
     */
    private static final class Node
    {
        private final Map<String, Node> childByName = new HashMap<>();
        private int column = -1;
    }

    /**
     * A message, or an entry of a group.
     */
    private static final class Entry
    {
        private final List<Node> nodes = new ArrayList<>();
        private final List<String> values = new ArrayList<>();
        private final List<Entry> inner = new ArrayList<>();

        void put(final Node node, final String value)
        {
            if (node.column >= 0)
            {
                nodes.add(node);
                values.add(value);
            }
        }
    }
}
