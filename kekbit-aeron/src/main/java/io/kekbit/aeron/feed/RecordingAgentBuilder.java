package io.kekbit.aeron.feed;

import io.aeron.Aeron;
import io.kekbit.core.Writer;
import io.kekbit.core.series.SeriesWriter;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

import java.util.Objects;

/**
 * Says what to record and how. Made by {@link RecordingAgent#builder(Aeron, String, int, Writer)}. Not thread-safe.
 */
public final class RecordingAgentBuilder
{
    /**
     * The most fragments that one {@link RecordingAgent#doWork()} takes unless told otherwise.
     */
    public static final int DEFAULT_FRAGMENT_LIMIT = 256;

    private static final RecordingListener NOBODY = new RecordingListener()
    {
    };

    private final AeronStream stream;
    private final Writer<?> writer;
    private int fragmentLimit = DEFAULT_FRAGMENT_LIMIT;
    private boolean isWaitingForSpace;
    private RecordingListener listener = NOBODY;
    private NanoClock nanoClock = SystemNanoClock.INSTANCE;

    RecordingAgentBuilder(final Aeron aeron, final String channel, final int streamId, final Writer<?> writer)
    {
        stream = new AeronStream(aeron, channel, streamId);
        this.writer = Objects.requireNonNull(writer, "writer");
        isWaitingForSpace = writer instanceof SeriesWriter;
    }

    /**
     * The most fragments to take in one {@link RecordingAgent#doWork()}, so that other agents of the thread have their
     * turn.
     *
     * @param limit at least 1; {@link #DEFAULT_FRAGMENT_LIMIT} unless set.
     * @return this.
     */
    public RecordingAgentBuilder fragmentLimit(final int limit)
    {
        if (limit < 1)
        {
            throw new IllegalArgumentException("fragmentLimit=" + limit + " min=1");
        }
        fragmentLimit = limit;

        return this;
    }

    /**
     * Whether a writer that has no room may have some later. A message that does not fit is then kept and tried again
     * every second, see {@link RecordingState#HELD_BACK}; else the recording is over, see {@link RecordingState#FULL}.
     * True for a {@link SeriesWriter} and false for all others unless set: set it for a handle of a
     * {@link io.kekbit.core.ConcurrentWriter} over a series.
     *
     * @param isWaiting true to wait.
     * @return this.
     */
    public RecordingAgentBuilder waitForSpace(final boolean isWaiting)
    {
        isWaitingForSpace = isWaiting;

        return this;
    }

    /**
     * Who is told what happens: nobody unless set.
     *
     * @param recordingListener to tell.
     * @return this.
     */
    public RecordingAgentBuilder listener(final RecordingListener recordingListener)
    {
        listener = Objects.requireNonNull(recordingListener, "listener");

        return this;
    }

    /**
     * The clock by which heartbeats are due and what did not fit is tried again: the system's unless set.
     *
     * @param monotonicClock that never steps back.
     * @return this.
     */
    public RecordingAgentBuilder nanoClock(final NanoClock monotonicClock)
    {
        nanoClock = Objects.requireNonNull(monotonicClock, "nanoClock");

        return this;
    }

    /**
     * Subscribe to the stream. From now on its publishers see a subscriber, whom they wait for: let somebody run the
     * agent.
     *
     * @return the agent.
     * @throws io.aeron.exceptions.AeronException where the media driver refuses the channel, or does not answer.
     * @throws IllegalArgumentException           where the channel is no URI of Aeron's.
     */
    public RecordingAgent open()
    {
        return new RecordingAgent(this);
    }

    AeronStream stream()
    {
        return stream;
    }

    Writer<?> writer()
    {
        return writer;
    }

    int fragmentLimit()
    {
        return fragmentLimit;
    }

    boolean isWaitingForSpace()
    {
        return isWaitingForSpace;
    }

    RecordingListener listener()
    {
        return listener;
    }

    NanoClock nanoClock()
    {
        return nanoClock;
    }
}
