package io.kekbit.cli.aeron;

import io.kekbit.cli.records.Interruption;
import io.kekbit.cli.records.Notes;
import io.kekbit.core.DataFormat;
import io.kekbit.core.RawBinDataFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Records a stream of Aeron's into a channel or series.
 */
@Command(
    name = "record",
    description = {
        "Records a stream of Aeron's into a channel or series: each message is a record, until Ctrl-C or a plain " +
            "kill closes it, or the channel is full. What is published while this does not run is not recorded.",
        "With the schema of the messages, kekbit cat, tail, stats and export show them by name, without any code: a " +
            "channel carries its schema."},
    footer = {
        "%nExamples:",
        "  kekbit record --aeron aeron:ipc --stream 10 --schema feed.xml /dev/shm/channels 42",
        "  kekbit record --aeron aeron:ipc --stream 10 --series --roll daily /data/channels ticks",
        "  kekbit record --aeron 'aeron:udp?endpoint=224.20.30.39:40456|interface=eth1' --stream 1001 \\",
        "      --embedded-driver --schema feed.xml --capacity 1g --label feed /data/channels 43"})
public final class RecordCommand implements Callable<Integer>
{
    private static final long CLOSING_PATIENCE_MS = TimeUnit.MINUTES.toMillis(1);

    @Mixin
    private TargetArgument target;

    @Option(
        names = "--aeron",
        paramLabel = "URI",
        required = true,
        description = "The channel of Aeron's to subscribe to. Quote it where it holds what a shell acts on: | & ?")
    private String uri;

    @Option(names = "--stream", paramLabel = "N", required = true, description = "The id of the stream in it.")
    private int streamId;

    @Mixin
    private AeronOptions driver;

    @Option(
        names = "--schema",
        paramLabel = "FILE",
        description = "The SBE schema of the messages: its XML, or the .sbeir file that SbeTool makes of it. Unless " +
            "given, the records are bytes.")
    private Path schema;

    @Option(
        names = "--message-header",
        paramLabel = "NAME",
        description = "The composite in the schema that is the header of every message, where the schema does not " +
            "say so itself (headerType) and it is not called messageHeader.")
    private String messageHeader;

    @Option(
        names = "--until-gone",
        description = "End when all publishers that came have gone again, not only when interrupted.")
    private boolean isEndingWithPublishers;

    @Spec
    private CommandSpec command;

    /**
     * Records it.
     *
     * @return 0, or 1 where messages could not be recorded.
     * @throws IOException where the schema cannot be read.
     */
    @Override
    public Integer call() throws IOException
    {
        if (messageHeader != null && schema == null)
        {
            throw new ParameterException(command.commandLine(), "--message-header is of no use without --schema");
        }
        AeronHost.requireUri("--aeron", uri);
        final DataFormat format =
            schema == null ? RawBinDataFormat.INSTANCE : SchemaFile.read(schema, messageHeader);
        final Notes notes = new Notes(command);
        // Closing forces all that was recorded to the device.
        try (Interruption interruption = new Interruption(CLOSING_PATIENCE_MS);
            AeronHost host = AeronHost.open(driver, notes);
            TargetWriter opened = target.open(format, notes))
        {
            final RecordJob job = new RecordJob(host, uri, streamId, isEndingWithPublishers, notes);

            return job.run(interruption, opened, command.commandLine().getOut());
        }
    }
}
