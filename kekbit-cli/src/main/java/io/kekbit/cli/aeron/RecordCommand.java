package io.kekbit.cli.aeron;

import io.aeron.Image;
import io.kekbit.aeron.feed.RecordingAgent;
import io.kekbit.aeron.feed.RecordingListener;
import io.kekbit.aeron.feed.RecordingState;
import io.kekbit.cli.records.Interruption;
import io.kekbit.cli.records.Notes;
import io.kekbit.cli.support.CliException;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.cli.support.Units;
import io.kekbit.core.DataFormat;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.Writer;
import io.kekbit.core.exceptions.WriteException;
import org.agrona.concurrent.IdleStrategy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
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

    private long cameCount;

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
            return record(host, opened, interruption, notes);
        }
    }

    private int record(
        final AeronHost host, final TargetWriter opened, final Interruption interruption, final Notes notes)
    {
        final long startNs = System.nanoTime();
        boolean isToBeClosed = false;
        try (RecordingAgent agent = host.ask(stream(), () -> RecordingAgent
            .builder(host.aeron(), uri, streamId, opened.writer())
            .listener(new Listener(notes))
            .open()))
        {
            notes.accept("recording " + stream() + " into " + opened.file());
            run(agent, host, interruption, notes);
            final RecordingState end = agent.state();
            agent.onClose();
            final String count = Units.count(agent.messages()) + " messages of " + Units.bytes(agent.bytes());
            isToBeClosed = end != RecordingState.STREAM_CLOSED;
            if (end.isFinal())
            {
                throw new CliException(ExitCodes.FAILED, reason(end, opened) + " recorded " + count);
            }
            opened.close();
            final PrintWriter out = command.commandLine().getOut();
            out.println(
                "recorded " + count + " in " + Units.duration(System.nanoTime() - startNs) + ": " + opened.file());
            // After a signal nobody else does.
            out.flush();

            return leftOut(agent, notes);
        }
        finally
        {
            if (!isToBeClosed)
            {
                // Aeron failed, and another run is to go on with it.
                opened.leave();
            }
        }
    }

    private void run(
        final RecordingAgent agent, final AeronHost host, final Interruption interruption, final Notes notes)
    {
        final IdleStrategy idleStrategy = AeronHost.idleStrategy();
        RecordingState told = RecordingState.RECORDING;
        while (!agent.state().isFinal() && !interruption.isPending())
        {
            final int work;
            try
            {
                work = agent.doWork();
            }
            catch (final WriteException ex)
            {
                throw new CliException(
                    ExitCodes.FAILED, ex.getMessage() + " Recorded before: " + agent.messages() + " messages");
            }
            if (agent.state() != told)
            {
                // Not before: what is held back since the writer threw is not tried again.
                told = agent.state();
                tell(told, notes);
            }
            if (work == 0)
            {
                host.requireHealthy(stream());
                if (isEndingWithPublishers && cameCount > 0 && agent.publishers() == 0)
                {
                    break;
                }
            }
            idleStrategy.idle(work);
        }
    }

    private static void tell(final RecordingState state, final Notes notes)
    {
        if (state == RecordingState.HELD_BACK)
        {
            notes.accept("the series cannot go on in another channel: is the disk full? The publishers are held " +
                "back, and it is tried again every second");
        }
        else if (state == RecordingState.RECORDING)
        {
            notes.accept("the series goes on");
        }
    }

    private static String reason(final RecordingState end, final TargetWriter opened)
    {
        return switch (end)
        {
            case FULL -> "the channel is full, and the next message was not recorded: " + opened.file() +
                ". Record into another one with a greater --capacity, or into a --series, which goes on in the next " +
                "channel;";
            case WRITER_CLOSED -> "the device did not take what was recorded, or the channel was closed: " +
                opened.file() + ". Look for the device's messages, and record into another one;";
            default -> "the media driver is gone. Start it, and then this again: it goes on in " + opened.file() + ";";
        };
    }

    private int leftOut(final RecordingAgent agent, final Notes notes)
    {
        if (agent.tooLongMessages() > 0)
        {
            notes.accept(
                Units.count(agent.tooLongMessages()) + " messages were too long for the channel, and left out. " +
                    "Record with a greater --max-message-length");
        }
        if (agent.emptyMessages() > 0)
        {
            notes.accept(
                Units.count(agent.emptyMessages()) + " messages were empty, which a record cannot be, and left out");
        }

        return agent.tooLongMessages() + agent.emptyMessages() > 0 ? ExitCodes.FAILED : ExitCodes.OK;
    }

    private String stream()
    {
        return uri + " stream " + streamId;
    }

    /**
     * Tells the user.
     */
    private final class Listener implements RecordingListener
    {
        private final Notes notes;
        private boolean isLeftOutTold;

        Listener(final Notes notes)
        {
            this.notes = notes;
        }

        @Override
        public void onImageAvailable(final Image image)
        {
            cameCount++;
            notes.accept("publisher " + image.sessionId() + " of " + image.sourceIdentity() + ", from position " +
                image.joinPosition());
        }

        @Override
        public void onImageUnavailable(final Image image)
        {
            notes.accept("publisher " + image.sessionId() + " of " + image.sourceIdentity() + " is gone, at position " +
                image.position());
        }

        @Override
        public void onRefused(final long reason, final int sessionId, final long position, final int length)
        {
            if (!isLeftOutTold)
            {
                isLeftOutTold = true;
                notes.accept("a message of " + length + " bytes is left out, of publisher " + sessionId +
                    " before position " + position + ": " + Writer.errorString(reason) + ". Others are counted");
            }
        }
    }
}
