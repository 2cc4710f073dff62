package io.kekbit.cli.aeron;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Keeps copies of channels and series on other hosts.
 */
@Command(
    name = "replicate",
    description = {
        "Keeps copies of channels and series on other hosts, over Aeron: equal byte by byte in their records, and as " +
            "readable as the original.",
        "One host sends, any number receive, each at its own pace; whoever was killed, cut off or late goes on where " +
            "its copy ends. There is no password and no encryption: for networks that are trusted."},
    synopsisSubcommandLabel = "(send | receive)",
    subcommands = {SendCommand.class, ReceiveCommand.class},
    footer = {
        "%nExamples:",
        "  kekbit replicate send --config send.properties",
        "  kekbit replicate receive --config receive.properties --embedded-driver",
        "  kekbit replicate send --help              the keys of the file"})
public final class ReplicateCommand implements Runnable
{
    @Spec
    private CommandSpec command;

    /**
     * The direction is missing.
     */
    @Override
    public void run()
    {
        throw new ParameterException(command.commandLine(), "send or receive is missing");
    }
}
