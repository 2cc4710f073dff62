package io.kekbit.examples.console;

import io.kekbit.core.PlainTextDataFormat;
import io.kekbit.core.ReaderState;
import io.kekbit.core.ShmReader;
import io.kekbit.core.TerminalText;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.StorageNotReadyException;
import io.kekbit.examples.support.ChannelOptions;
import io.kekbit.examples.support.EndOfChannel;
import io.kekbit.examples.support.ExitStatus;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.SystemNanoClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Prints the lines that come through a channel. Nothing has to be put in order when it is interrupted: a reader leaves
 * no trace.
 */
@Command(
    name = "echo-out",
    description = "Prints the lines that come through a channel, until \"Bye\" or the end of the channel.",
    exitCodeListHeading = "%nExit status:%n",
    footer = "",
    exitCodeList = {
        "0:\"Bye\" came, or the writer closed the channel",
        "1:it failed, for the reason told",
        "2:the options are not right",
        "3:no channel appeared in time",
        "4:the writer is gone: no sign of life for longer than the channel's timeout",
        "5:the channel cannot be read to its end: it is damaged, or was not closed when it was full",
        "130, 143:interrupted (Ctrl-C, kill)"})
public final class EchoOut implements Callable<Integer>
{
    private final IdleStrategy idleStrategy = new SleepingMillisIdleStrategy(1);

    @Mixin
    private ChannelOptions channelOptions;

    @Option(
        names = "--wait",
        paramLabel = "SECONDS",
        defaultValue = "60",
        description = "How long to wait for the channel to appear; ${DEFAULT-VALUE} unless given.")
    private long waitSeconds;

    @Spec
    private CommandSpec command;

    /**
     * Prints lines until nothing will follow.
     *
     * @return the exit status.
     */
    @Override
    public Integer call()
    {
        try (ShmReader reader = ShmReader.builder(channelOptions.requireRoot(), channelOptions.channel)
            .format(PlainTextDataFormat.INSTANCE)
            .tryOpen(TimeUnit.SECONDS.toNanos(waitSeconds), idleStrategy))
        {
            return print(reader, command.commandLine().getOut());
        }
        catch (final ChannelNotFoundException | StorageNotReadyException ex)
        {
            command.commandLine().getErr().println(command.qualifiedName() + ": " + ex.getMessage());

            return ExitStatus.NO_CHANNEL;
        }
    }

    private int print(final ShmReader reader, final PrintWriter out)
    {
        final EndOfChannel end = new EndOfChannel(reader, SystemNanoClock.INSTANCE);
        while (true)
        {
            while (reader.next())
            {
                final String line =
                    PlainTextDataFormat.INSTANCE.decode(reader.buffer(), reader.offset(), reader.length());
                out.println(TerminalText.escape(line));
                if (LineChannel.BYE.equals(line))
                {
                    return ExitStatus.OK;
                }
            }
            if (end.isReached())
            {
                final ReaderState state = end.state();
                final PrintWriter to = state == ReaderState.CLOSED ? out : command.commandLine().getErr();
                to.println(command.qualifiedName() + ": " + ExitStatus.message(state, "the writer", reader));

                return ExitStatus.of(state);
            }
            idleStrategy.idle();
        }
    }
}
