package io.kekbit.aeron.feed;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.logbuffer.BufferClaim;
import io.kekbit.core.Reader;
import io.kekbit.core.replay.ReplayState;
import io.kekbit.core.replay.Replayer;
import io.kekbit.core.replay.ReplayerBuilder;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.LangUtil;
import org.agrona.collections.ArrayUtil;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.ControlledMessageHandler.Action;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;

/**
 * Publishes the records of a channel or series to a stream of Aeron's, at the pace at which they came, faster, or
 * without waiting: each record is a message, its content the bytes, without the envelope.
 * <p>
 * Nothing is left out: a record that the publication does not take just now, since its subscribers are behind, is kept
 * and tried again in the next duty cycle. While there is no subscriber the replay pauses: before the first record, and
 * when the last subscriber has gone; time in the replay stands meanwhile, so that what follows is as far away as it
 * was. Subscribers that come later get what is published from then on.
 * <p>
 * Records that fit into one packet are written straight into Aeron's log, longer ones are fragmented by Aeron.
 * <p>
 * One thread runs the agent, and the reader belongs to it. {@link #pause()}, {@link #resume()}, {@link #stop()} and
 * what there is to ask are for any thread. When the replay is over, the publication is closed, which tells subscribers
 * that nothing follows; the reader never is. Allocates nothing for a record, but for
 * the buffer in which the longest one is copied before it is fragmented.
 */
public final class ReplayingAgent implements Agent, AutoCloseable
{
    private static final long NONE = -1;

    private final Reader reader;
    private final Replayer replayer;
    private final LongPredicate end;
    private final ExclusivePublication publication;
    private final CountersReader counters;
    private final int maxPayloadLength;
    private final int maxMessageLength;
    private final BufferClaim claim = new BufferClaim();
    private final UnsafeBuffer longRecord = new UnsafeBuffer(ArrayUtil.EMPTY_BYTE_ARRAY);
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong refusals = new AtomicLong();
    private volatile boolean isPauseWanted;
    private volatile boolean isConnected;
    private Throwable failure;
    private long longPosition = NONE;

    ReplayingAgent(final ReplayingAgentBuilder builder)
    {
        reader = builder.reader();
        end = builder.end();
        final AeronStream stream = builder.stream();
        counters = stream.aeron().countersReader();
        final ReplayerBuilder replay = Replayer.builder(reader);
        builder.pace().accept(replay);
        replayer = replay.intoControlled(this::publish);
        publication = stream.aeron().addExclusivePublication(stream.channel(), stream.streamId());
        maxPayloadLength = publication.maxPayloadLength();
        maxMessageLength = publication.maxMessageLength();
        final int longest = reader.header().maxMessageLength();
        if (longest > maxMessageLength)
        {
            publication.close();
            throw tooLong(longest);
        }
        replayer.pause();
    }

    /**
     * Begin to say what to publish.
     *
     * @param aeron    client to publish with; not closed by the agent.
     * @param channel  URI of the channel of Aeron's, for instance {@code aeron:udp?endpoint=10.0.0.2:20121}.
     * @param streamId of the stream in it.
     * @param reader   of the channel or series; belongs to the thread that runs the agent, and is not closed by it.
     * @return a builder.
     */
    public static ReplayingAgentBuilder builder(
        final Aeron aeron, final String channel, final int streamId, final Reader reader)
    {
        return new ReplayingAgentBuilder(aeron, channel, streamId, reader);
    }

    /**
     * Publish what is due.
     *
     * @return the number of records published or passed over; 0 while none is due, there is no subscriber, the
     * subscribers are behind, and when the replay is over.
     * @throws IllegalStateException                      where the stream does not tell the times that are asked for,
     *                                                    or the publication is closed or at its greatest position. The
     *                                                    replay is over then.
     * @throws IllegalArgumentException                   where a record is longer than the publication takes, as in a
     *                                                    later channel of a series. The replay is over then.
     * @throws io.kekbit.core.exceptions.ChannelException as the reader does.
     * @throws InternalError                              where the file was cut short under the reader. The replay is
     *                                                    over then.
     */
    @Override
    public int doWork()
    {
        if (replayer.state().isFinal())
        {
            return 0;
        }
        isConnected = publication.isConnected();
        if (isConnected && !isPauseWanted)
        {
            replayer.resume();
        }
        else
        {
            replayer.pause();
        }

        final int work;
        try
        {
            work = replayer.doWork();
        }
        catch (final InternalError ex)
        {
            end(ex);
            throw ex;
        }
        finally
        {
            if (replayer.state().isFinal())
            {
                publication.close();
            }
        }
        if (failure == null && work == 0 && publication.isClosed() && !replayer.state().isFinal())
        {
            failure = closed();
        }
        if (failure != null)
        {
            end(failure);
            LangUtil.rethrowUnchecked(failure);
        }

        return work;
    }

    /**
     * Publish nothing, and let time in the replay stand.
     */
    public void pause()
    {
        isPauseWanted = true;
    }

    /**
     * Go on after {@link #pause()}.
     */
    public void resume()
    {
        isPauseWanted = false;
    }

    /**
     * End the replay, with the next {@link #doWork()}.
     */
    public void stop()
    {
        replayer.stop();
    }

    /**
     * How far the replay has come. It is {@link ReplayState#PAUSED} also while there is no subscriber.
     *
     * @return the state.
     */
    public ReplayState state()
    {
        return replayer.state();
    }

    /**
     * Whether there was a subscriber when this was last run.
     *
     * @return true if there was.
     */
    public boolean isConnected()
    {
        return isConnected;
    }

