package io.kekbit.examples.replicate;

import io.kekbit.aeron.replication.RefusalReason;
import io.kekbit.aeron.replication.ReplicationSource;
import io.kekbit.aeron.replication.SourceListener;
import io.kekbit.examples.support.Interruption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/**
 * Sends the channels of this host to whoever asks. It knows nothing of those who write them, nor they of it: it reads
 * as any reader does.
 */
@Command(
    name = "replicate-source",
    description = "Sends the channels of a folder to the hosts that ask for copies.",
    exitCodeListHeading = "%nExit status:%n",
    footer = "",
    exitCodeList = {
        "1:it failed, for the reason told",
        "2:the options are not right",
        "130, 143:interrupted (Ctrl-C, kill), which is how it ends"})
public final class ReplicateSource implements Callable<Integer>
{
    @Option(names = "--root", paramLabel = "DIR", required = true, description = "Folder of the channels.")
    private Path root;

    @Option(
        names = "--address",
        paramLabel = "HOST:PORT",
        defaultValue = "localhost:24400",
        converter = SourceAddress.Converter.class,
        description = "This host's address, and the first of two UDP ports; ${DEFAULT-VALUE} unless given.")
    private SourceAddress address;

    @Option(
        names = "--aeron-dir",
        paramLabel = "DIR",
        required = true,
        description = "Folder for the files of the media driver; made anew.")
    private Path aeronFolder;

    @Spec
    private CommandSpec command;

    /**
     * Serves until it is interrupted.
     *
     * @return the exit status.
     * @throws Exception where it fails.
     */
    @Override
    public Integer call() throws Exception
    {
        try (Interruption interruption = new Interruption();
            HostDriver driver = new HostDriver(aeronFolder);
            ReplicationSource source = ReplicationSource.builder(root)
                .aeron(driver.client())
                .requestChannel(address.requests())
                .responseChannel(address.responses())
                .listener(new Printer(command.commandLine().getOut()))
                .build())
        {
            command.commandLine().getOut().println("sends what is asked for at " + address);
            HostDriver.run(source, () -> false, interruption);
        }

        return 0;
    }

    private static final class Printer implements SourceListener
    {
        private final PrintWriter out;

        Printer(final PrintWriter out)
        {
            this.out = out;
        }

        @Override
        public void onRequest(
            final long targetId, final String name, final String stream, final long ordinal, final long position)
        {
            // As long as there is nothing to copy, it asks for that again and again.
            if (position > 0)
            {
                out.println(name + " asks for what follows position " + position);
            }
        }

        @Override
        public void onTargetLost(final long targetId)
        {
            out.println("a target is gone");
        }

        @Override
        public void onRefused(final long targetId, final RefusalReason reason, final String details)
        {
            if (!reason.isTransient())
            {
                out.println("refused: " + reason + " " + details);
            }
        }
    }
}
