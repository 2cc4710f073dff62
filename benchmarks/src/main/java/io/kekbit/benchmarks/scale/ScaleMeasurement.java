package io.kekbit.benchmarks.scale;

import io.kekbit.benchmarks.Result;
import io.kekbit.benchmarks.operations.Channels;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.concurrent.Callable;

/**
 * What the measurements of this package have in common.
 */
abstract class ScaleMeasurement implements Callable<Integer>
{
    static final double NS_PER_US = 1_000;
    static final double NS_PER_MS = 1_000_000;
    static final int CHANNEL_ID = 1;

    @Option(names = "--subject", required = true, description = "Who is measured.")
    private String subject;

    @Option(names = "--folder", required = true, description = "For channels; removed afterwards.")
    private Path folder;

    @Option(names = "--result", required = true, description = "File for what was found out.")
    private Path result;

    @Override
    public Integer call() throws Exception
    {
        try
        {
            measure().write(result);
        }
        finally
        {
            Channels.delete(folder);
        }

        return 0;
    }

    abstract Result measure() throws Exception;

    final String subject()
    {
        return subject;
    }

    final Path folder()
    {
        return folder;
    }
}
