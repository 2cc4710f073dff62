package io.kekbit.cli.aeron;

import io.kekbit.aeron.feed.ReplayingAgent;
import io.kekbit.cli.records.Interruption;
import io.kekbit.cli.support.CliException;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.cli.support.Units;
import io.kekbit.core.Reader;
import io.kekbit.core.replay.ReplayState;
import io.kekbit.core.replay.Replayer;
import io.kekbit.core.replay.ReplayerBuilder;
import org.agrona.concurrent.IdleStrategy;

import java.util.function.Consumer;
import java.util.function.LongPredicate;

/**
 * Publishes records to a stream of Aeron's: what {@code kekbit replay --aeron} does.
 */
public final class PublishJob
{
    private final AeronOptions driver;
    private final String uri;
    private final int streamId;
    private final Consumer<String> notes;

    /**
     * Say where to.
     *
     * @param driver   to use.
     * @param uri      of the channel of Aeron's.
     * @param streamId of the stream in it.
     * @param notes    takes what the user should know.
     */
    public PublishJob(
        final AeronOptions driver, final String uri, final int streamId, final Consumer<String> notes)
    {
        AeronHost.requireUri("--aeron", uri);
        this.driver = driver;
        this.uri = uri;
        this.streamId = streamId;
        this.notes = notes;
    }

    /**
     * Publish until there is nothing more, or the user wants it to end.
     *
     * @param interruption by the user.
     * @param reader       that stands before the first record.
     * @param pace         how fast, from when to when.
     * @param isEnd        whether to end before the record at a position.
     * @param onEnd        is given the replay when it is over.
     * @return what was done, in one sentence.
     * @throws CliException where Aeron refuses it.
     */
    public String run(
        final Interruption interruption,
        final Reader reader,
        final Consumer<ReplayerBuilder> pace,
        final LongPredicate isEnd,
        final Consumer<Replayer> onEnd)
    {
        final String stream = uri + " stream " + streamId;
        final long startNs = System.nanoTime();
        try (AeronHost host = AeronHost.open(driver, notes);
            ReplayingAgent agent = host.ask(stream, () -> ReplayingAgent
                .builder(host.aeron(), uri, streamId, reader)
                .pace(pace)
                .until(isEnd)
                .open()))
        {
            publish(agent, host, interruption, stream);
            agent.onClose();
            if (host.isEmbedded())
            {
                awaitDelivery(agent, interruption);
            }
            onEnd.accept(agent.replayer());

            return "published " + Units.count(agent.records()) + " records of " + Units.bytes(agent.bytes()) +
                " in " + Units.duration(System.nanoTime() - startNs) + " to " + stream;
        }
    }

    private void publish(
        final ReplayingAgent agent, final AeronHost host, final Interruption interruption, final String stream)
    {
        final IdleStrategy idleStrategy = AeronHost.idleStrategy();
        boolean isFirst = true;
        boolean wasConnected = true;
        while (!agent.state().isFinal() && !interruption.isPending())
        {
            final int work;
            try
            {
                work = agent.doWork();
            }
            catch (final IllegalArgumentException | IllegalStateException ex)
            {
                host.requireHealthy(stream);
                throw new CliException(ExitCodes.FAILED, ex.getMessage());
            }
            if (agent.isConnected() != wasConnected && agent.state() != ReplayState.STOPPED)
            {
                wasConnected = agent.isConnected();
                notes.accept(wasConnected ? "there is a subscriber of " + stream :
                    isFirst ? "waiting for a subscriber of " + stream :
                    "no subscriber of " + stream + " any more: waiting for another, after " +
                        Units.count(agent.records()) + " records");
                isFirst = false;
            }
            if (work == 0)
            {
                host.requireHealthy(stream);
            }
            idleStrategy.idle(work);
        }
    }

    /**
     * The media driver ends with this command, and what it has not sent by then is lost.
     */
    private static void awaitDelivery(final ReplayingAgent agent, final Interruption interruption)
    {
        final IdleStrategy idleStrategy = AeronHost.idleStrategy();
        while (!agent.isDelivered() && !interruption.isPending())
        {
            idleStrategy.idle();
        }
    }
}
