package io.kekbit.examples.marketdata;

import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.series.SeriesReader;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.List;

/**
 * Whether the messages go through a series of channels instead of one channel that holds all of them.
 */
final class SeriesOption
{
    private static final String DEFAULT_NAME = "market-data";

    @Option(
        names = "--series",
        arity = "0..1",
        fallbackValue = DEFAULT_NAME,
        paramLabel = "NAME",
        description = "Use a series of channels, each as large as the input published once, instead of one channel. " +
            "Its name is ${FALLBACK-VALUE} unless given.")
    private String name;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    boolean isGiven()
    {
        return name != null;
    }

    /**
     * The series' name, which is its folder's, too.
     */
    String name()
    {
        return name;
    }

    /**
     * Find what can be found wrong before any work is done.
     */
    void validate()
    {
        if (isGiven())
        {
            try
            {
                SeriesReader.builder(Path.of(""), name);
            }
            catch (final IllegalArgumentException ex)
            {
                throw new ParameterException(
                    command.commandLine(), "--series=" + name + " is no name for a folder", ex);
            }
        }
    }

    /**
     * The series' folder.
     */
    Path folder(final Path root)
    {
        return root.resolve(name);
    }

    /**
     * The file of the series' first channel.
     */
    Path firstFile(final Path root)
    {
        return ChannelPath.file(folder(root), 1);
    }

    /**
     * The same option for another process.
     */
    List<String> args()
    {
        return isGiven() ? List.of("--series=" + name) : List.of();
    }
}
