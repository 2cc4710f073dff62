package io.kekbit.cli.records;

import java.io.IOException;

/**
 * Prints the records that are looked for, and some before and behind each of them, every record once. Not thread-safe.
 */
final class ContextPrinter
{
    private final RecordOutput out;
    private final Record[] before;
    /** How to print each of those that are held. */
    private final RecordPrinter[] printers;
    private final CharSequence gap;
    private final boolean isCopied;
    private RecordPrinter printer;
    private int held;
    private int next;
    private int toFollow;
    private boolean hasSkipped;
    private boolean hasPrinted;

    /**
     * @param printer  of records.
     * @param out      to print to.
     * @param context  how many records before and behind each.
     * @param gap      to print where records between two that are printed were left out.
     * @param isCopied whether to copy what may have to be printed later, since the channel may be closed till then.
     */
    ContextPrinter(
        final RecordPrinter printer,
        final RecordOutput out,
        final int context,
        final CharSequence gap,
        final boolean isCopied)
    {
        this.isCopied = isCopied;
        this.printer = printer;
        this.out = out;
        this.gap = gap;
        before = new Record[context];
        printers = new RecordPrinter[context];
        for (int i = 0; i < context; i++)
        {
            before[i] = new Record();
        }
    }

    /**
     * Take the next record.
     *
     * @param record   of the channel.
     * @param isSought whether it is one that is looked for.
     * @return whether something was printed.
     * @throws IOException where that cannot be done.
     */
    boolean take(final Record record, final boolean isSought) throws IOException
    {
        if (isSought)
        {
            printHeld();
            printer.print(record, out);
            toFollow = before.length;
            hasPrinted = true;

            return true;
        }
        if (toFollow > 0)
        {
            toFollow--;
            printer.print(record, out);

            return true;
        }
        hold(record);

        return false;
    }

    /**
     * Print otherwise from now on what is taken from now on.
     */
    void printer(final RecordPrinter other)
    {
        printer = other;
    }

    private void hold(final Record record)
    {
        if (held == before.length)
        {
            hasSkipped = true;
        }
        if (before.length > 0)
        {
            if (isCopied)
            {
                before[next].keep(record);
            }
            else
            {
                before[next].set(record);
            }
            printers[next] = printer;
            next = next + 1 == before.length ? 0 : next + 1;
            held = Math.min(before.length, held + 1);
        }
    }

    private void printHeld() throws IOException
    {
        if (hasSkipped && hasPrinted && before.length > 0)
        {
            out.append(gap);
        }
        for (int i = held; i > 0; i--)
        {
            final int index = Math.floorMod(next - i, before.length);
            printers[index].print(before[index], out);
        }
        held = 0;
        hasSkipped = false;
    }
}
