package io.kekbit.examples.console;

import io.kekbit.core.exceptions.RecordTooLongException;
import io.kekbit.examples.support.ChannelOptions;
import io.kekbit.examples.support.ConsoleLines;
import io.kekbit.examples.support.ExitStatus;
import io.kekbit.examples.support.Interruption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/**
 * Sends what is typed through a channel, line by line. However it ends, it closes the channel, so that whoever reads it
 * need not wait for the timeout.
 */
@Command(
    name = "echo-in",
    description = "Sends the lines of standard input through a channel, until \"Bye\" or the end of the input.",
    exitCodeListHeading = "%nExit status:%n",
    footer = "",
    exitCodeList = {
        "0:all was sent, and the channel closed",
        "1:it failed, for the reason told",
        "2:the options are not right",
        "130, 143:interrupted (Ctrl-C, kill); the channel is closed"})
public final class EchoIn implements Callable<Integer>
{
    private static final long LOOK_UP_INTERVAL_MS = 100;

    @Mixin
    private ChannelOptions channelOptions;

    @Spec
    private CommandSpec command;

    /**
     * Sends lines until told to stop.
     *
     * @return the exit status.
     * @throws InterruptedException where this thread is interrupted.
     */
    @Override
    public Integer call() throws InterruptedException
    {
        try (Interruption interruption = new Interruption())
        {
            try (LineChannel channel = new LineChannel(channelOptions.requireRoot(), channelOptions.channel))
            {
                command.commandLine().getOut().println(
                    "channel created: " + channel.file() + " (" + LineChannel.BYE + " ends)");
                send(new ConsoleLines(), channel, interruption);
            }
            command.commandLine().getOut().println(
                interruption.isPending() ? "interrupted, channel closed" : "channel closed");

            return interruption.isPending() ? ExitStatus.FAILED : ExitStatus.OK;
        }
    }

    private void send(final ConsoleLines lines, final LineChannel channel, final Interruption interruption)
        throws InterruptedException
    {
        while (!interruption.isPending() && !lines.isAtEnd())
        {
            final String line = lines.poll(LOOK_UP_INTERVAL_MS);
            if (line != null)
            {
                send(line, channel);
            }
            if (LineChannel.BYE.equals(line))
            {
                return;
            }
            channel.signsOfLife().give();
        }
    }

    private void send(final String line, final LineChannel channel)
    {
        try
        {
            channel.send(line);
        }
        catch (final RecordTooLongException ex)
        {
            command.commandLine().getErr().println("not sent: " + ex.getMessage());
        }
    }
}
