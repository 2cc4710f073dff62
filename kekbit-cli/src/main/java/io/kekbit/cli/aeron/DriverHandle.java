package io.kekbit.cli.aeron;

import io.aeron.CommonContext;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.exceptions.AeronException;
import io.kekbit.cli.support.CliException;
import io.kekbit.cli.support.ExitCodes;
import org.agrona.CloseHelper;

import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * The media driver that a command uses: one that runs already, or one within the command.
 */
final class DriverHandle implements AutoCloseable
{
    private static final long TIMEOUT_MS = 10_000;

    private final MediaDriver embedded;
    private final String folder;

    private DriverHandle(final MediaDriver embedded, final String folder)
    {
        this.embedded = embedded;
        this.folder = folder;
    }

    /**
     * Find the media driver, or start it.
     *
     * @param options that say which.
     * @param notes   takes what the user should know.
     * @return the driver.
     * @throws CliException where there is none.
     */
    static DriverHandle open(final AeronOptions options, final Consumer<String> notes)
    {
        if (options.isEmbedded())
        {
            return launch(options, notes);
        }
        final String folder =
            options.folder() == null ? CommonContext.getAeronDirectoryName() : options.folder().toString();
        if (!isActive(folder))
        {
            throw new CliException(
                ExitCodes.FAILED,
                "no media driver of Aeron's runs with the folder " + folder + ". Start one, name the folder of " +
                    "another with --aeron-dir, or start one within this command by --embedded-driver");
        }

        return new DriverHandle(null, folder);
    }

    String folder()
    {
        return folder;
    }

    boolean isEmbedded()
    {
        return embedded != null;
    }

    @Override
    public void close()
    {
        CloseHelper.quietClose(embedded);
    }

    /**
     * What an exception of Aeron's says, without what is for its developers.
     */
    static String text(final Throwable ex)
    {
        final String message = ex.getMessage();

        return message == null ? ex.getClass().getSimpleName() : message
            .replaceAll("(?:[a-zA-Z]+\\.)+[a-zA-Z]+Exception ?: ", "")
            .replaceAll("(?:ERROR|WARN|FATAL) - ", "")
            .replaceAll(" \\(at .*?\\)\\)", "")
            .replaceAll(", errorCodeValue=[0-9]+", "");
    }

    private static boolean isActive(final String folder)
    {
        try
        {
            return CommonContext.isDriverActive(Path.of(folder).toFile(), TIMEOUT_MS, (text) ->
            {
                // The answer is enough.
            });
        }
        catch (final AeronException ex)
        {
            throw new CliException(
                ExitCodes.FAILED,
                "the media driver with the folder " + folder + " cannot be used: " + text(ex) + ". See that it runs, " +
                    "and in a version that goes with this one");
        }
    }

    private static DriverHandle launch(final AeronOptions options, final Consumer<String> notes)
    {
        final String folder =
            options.folder() == null ? CommonContext.generateRandomDirName() : options.folder().toString();
        try
        {
            final MediaDriver driver = MediaDriver.launch(new MediaDriver.Context()
                .aeronDirectoryName(folder)
                .dirDeleteOnStart(false)
                .dirDeleteOnShutdown(true)
                .warnIfDirectoryExists(false)
                .threadingMode(ThreadingMode.SHARED)
                .sharedIdleStrategy(AeronHost.idleStrategy())
                .errorHandler((ex) -> notes.accept("media driver: " + text(ex))));
            notes.accept("a media driver runs within this command, with the folder " + folder);

            return new DriverHandle(driver, folder);
        }
        catch (final RuntimeException ex)
        {
            throw new CliException(
                ExitCodes.FAILED,
                "no media driver could be started with the folder " + folder + ": " + text(ex) +
                    ". Where one runs there, use it without --embedded-driver");
        }
    }
}
