package io.kekbit.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code kekbit help COMMAND}, for those who do not type {@code kekbit COMMAND --help}.
 */
@Command(
    name = "help",
    description = "Explains a command.",
    footer = {
        "%nExamples:",
        "  kekbit help",
        "  kekbit help list"})
public final class HelpCommand implements Runnable
{
    @Parameters(arity = "0..1", paramLabel = "COMMAND", description = "What to explain; all of it unless given.")
    private String verb;

    @Spec
    private CommandSpec command;

    /**
     * Prints the help text.
     */
    @Override
    public void run()
    {
        final CommandLine root = command.commandLine().getParent();
        final CommandLine explained = verb == null ? root : root.getSubcommands().get(verb);
        if (explained == null)
        {
            throw new ParameterException(command.commandLine(), "there is no command '" + verb + "'");
        }
        explained.usage(command.commandLine().getOut());
    }
}