    /**
     * Whether the media driver has let go of what was published: the replay is over, and each subscriber has it all, or
     * has not asked again for what it lacks for so long that the driver gave up (the linger of the publication, 5
     * seconds unless its URI says otherwise). Only who is about to end the media driver has to wait for that.
     *
     * @return true from then on.
     */
    public boolean isDelivered()
    {
        final int limitId = publication.positionLimitId();

        return publication.isClosed() &&
            (limitId < 0 || counters.getCounterState(limitId) != CountersReader.RECORD_ALLOCATED ||
            counters.getCounterRegistrationId(limitId) != publication.registrationId());
    }

    /**
     * The number of records published.
     *
     * @return the number so far.
     */
    public long records()
    {
        return replayer.records();
    }

    /**
     * The bytes of the records published.
     *
     * @return the number so far.
     */
    public long bytes()
    {
        return bytes.get();
    }

    /**
     * How often the publication did not take a record, which was then tried again: mostly because a subscriber was
     * behind.
     *
     * @return the number so far.
     */
    public long refusals()
    {
        return refusals.get();
    }

    /**
     * What replays, for its clock and further counts. It is paused and resumed by this agent.
     *
     * @return the replay.
     */
    public Replayer replayer()
    {
        return replayer;
    }

    @Override
    public String roleName()
    {
        return "replaying to " + publication.channel() + " stream " + publication.streamId();
    }

    /**
     * As {@link #close()}.
     */
    @Override
    public void onClose()
    {
        close();
    }

    /**
     * End the replay where it is, and close the publication. What was published still reaches the subscribers as long
     * as the media driver runs. Called by the thread that runs the agent, or when none does. Further calls do nothing.
     */
    @Override
    public void close()
    {
        replayer.onClose();
        publication.close();
    }

    @Override
    public String toString()
    {
        return "ReplayingAgent{channel=" + publication.channel() + " streamId=" + publication.streamId() + " replay=" +
            replayer + "}";
    }

    /**
     * End the replay, with the record that was not published as the first that was not replayed.
     */
    private void end(final Throwable reason)
    {
        publication.close();
        try
        {
            replayer.onClose();
        }
        catch (final RuntimeException | InternalError ex)
        {
            // The reader cannot be taken back to that record.
            reason.addSuppressed(ex);
        }
    }

    private Action publish(
        final DirectBuffer buffer, final int offset, final int length, final long position, final long nextPosition)
    {
        if (failure != null)
        {
            return Action.ABORT;
        }
        if (end.test(position))
        {
            replayer.stop();

            return Action.ABORT;
        }
        if (length > maxMessageLength)
        {
            failure = tooLong(length);

            return Action.ABORT;
        }
        final long result;
        try
        {
            result = length <= maxPayloadLength ?
                copy(buffer, offset, length) : offer(buffer, offset, length, position);
        }
        catch (final Throwable ex)
        {
            // As where the file was cut short under the reader. What is thrown here would let the record count.
            failure = ex;

            return Action.ABORT;
        }
        if (result > 0)
        {
            longPosition = NONE;
            bytes.setRelease(bytes.getPlain() + length);

            return Action.CONTINUE;
        }

        return onRefused(result);
    }

    /**
     * Let Aeron fragment a record. It is copied first, once, since what fails in the middle of an offer leaves a hole
     * in the log, at which subscribers would wait.
     */
    private long offer(final DirectBuffer buffer, final int offset, final int length, final long position)
    {
        if (longPosition != position)
        {
            if (longRecord.capacity() < length)
            {
                longRecord.wrap(new byte[BitUtil.findNextPositivePowerOfTwo(length)]);
            }
            longRecord.putBytes(0, buffer, offset, length);
            longPosition = position;
        }

        return publication.offer(longRecord, 0, length);
    }

    /**
     * Write a record that fits one packet into Aeron's log. A claim that could not be filled does not stay there.
     */
    private long copy(final DirectBuffer buffer, final int offset, final int length)
    {
        final long result = publication.tryClaim(length, claim);
        if (result > 0)
        {
            boolean isCopied = false;
            try
            {
                claim.buffer().putBytes(claim.offset(), buffer, offset, length);
                isCopied = true;
            }
            finally
            {
                if (isCopied)
                {
                    claim.commit();
                }
                else
                {
                    claim.abort();
                }
            }
        }

        return result;
    }

    private Action onRefused(final long result)
    {
        refusals.setRelease(refusals.getPlain() + 1);
        if (result == Publication.CLOSED)
        {
            failure = closed();
        }
        else if (result == Publication.MAX_POSITION_EXCEEDED)
        {
            failure = new IllegalStateException(
                "the publication is at its greatest position: " + stream() + " maxPosition=" +
                    publication.maxPossiblePosition() + " termLength=" + publication.termBufferLength() +
                    ". Replay what is left to another publication, or ask for longer terms: term-length in the URI");
        }

        // Otherwise a subscriber is behind, there is none any more, or the log is being rotated.
        return Action.ABORT;
    }

    private IllegalStateException closed()
    {
        return new IllegalStateException(
            "the publication was closed, by its client or because the media driver is gone: " + stream() +
                " records=" + replayer.records());
    }

    private IllegalArgumentException tooLong(final int length)
    {
        final long termLength = TermLengths.forMessage(length);

        return new IllegalArgumentException(
            "records may be longer than the publication takes: " + stream() + " recordLength=" + length +
                " maxMessageLength=" + maxMessageLength + " termLength=" + publication.termBufferLength() +
                (termLength < 0 ? ". Aeron takes no message as long as that" :
                ". Ask for longer terms: add term-length=" + termLength + " to the URI"));
    }

    private String stream()
    {
        return "channel=" + publication.channel() + " streamId=" + publication.streamId();
    }
}
