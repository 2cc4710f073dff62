package io.kekbit.examples.console;

import io.kekbit.core.PlainTextDataFormat;
import io.kekbit.core.ReaderState;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmReaderBuilder;
import io.kekbit.core.TerminalText;
import io.kekbit.core.exceptions.RecordTooLongException;
import io.kekbit.examples.support.ChannelOptions;
import io.kekbit.examples.support.ConsoleLines;
import io.kekbit.examples.support.EndOfChannel;
import io.kekbit.examples.support.ExitStatus;
import io.kekbit.examples.support.Interruption;
import io.kekbit.examples.support.Opening;
import org.agrona.concurrent.SystemNanoClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/**
 * Two people talk: each writes a channel of their own and reads the other's, since a channel has one writer.
 */
@Command(
    name = "chat",
    description = "Talk to somebody in another terminal, until one of you says \"Bye\".",
    exitCodeListHeading = "%nExit status:%n",
    footer = "",
    exitCodeList = {
        "0:one of the two said \"Bye\" or ended the input; the own channel is closed",
        "1:it failed, for the reason told",
        "2:the options are not right",
        "3:the other one did not come in time",
        "4:the other one is gone: no sign of life for longer than the channel's timeout",
        "5:the other one's channel cannot be read to its end: damaged, or not closed when it was full",
        "130, 143:interrupted (Ctrl-C, kill); the own channel is closed"})
public final class Chat implements Callable<Integer>
{
    private static final long LOOK_UP_INTERVAL_MS = 10;

    @Option(names = "--root", paramLabel = "DIR", required = true, description = "Folder of both channels.")
    private Path root;

    @Option(
        names = "--me",
        paramLabel = "ID",
        required = true,
        converter = ChannelOptions.ChannelId.class,
        description = "Id of the channel that you write.")
    private long myChannel;

    @Option(
        names = "--other",
        paramLabel = "ID",
        required = true,
        converter = ChannelOptions.ChannelId.class,
        description = "Id of the channel that the other one writes.")
    private long otherChannel;

    @Option(
        names = "--wait",
        paramLabel = "SECONDS",
        defaultValue = "60",
        description = "How long to wait for the other one; ${DEFAULT-VALUE} unless given.")
    private long waitSeconds;

    @Spec
    private CommandSpec command;

    /**
     * Talks until one of the two has enough.
     *
     * @return the exit status.
     * @throws InterruptedException where this thread is interrupted.
     */
    @Override
    public Integer call() throws InterruptedException
    {
        try (Interruption interruption = new Interruption())
        {
            final int status;
            try (LineChannel mine = new LineChannel(root, myChannel))
            {
                out().println("waiting for the other one");
                try (ShmReader other = awaitOther(mine, interruption))
                {
                    status = other != null ? talk(mine, other, interruption) : withoutOther(interruption);
                }
            }
            out().println("your channel is closed");

            return status;
        }
    }

    private ShmReader awaitOther(final LineChannel mine, final Interruption interruption)
    {
        final ShmReaderBuilder builder = ShmReader.builder(root, otherChannel).format(PlainTextDataFormat.INSTANCE);

        return Opening.await(builder, waitSeconds, interruption, mine.signsOfLife());
    }

    private int talk(final LineChannel mine, final ShmReader other, final Interruption interruption)
        throws InterruptedException
    {
        out().println("you can talk now (" + LineChannel.BYE + " ends)");
        final ConsoleLines lines = new ConsoleLines();
        final EndOfChannel end = new EndOfChannel(other, SystemNanoClock.INSTANCE);
        while (!interruption.isPending() && !lines.isAtEnd())
        {
            while (other.next())
            {
                out().println("> " + TerminalText.escape(
                    PlainTextDataFormat.INSTANCE.decode(other.buffer(), other.offset(), other.length())));
            }
            if (end.isReached())
            {
                return left(end.state(), other);
            }

            final String line = lines.poll(LOOK_UP_INTERVAL_MS);
            if (line != null)
            {
                say(line, mine);
            }
            if (LineChannel.BYE.equals(line))
            {
                return ExitStatus.OK;
            }
            mine.signsOfLife().give();
        }

        return interruption.isPending() ? ExitStatus.FAILED : ExitStatus.OK;
    }

    private void say(final String line, final LineChannel mine)
    {
        try
        {
            mine.send(line);
        }
        catch (final RecordTooLongException ex)
        {
            err().println("not sent: " + ex.getMessage());
        }
    }

    private int left(final ReaderState state, final ShmReader other)
    {
        final PrintWriter to = state == ReaderState.CLOSED ? out() : err();
        to.println(command.qualifiedName() + ": " + ExitStatus.message(state, "the other one", other));

        return ExitStatus.of(state);
    }

    private int withoutOther(final Interruption interruption)
    {
        if (interruption.isPending())
        {
            return ExitStatus.FAILED;
        }
        err().println(command.qualifiedName() + ": the other one did not come in " + waitSeconds + " s");

        return ExitStatus.NO_CHANNEL;
    }

    private PrintWriter out()
    {
        return command.commandLine().getOut();
    }

    private PrintWriter err()
    {
        return command.commandLine().getErr();
    }
}
