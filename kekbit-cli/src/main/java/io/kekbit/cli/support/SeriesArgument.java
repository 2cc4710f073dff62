package io.kekbit.cli.support;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Which series a command is about: its folder, or the root folder and its name. To be mixed into commands.
 */
public final class SeriesArgument
{
    @Parameters(
        index = "0",
        paramLabel = "SERIES",
        description = {
            "The series: its folder; or the root folder, followed by its name.",
            "kekbit list ROOT shows what is there."})
    private Path place;

    @Parameters(
        index = "1",
        arity = "0..1",
        paramLabel = "NAME",
        description = "With a root folder: the name of the series.")
    private String name;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /**
     * Find the folder of the series.
     *
     * @return the series.
     * @throws CliException       where there is none.
     * @throws ParameterException where what was given cannot name one.
     * @throws IOException        where the folder cannot be read.
     */
    public StreamTarget target() throws IOException
    {
        if (place.toString().isEmpty() || name != null && (name.isEmpty() || name.contains("/")))
        {
            throw new ParameterException(command.commandLine(), "what was given cannot be the name of a series");
        }
        final Path folder = name == null ? place : place.resolve(name);
        if (Files.notExists(folder, LinkOption.NOFOLLOW_LINKS))
        {
            throw new CliException(ExitCodes.NO_CHANNEL, "no such folder: " + folder + ". Check its name");
        }
        if (!SeriesTree.isSeries(folder))
        {
            throw new CliException(
                ExitCodes.NO_CHANNEL,
                "no series: " + folder + ". Name the folder of one; kekbit list ROOT shows those below a root");
        }

        return StreamTarget.series(folder);
    }
}
