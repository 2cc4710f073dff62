package io.kekbit.cli.records;

import io.kekbit.cli.support.ErrorPrinter;
import picocli.CommandLine.Model.CommandSpec;

import java.util.function.Consumer;

/**
 * Tells the user something on standard error, apart from what is printed.
 */
public final class Notes implements Consumer<String>
{
    private final CommandSpec command;

    /**
     * Tell it as a command does.
     *
     * @param command whose standard error it is.
     */
    public Notes(final CommandSpec command)
    {
        this.command = command;
    }

    @Override
    public void accept(final String sentence)
    {
        ErrorPrinter.print(command.commandLine().getErr(), sentence);
    }
}
