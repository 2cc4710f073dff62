package io.kekbit.cli.records;

import io.kekbit.cli.support.CliException;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.cli.support.StreamTarget;
import io.kekbit.core.Extension;
import org.agrona.DirectBuffer;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Prints records of a channel or series to standard output: what {@code cat} and {@code tail} have in common.
 */
final class PrintJob implements AutoCloseable
{
    private static final int MAX_CONTEXT = 10_000;
    private static final int RECORDS_PER_LOOK = 64;
    private static final long FLUSH_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(4);

    private final Interruption interruption = new Interruption();
    private final RecordOutput out = RecordOutput.standard();
    private final Record record = new Record();
    private final RecordWalk walk;
    private final RecordOptions records;
    private final PrintOptions print;
    private final Consumer<String> notes;
    private final ContextPrinter printer;
    private final StreamContents contents;
    private RecordFilter filter;
    private DirectBuffer schema;
    private long formatId;
    private byte[] envelope;
    private long ordinal;
    private long flushedNs = System.nanoTime();

    /**
     * Open the channel or series and go to where the records begin.
     *
     * @param target  to read.
     * @param records which ones to print.
     * @param print   how to.
     * @param from    where to begin unless the options say.
     * @param to      where to end unless the options say.
     * @param notes   takes what the user should know, in one sentence.
     * @throws IOException where the folder of a series cannot be read.
     */
    PrintJob(
        final StreamTarget target,
        final RecordOptions records,
        final PrintOptions print,
        final Place from,
        final Place to,
        final Consumer<String> notes) throws IOException
    {
        this.records = records;
        this.print = print;
        this.notes = notes;
        RecordWalk opened = null;
        boolean isReady = false;
        try
        {
            if (print.context() < 0 || print.context() > MAX_CONTEXT)
            {
                throw new CliException(ExitCodes.USAGE, "-C=" + print.context() + " is not in 0.." + MAX_CONTEXT);
            }
            opened = new RecordWalk(
                target,
                records.from() == null ? from : records.from(),
                records.to() == null ? to : records.to(),
                records.isSuspectRead());
            walk = opened;
            contents = records.isNothingNamed() ? new StreamContents() :
                StreamContents.of(target, records.isSuspectRead());
            final boolean isForPeople = print.format() == RecordFormat.TEXT || print.format() == RecordFormat.HEX;
            printer = new ContextPrinter(
                understand(), out, print.context(), isForPeople ? "--\n" : "", target.isSeries());
            isReady = true;
        }
        finally
        {
            if (!isReady)
            {
                interruption.close();
                if (opened != null)
                {
                    opened.close();
                }
            }
        }
    }

    /**
     * The walk along the records.
     */
    RecordWalk walk()
    {
        return walk;
    }

    /**
     * Whether the record that the walk stands on is one that is looked for.
     *
     * @throws CliException where the options name what no channel's schema has.
     */
    boolean isSought(final Record stoodOn)
    {
        if (walk.reader().ordinal() != ordinal)
        {
            goOn();
        }

        return filter.matches(stoodOn);
    }

    /**
     * Print the record that the walk stands on, if it is to be printed.
     *
     * @throws IOException where it cannot be printed.
     */
    void take() throws IOException
    {
        final boolean isSought = isSought(record.set(walk.reader()));
        printer.take(record, isSought);
    }

    /**
     * Let everything be seen that was printed.
     *
     * @throws IOException where it cannot be printed.
     */
    void flush() throws IOException
    {
        out.flush();
    }

    /**
     * Print what is there. When this returns, nothing more is, or {@link #isDone()}.
     *
     * @return whether a record was read.
     * @throws IOException where it cannot be printed.
     */
    boolean printAvailable() throws IOException
    {
        long count = 0;
        while (walk.next())
        {
            take();
            if (++count % RECORDS_PER_LOOK == 0)
            {
                flushNowAndThen();
                if (isDone())
                {
                    break;
                }
            }
        }
        out.flush();

        return count > 0;
    }

    /**
     * Whether to end: nobody reads what is printed, the user wants it, or the place to end at was reached.
     */
    boolean isDone()
    {
        return walk.isOver() || isUnwanted();
    }

    /**
     * Whether nobody reads what is printed, or the user wants it to end.
     */
    boolean isUnwanted()
    {
        return out.isGone() || interruption.isPending();
    }

    /**
     * The status to end with, where nothing follows.
     *
     * @return {@link ExitCodes#OK}.
     * @throws CliException where the channel could not be read to its end.
     */
    int endStatus()
    {
        if (!out.isGone())
        {
            walk.requireReadable();
        }

        return ExitCodes.OK;
    }

    @Override
    public void close() throws IOException
    {
        try
        {
            out.flush();
        }
        finally
        {
            walk.close();
            interruption.close();
        }
    }

    /**
     * The walk came to another channel of the series, which may hold something else.
     */
    private void goOn()
    {
        final StreamReader reader = walk.reader();
        final Extension extension = reader.extension();
        if (extension.formatId() == formatId && Arrays.equals(extension.envelope(), envelope) &&
            reader.schema().equals(schema))
        {
            ordinal = reader.ordinal();
        }
        else
        {
            printer.printer(understand());
        }
    }

    /**
     * See what the records of this channel are, and how to choose and print them.
     */
    private RecordPrinter understand()
    {
        final StreamReader reader = walk.reader();
        final ChannelContent content = contents.of(reader);
        filter = new RecordFilter(content, contents, records);
        if (content.problem() != null && print.format() != RecordFormat.RAW)
        {
            notes.accept(content.problem() + "; records are shown as bytes");
        }
        ordinal = reader.ordinal();
        schema = reader.schema();
        formatId = reader.extension().formatId();
        envelope = reader.extension().envelope();

        return Printers.of(
            print.format(),
            content,
            new SchemaFields(filter.messages()),
            records.fields(),
            reader.header().tickUnit());
    }

    /**
     * What few records are chosen of many should be seen before many have gone by.
     */
    private void flushNowAndThen() throws IOException
    {
        if (out.isPending())
        {
            final long nowNs = System.nanoTime();
            if (nowNs - flushedNs > FLUSH_INTERVAL_NS)
            {
                out.flush();
                flushedNs = nowNs;
            }
        }
    }
}
