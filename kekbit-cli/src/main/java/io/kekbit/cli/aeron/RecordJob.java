package io.kekbit.cli.aeron;

import io.aeron.Image;
import io.kekbit.aeron.feed.RecordingAgent;
import io.kekbit.aeron.feed.RecordingListener;
import io.kekbit.aeron.feed.RecordingState;
import io.kekbit.cli.records.Interruption;
import io.kekbit.cli.support.CliException;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.cli.support.Units;
import io.kekbit.core.Writer;
import io.kekbit.core.exceptions.WriteException;
import org.agrona.concurrent.IdleStrategy;

import java.io.PrintWriter;
import java.util.function.Consumer;

/**
 * Records a stream of Aeron's: what {@code kekbit record} does.
 */
final class RecordJob
{
    private final AeronHost host;
    private final String uri;
    private final int streamId;
    private final String stream;
    private final boolean isEndingWithPublishers;
    private final Consumer<String> notes;
    private long cameCount;

    /**
     * Say what.
     *
     * @param host                   of the media driver.
     * @param uri                    of the channel of Aeron's.
     * @param streamId               of the stream in it.
     * @param isEndingWithPublishers whether to end when all publishers that came have gone again.
     * @param notes                  takes what the user should know.
     */
    RecordJob(
        final AeronHost host,
        final String uri,
        final int streamId,
        final boolean isEndingWithPublishers,
        final Consumer<String> notes)
    {
        this.host = host;
        this.uri = uri;
        this.streamId = streamId;
        this.isEndingWithPublishers = isEndingWithPublishers;
        this.notes = notes;
        stream = uri + " stream " + streamId;
    }

    /**
     * Record until the user wants it to end, the publishers are gone where it is to end with them, or no more can be
     * recorded.
     *
     * @param interruption by the user.
     * @param opened       to record into; closed, or left where another run is to go on with it.
     * @param out          takes what was done, in one sentence.
     * @return the status to end with.
     * @throws CliException where not all could be recorded.
     */
    int run(final Interruption interruption, final TargetWriter opened, final PrintWriter out)
    {
        final long startNs = System.nanoTime();
        boolean isToBeClosed = false;
        try (RecordingAgent agent = host.ask(stream, () -> RecordingAgent
            .builder(host.aeron(), uri, streamId, opened.writer())
            .listener(new Listener())
            .open()))
        {
            notes.accept("recording " + stream + " into " + opened.file());
            record(agent, interruption);
            final RecordingState end = agent.state();
            agent.onClose();
            final String count = Units.count(agent.messages()) + " messages of " + Units.bytes(agent.bytes());
            isToBeClosed = end != RecordingState.STREAM_CLOSED;
            if (end.isFinal())
            {
                throw new CliException(ExitCodes.FAILED, reason(end, opened) + " recorded " + count);
            }
            opened.close();
            out.println(
                "recorded " + count + " in " + Units.duration(System.nanoTime() - startNs) + ": " + opened.file());
            // After a signal nobody else does.
            out.flush();

            return leftOut(agent);
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

    private void record(final RecordingAgent agent, final Interruption interruption)
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
                tell(told);
            }
            if (work == 0)
            {
                host.requireHealthy(stream);
                if (isEndingWithPublishers && cameCount > 0 && agent.publishers() == 0)
                {
                    break;
                }
            }
            idleStrategy.idle(work);
        }
    }

    private void tell(final RecordingState state)
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

    private int leftOut(final RecordingAgent agent)
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

    /**
     * Tells the user.
     */
    private final class Listener implements RecordingListener
    {
        private boolean isLeftOutTold;

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
