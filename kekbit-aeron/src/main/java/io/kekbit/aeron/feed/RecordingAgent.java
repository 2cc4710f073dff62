package io.kekbit.aeron.feed;

import io.aeron.Aeron;
import io.aeron.ControlledFragmentAssembler;
import io.aeron.Image;
import io.aeron.Subscription;
import io.aeron.logbuffer.ControlledFragmentHandler.Action;
import io.aeron.logbuffer.Header;
import io.kekbit.core.Writer;
import io.kekbit.core.exceptions.WriteException;
import io.kekbit.core.series.SeriesWriter;
import org.agrona.DirectBuffer;
import org.agrona.LangUtil;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.ManyToOneConcurrentLinkedQueue;
import org.agrona.concurrent.NanoClock;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Records a stream of Aeron's into a channel or series: each message is a record, its bytes are the content, those of
 * many fragments put together.
 * <p>
 * The messages of one publisher are recorded in the order in which it published them; those of several publishers of
 * the stream in the order in which they are taken from it. Nothing is left out silently:
 * <ul>
 * <li>a message for which the writer answers {@link Writer#WAIT} is taken again in the next duty cycle;</li>
 * <li>one for which there is no room ends the recording of a channel ({@link RecordingState#FULL}), and holds that of a
 * series back until there is ({@link RecordingState#HELD_BACK});</li>
 * <li>one that can never be recorded, since it is empty or longer than the channel allows, is left out, counted and
 * told to the {@link RecordingListener}, whose exception ends this duty cycle but not the recording;</li>
 * <li>where the writer throws, {@link #doWork()} throws the same. A message that was published all the same is
 * recorded, once; one that was not holds the recording back and is tried again, {@link RecordingState#HELD_BACK}.</li>
 * </ul>
 * What is published while nobody records is not recorded: this is a live subscriber. A recording that is made again,
 * with a writer that goes on in the same channel or series, goes on from where Aeron lets a new subscriber join
 * publishers that are still there: behind what was missed or, over IPC, a few messages before the last that was
 * recorded, which then stand there twice.
 * <p>
 * While nothing comes, the channel gets a heartbeat three times in each of its timeouts, so that its readers do not
 * take the recording for dead; it says that this agent is run, not that there are publishers.
 * <p>
 * One thread runs the agent, and the writer belongs to it; it closes the subscription, and never the writer.
 * {@link #state()} and the counts are for any thread. Allocates nothing for a message, but for the buffer in which the
 * fragments of a publisher's longest message are put together.
 */
public final class RecordingAgent implements Agent, AutoCloseable
{
    private static final int HEARTBEATS_PER_TIMEOUT = 3;
    private static final long RETRY_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final Writer<?> writer;
    private final SeriesWriter<?> series;
    private final int fragmentLimit;
    private final boolean isWaitingForSpace;
    private final RecordingListener listener;
    private final NanoClock clock;
    private final long heartbeatIntervalNs;
    private final ControlledFragmentAssembler assembler = new ControlledFragmentAssembler(this::onMessage);
    private final ManyToOneConcurrentLinkedQueue<Arrival> arrivals = new ManyToOneConcurrentLinkedQueue<>();
    private final Subscription subscription;

    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong tooLongMessages = new AtomicLong();
    private final AtomicLong emptyMessages = new AtomicLong();
    private volatile RecordingState state = RecordingState.RECORDING;

    // These belong to the thread that works.
    private RecordingState stateToBe = RecordingState.RECORDING;
    private Throwable failure;
    private long messagesSeen;
    private long writtenNs;
    private long triedNs;

    RecordingAgent(final RecordingAgentBuilder builder)
    {
        writer = builder.writer();
        series = writer instanceof SeriesWriter<?> one ? one : null;
        fragmentLimit = builder.fragmentLimit();
        isWaitingForSpace = builder.isWaitingForSpace();
        listener = builder.listener();
        clock = builder.nanoClock();
        heartbeatIntervalNs =
            writer.header().tickUnit().toNanos(writer.header().timeout()) / HEARTBEATS_PER_TIMEOUT;
        writtenNs = clock.nanoTime();
        final AeronStream stream = builder.stream();
        // The client's own thread calls these.
        subscription = stream.aeron().addSubscription(
            stream.channel(),
            stream.streamId(),
            (image) -> arrivals.add(new Arrival(image, true)),
            (image) -> arrivals.add(new Arrival(image, false)));
    }

    /**
     * Begin to say what to record.
     *
     * @param aeron    client to subscribe with; not closed by the agent.
     * @param channel  URI of the channel of Aeron's, for instance {@code aeron:udp?endpoint=224.0.1.1:40456}.
     * @param streamId of the stream in it.
     * @param writer   of the channel or series to record into; belongs to the thread that runs the agent, and is not
     *                 closed by it.
     * @return a builder.
     */
    public static RecordingAgentBuilder builder(
        final Aeron aeron, final String channel, final int streamId, final Writer<?> writer)
    {
        return new RecordingAgentBuilder(aeron, channel, streamId, writer);
    }

    /**
     * Record what has come.
     *
     * @return the number of fragments taken, and of publishers that came or went; 0 where there was nothing, and when
     * the recording is over.
     * @throws io.kekbit.core.exceptions.WriteException as the writer does, and so are its other exceptions and those of
     *                                                  the listener.
     */
    @Override
    public int doWork()
    {
        if (state.isFinal())
        {
            return 0;
        }

        int work = arrivals.isEmpty() ? 0 : tellArrivals();
        final long messagesBefore = messages.getPlain();
        if (state == RecordingState.RECORDING || clock.nanoTime() - triedNs >= RETRY_INTERVAL_NS)
        {
            stateToBe = RecordingState.RECORDING;
            work += subscription.controlledPoll(assembler, fragmentLimit);
            if (work == 0 && subscription.isClosed())
            {
                stateToBe = RecordingState.STREAM_CLOSED;
            }
            if (stateToBe != state)
            {
                change(stateToBe);
            }
            if (failure != null)
            {
                rethrow();
            }
        }
        if (messages.getPlain() == messagesBefore)
        {
            sendHeartbeatWhenDue();
        }

        return work;
    }

    /**
     * How the recording is.
     *
     * @return the state.
     */
    public RecordingState state()
    {
        return state;
    }

    /**
     * The number of publishers whose messages arrive.
     *
     * @return the number of images of the subscription; 0 when it is closed.
     */
    public int publishers()
    {
        return subscription.imageCount();
    }

    /**
     * The number of messages recorded.
     *
     * @return the number since this was opened.
     */
    public long messages()
    {
        return messages.get();
    }

    /**
     * The bytes of the messages recorded.
     *
     * @return the number since this was opened.
     */
    public long bytes()
    {
        return bytes.get();
    }

    /**
     * The number of messages left out because they are longer than the channel allows.
     *
     * @return the number since this was opened.
     */
    public long tooLongMessages()
    {
        return tooLongMessages.get();
    }

    /**
     * The number of messages left out because they are empty, which no record can be.
     *
     * @return the number since this was opened.
     */
    public long emptyMessages()
    {
        return emptyMessages.get();
    }

    @Override
    public String roleName()
    {
        return "recording " + subscription.channel() + " stream " + subscription.streamId();
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
     * Unsubscribe. What was taken from the stream is recorded; the writer stays open. Called by the thread that runs
     * the agent, or when none does. Further calls do nothing.
     */
    @Override
    public void close()
    {
        if (!state.isFinal())
        {
            change(RecordingState.CLOSED);
        }
    }

    @Override
    public String toString()
    {
        return "RecordingAgent{channel=" + subscription.channel() + " streamId=" + subscription.streamId() +
            " state=" + state + " messages=" + messages.get() + "}";
    }

    private Action onMessage(final DirectBuffer buffer, final int offset, final int length, final Header header)
    {
        if (stateToBe != RecordingState.RECORDING || failure != null)
        {
            // Another publisher's, behind one that has to be recorded first.
            return Action.ABORT;
        }
        final long before = mark();
        try
        {
            final long result = writer.tryWrite(buffer, offset, length);
            if (result > 0)
            {
                count(length);

                return Action.CONTINUE;
            }

            return onNotWritten(result, length, header);
        }
        catch (final Throwable ex)
        {
            // What is thrown here would reach the client's error handler only, and the message would be lost.
            failure = ex;
            if (!(ex instanceof WriteException) && mark() != before)
            {
                // Published, and then something failed: a clock, a page of the index, a handler.
                count(length);

                return Action.BREAK;
            }
            holdBack();

            return Action.ABORT;
        }
    }

    /**
     * What is another number as soon as a record is published. A position is not, where a series goes on in another
     * channel first.
     */
    private long mark()
    {
        return series == null ? writer.writeOffset() : series.nextRecordNumber();
    }

    private void count(final int length)
    {
        messages.setRelease(messages.getPlain() + 1);
        bytes.setRelease(bytes.getPlain() + length);
    }

    private void holdBack()
    {
        triedNs = clock.nanoTime();
        stateToBe = RecordingState.HELD_BACK;
    }

    private Action onNotWritten(final long result, final int length, final Header header)
    {
        if (result == Writer.TOO_LONG || result == Writer.EMPTY)
        {
            final AtomicLong count = result == Writer.EMPTY ? emptyMessages : tooLongMessages;
            count.setRelease(count.getPlain() + 1);
            try
            {
                listener.onRefused(result, header.sessionId(), header.position(), length);
            }
            catch (final Throwable ex)
            {
                failure = ex;

                return Action.BREAK;
            }

            return Action.CONTINUE;
        }
        if (result == Writer.CHANNEL_FULL || result == Writer.NO_SPACE)
        {
            holdBack();
            stateToBe = isWaitingForSpace ? RecordingState.HELD_BACK : RecordingState.FULL;
        }
        else if (result == Writer.CLOSED)
        {
            stateToBe = RecordingState.WRITER_CLOSED;
        }

        return Action.ABORT;
    }

    private int tellArrivals()
    {
        int count = 0;
        Arrival arrival = arrivals.poll();
        while (arrival != null)
        {
            count++;
            if (arrival.isAvailable())
            {
                listener.onImageAvailable(arrival.image());
            }
            else
            {
                // A publisher may have come back under the same number, and be in the middle of a message.
                if (subscription.imageBySessionId(arrival.image().sessionId()) == null)
                {
                    assembler.freeSessionBuffer(arrival.image().sessionId());
                }
                listener.onImageUnavailable(arrival.image());
            }
            arrival = arrivals.poll();
        }

        return count;
    }

    private void change(final RecordingState next)
    {
        state = next;
        if (next.isFinal())
        {
            // Nobody is to wait for a subscriber that takes nothing any more.
            subscription.close();
        }
        listener.onState(next);
    }

    private void rethrow()
    {
        final Throwable ex = failure;
        failure = null;
        LangUtil.rethrowUnchecked(ex);
    }

    private void sendHeartbeatWhenDue()
    {
        if (heartbeatIntervalNs <= 0)
        {
            return;
        }
        final long nowNs = clock.nanoTime();
        if (messages.getPlain() != messagesSeen)
        {
            // While messages come, the clock is not read.
            messagesSeen = messages.getPlain();
            writtenNs = nowNs;
        }
        else if (nowNs - writtenNs >= heartbeatIntervalNs)
        {
            writer.tryHeartbeat();
            writtenNs = nowNs;
        }
    }

    /**
     * A publisher came or went.
     */
    private record Arrival(Image image, boolean isAvailable)
    {
    }
}
