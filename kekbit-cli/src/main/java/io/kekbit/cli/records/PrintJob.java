package io.kekbit.cli.records;

import io.kekbit.cli.support.CliException;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.core.ShmReader;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Prints records of a channel to standard output: what {@code cat} and {@code tail} have in common.
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
    private final RecordFilter filter;
    private final ContextPrinter printer;
    private long flushedNs = System.nanoTime();

    /**
     * Open the channel and go to where the records begin.
     *
     * @param file    of the channel.
     * @param records which ones to print.
     * @param print   how to.
     * @param from    where to begin unless the options say.
     * @param to      where to end unless the options say.
     * @param notes   takes what the user should know, in one sentence.
     */
    PrintJob(
        final Path file,
        final RecordOptions records,
        final PrintOptions print,
        final Place from,
        final Place to,
        final Consumer<String> notes)
    {
        RecordWalk opened = null;
        boolean isReady = false;
        try
        {
            if (print.context() < 0 || print.context() > MAX_CONTEXT)
            {
                throw new CliException(ExitCodes.USAGE, "-C=" + print.context() + " is not in 0.." + MAX_CONTEXT);
            }
            opened = new RecordWalk(
                file,
                records.from() == null ? from : records.from(),
                records.to() == null ? to : records.to(),
                records.isSuspectRead());
            walk = opened;
            final ShmReader reader = walk.reader();
            final ChannelContent content = ChannelContent.of(reader);
            filter = new RecordFilter(content, records);
            final RecordPrinter plain = Printers.of(
                print.format(),
                content,
                new SchemaFields(filter.messages()),
                records.fields(),
                reader.header().tickUnit());
            final boolean isForPeople = print.format() == RecordFormat.TEXT || print.format() == RecordFormat.HEX;
            printer = new ContextPrinter(plain, out, print.context(), isForPeople ? "--\n" : "");
            if (content.problem() != null && print.format() != RecordFormat.RAW)
            {
                notes.accept(content.problem() + "; records are shown as bytes");
            }
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
     * Which records are looked for.
     */
    RecordFilter filter()
    {
        return filter;
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
            printer.take(record.set(walk.reader()), filter.matches(record));
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
        return walk.isOver() || out.isGone() || interruption.isPending();
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
