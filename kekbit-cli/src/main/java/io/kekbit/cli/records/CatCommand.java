package io.kekbit.cli.records;

import io.kekbit.cli.support.ChannelArgument;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.util.concurrent.Callable;

/**
 * Prints the records of a channel or series that are there.
 */
@Command(
    name = "cat",
    description = {
        "Prints the records of a channel, or of all channels of a series as one stream, from the first to the last " +
            "that is there now.",
        "Messages of a schema are decoded by the schema that the channel carries; text is shown as text, anything " +
            "else as bytes."},
    footer = {
        "%nExamples:",
        "  kekbit cat /dev/shm/channels trades",
        "  kekbit cat /dev/shm/channels 42 --where 'price>90000' --where side=BUY --fields price,quantity",
        "  kekbit cat trades.kekbit --from 2026-11-25T10:00 --to 2026-11-25T10:05",
        "  kekbit cat /data/channels/ticks --from 2026-11-25 --to 2026-11-26      a day of a series",
        "  kekbit cat trades.kekbit --from '#1000' --to '#1010' --format hex"})
public final class CatCommand implements Callable<Integer>
{
    @Mixin
    private ChannelArgument channel;

    @Mixin
    private RecordOptions records;

    @Mixin
    private PrintOptions print;

    @Spec
    private CommandSpec command;

    /**
     * Prints them.
     *
     * @return the status.
     * @throws IOException where they cannot be printed.
     */
    @Override
    public Integer call() throws IOException
    {
        try (PrintJob job = new PrintJob(
            channel.target(), records, print, Place.START, Place.END, new Notes(command)))
        {
            job.printAvailable();

            return job.endStatus();
        }
    }
}
