package io.kekbit.cli.channels;

import io.kekbit.cli.support.ChannelArgument;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.cli.support.JsonObject;
import io.kekbit.cli.support.JsonOption;
import io.kekbit.cli.support.Units;
import io.kekbit.core.ShmWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/**
 * Marks a channel closed whose writer died.
 */
@Command(
    name = "close",
    description = {
        "Marks a channel closed whose writer died, so that its readers come to the end and stop.",
        "This changes the file: it forces all records to the device and puts the close marker behind the last one. " +
            "It refuses while a writer has the channel, and where the channel is closed, damaged or was made by the " +
            "Rust crate."},
    footer = {
        "%nExamples:",
        "  kekbit close /dev/shm/channels trades",
        "  kekbit close /dev/shm/channels/0000_0000/0000_002a.kekbit"})
public final class CloseCommand implements Callable<Integer>
{
    @Mixin
    private ChannelArgument channel;

    @Mixin
    private JsonOption json;

    @Spec
    private CommandSpec command;

    /**
     * Closes the channel.
     *
     * @return 0.
     * @throws IOException where the channel cannot be looked for.
     */
    @Override
    public Integer call() throws IOException
    {
        final Path file = channel.file();
        final long position = ShmWriter.closeAbandoned(file);
        command.commandLine().getOut().println(json.isJson() ?
            new JsonObject().text("file", file.toString()).number("closedAt", position) :
            "closed at position " + Units.count(position) + ": " + file);

        return ExitCodes.OK;
    }
}
