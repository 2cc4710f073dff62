package io.kekbit.examples;

import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.UnsupportedPlatformException;
import io.kekbit.core.exceptions.WriteException;
import io.kekbit.examples.childprocess.ChildProcess;
import io.kekbit.examples.childprocess.SentenceReader;
import io.kekbit.examples.childprocess.SentenceWriter;
import io.kekbit.examples.console.Chat;
import io.kekbit.examples.console.EchoIn;
import io.kekbit.examples.console.EchoOut;
import io.kekbit.examples.json.JsonFormat;
import io.kekbit.examples.marketdata.MarketData;
import io.kekbit.examples.marketdata.MarketDataPublisher;
import io.kekbit.examples.marketdata.MarketDataSubscriber;
import io.kekbit.examples.replay.Replay;
import io.kekbit.examples.replicate.Replicate;
import io.kekbit.examples.replicate.ReplicateSource;
import io.kekbit.examples.replicate.ReplicateTarget;
import io.kekbit.examples.request.Reply;
import io.kekbit.examples.request.Request;
import io.kekbit.examples.resume.NumberWriter;
import io.kekbit.examples.resume.ResumeAfterKill;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

import java.io.IOException;
import java.io.PrintWriter;

/**
 * Starts an example by its name. An example is one more command in the list of subcommands.
 */
@Command(
    name = "examples/run",
    description = "Runs an example of kekbit.",
    synopsisSubcommandLabel = "NAME",
    subcommands = {
        HelloChannel.class,
        EchoIn.class,
        EchoOut.class,
        Chat.class,
        Request.class,
        Reply.class,
        SharedWriter.class,
        ResumeAfterKill.class,
        NumberWriter.class,
        JsonFormat.class,
        ReadRustChannel.class,
        MarketData.class,
        MarketDataPublisher.class,
        MarketDataSubscriber.class,
        Replay.class,
        Replicate.class,
        ReplicateSource.class,
        ReplicateTarget.class,
        ChildProcess.class,
        SentenceWriter.class,
        SentenceReader.class})
public final class Examples
{
    @Option(
        names = {"-h", "--help"},
        usageHelp = true,
        scope = ScopeType.INHERIT,
        description = "Explain this, and do nothing else.")
    private boolean isHelpRequested;

    private Examples()
    {
    }

    /**
     * Runs an example and ends the JVM with its status.
     *
     * @param args the example's name and its arguments.
     */
    public static void main(final String... args)
    {
        System.exit(commandLine().execute(args));
    }

    /**
     * All examples, set up so that what goes wrong is told in one line.
     *
     * @return the command line, ready to execute.
     */
    static CommandLine commandLine()
    {
        return new CommandLine(new Examples())
            .setUsageHelpAutoWidth(true)
            .setParameterExceptionHandler((ex, args) -> usageError(ex))
            .setExecutionExceptionHandler((ex, commandLine, parsed) -> failure(ex, commandLine));
    }

    private static int usageError(final ParameterException ex)
    {
        final CommandLine commandLine = ex.getCommandLine();
        final String name = commandLine.getCommandSpec().qualifiedName();
        commandLine.getErr().println(name + ": " + ex.getMessage() + " (" + name + " --help explains)");

        return commandLine.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static int failure(final Exception ex, final CommandLine commandLine)
    {
        final PrintWriter err = commandLine.getErr();
        final String name = commandLine.getCommandSpec().qualifiedName();
        if (ex instanceof ChannelException || ex instanceof WriteException ||
            ex instanceof UnsupportedPlatformException || ex instanceof ExampleException)
        {
            err.println(name + ": " + ex.getMessage());
        }
        else if (ex instanceof IOException)
        {
            // The message of such an exception is often but a file's name.
            err.println(name + ": " + ex.getClass().getSimpleName() + ": " + ex.getMessage());
        }
        else
        {
            ex.printStackTrace(err);
        }

        return commandLine.getCommandSpec().exitCodeOnExecutionException();
    }
}
