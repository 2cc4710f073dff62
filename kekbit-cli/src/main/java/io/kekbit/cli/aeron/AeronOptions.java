package io.kekbit.cli.aeron;

import picocli.CommandLine.Option;

import java.nio.file.Path;

/**
 * Which media driver of Aeron's to use. To be mixed into commands.
 */
public final class AeronOptions
{
    @Option(
        names = "--aeron-dir",
        paramLabel = "DIR",
        description = {
            "The folder of the media driver to use; unless given, that of the driver which this user runs without " +
                "saying where, /dev/shm/aeron-USER on Linux. The driver has to run already."})
    private Path folder;

    @Option(
        names = "--embedded-driver",
        description = "Start a media driver within this command, which ends with it. Fit for trying out and for " +
            "streams over UDP; it shares the processor with this command.")
    private boolean isEmbedded;

    /**
     * The folder of the media driver.
     *
     * @return the folder, or null where none was given.
     */
    Path folder()
    {
        return folder;
    }

    /**
     * Whether to start a media driver.
     *
     * @return true to start one.
     */
    boolean isEmbedded()
    {
        return isEmbedded;
    }

    /**
     * Whether something was said that only makes sense with Aeron.
     *
     * @return true if so.
     */
    public boolean areGiven()
    {
        return folder != null || isEmbedded;
    }
}
