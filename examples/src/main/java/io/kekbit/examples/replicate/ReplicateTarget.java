package io.kekbit.examples.replicate;

import io.kekbit.aeron.replication.ReplicationException;
import io.kekbit.aeron.replication.ReplicationTarget;
import io.kekbit.aeron.replication.TargetListener;
import io.kekbit.examples.support.ChannelOptions;
import io.kekbit.examples.support.ExitStatus;
import io.kekbit.examples.support.Interruption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Copies a channel of another host. The copy is all the state there is: whatever happened to this process, the next one
 * asks for what follows the end of the copy.
 */
@Command(
    name = "replicate-target",
    description = "Copies a channel of another host, and goes on with a copy that is there.",
    exitCodeListHeading = "%nExit status:%n",
    footer = "",
    exitCodeList = {
        "0:the channel was closed by its writer, and the copy is complete",
        "1:it failed, for the reason told",
        "2:the options are not right",
        "3:no source host answered in time",
        "130, 143:interrupted (Ctrl-C, kill); the copy can be gone on with"})
public final class ReplicateTarget implements Callable<Integer>
{
    private static final Duration RETRY_INTERVAL = Duration.ofMillis(200);

    @Option(
        names = "--root", paramLabel = "DIR", required = true,
        description = "Folder of the copy; made where it does not exist.")
    private Path root;

    @Option(
        names = "--channel",
        paramLabel = "ID",
        defaultValue = "1",
        converter = ChannelOptions.ChannelId.class,
        description = "Id of the channel, here and there; ${DEFAULT-VALUE} unless given.")
    private long channel;

    @Option(
        names = "--source",
        paramLabel = "HOST:PORT",
        defaultValue = "localhost:24400",
        converter = SourceAddress.Converter.class,
        description = "The address of the source host; ${DEFAULT-VALUE} unless given.")
    private SourceAddress source;

    @Option(
        names = "--name", paramLabel = "NAME", defaultValue = "target",
        description = "What the source host calls this one; ${DEFAULT-VALUE} unless given.")
    private String name;

    @Option(
        names = "--aeron-dir",
        paramLabel = "DIR",
        required = true,
        description = "Folder for the files of the media driver; made anew.")
    private Path aeronFolder;

    @Option(
        names = "--wait",
        paramLabel = "SECONDS",
        defaultValue = "60",
        description = "How long to wait for a source host that does not answer; ${DEFAULT-VALUE} unless given.")
    private long waitSeconds;

    @Spec
    private CommandSpec command;

    private long lastConnectedNs;

    /**
     * Copies until the copy is complete.
     *
     * @return the exit status.
     * @throws Exception where it fails.
     */
    @Override
    public Integer call() throws Exception
    {
        try (Interruption interruption = new Interruption();
            HostDriver driver = new HostDriver(aeronFolder);
            ReplicationTarget target = ReplicationTarget.builder(root)
                .aeron(driver.client())
                .channel(channel)
                .requestChannel(source.requests())
                .responseChannel(source.responses())
                .retryInterval(RETRY_INTERVAL)
                .name(name)
                .listener(new Printer(command.commandLine().getOut()))
                .build())
        {
            lastConnectedNs = System.nanoTime();
            HostDriver.run(target, () -> target.isComplete() || isGivenUp(target), interruption);

            return status(target, interruption);
        }
        catch (final ReplicationException ex)
        {
            return failed(ExitStatus.FAILED, ex.getMessage());
        }
    }

    private boolean isGivenUp(final ReplicationTarget target)
    {
        if (target.isConnected())
        {
            lastConnectedNs = System.nanoTime();
        }

        return System.nanoTime() - lastConnectedNs > TimeUnit.SECONDS.toNanos(waitSeconds);
    }

    private int status(final ReplicationTarget target, final Interruption interruption)
    {
        if (target.isComplete())
        {
            command.commandLine().getOut().println(
                "copy complete: records=" + target.recordCount() + " position=" + target.position());

            return ExitStatus.OK;
        }

        return interruption.isPending() ?
            failed(ExitStatus.FAILED, "interrupted: position=" + target.position()) :
            failed(ExitStatus.NO_CHANNEL, "no source host at " + source);
    }

    private int failed(final int status, final String message)
    {
        command.commandLine().getErr().println(command.qualifiedName() + ": " + message);

        return status;
    }

    private static final class Printer implements TargetListener
    {
        private final PrintWriter out;

        Printer(final PrintWriter out)
        {
            this.out = out;
        }

        @Override
        public void onCopying(final Path file, final long ordinal, final long position)
        {
            out.println(position == 0 ? "copies to " + file : "goes on with its copy at position " + position);
        }

        @Override
        public void onSourceLost(final String why)
        {
            out.println("the source host is gone: " + why);
        }
    }
}
