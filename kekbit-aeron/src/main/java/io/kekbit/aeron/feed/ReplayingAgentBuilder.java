package io.kekbit.aeron.feed;

import io.aeron.Aeron;
import io.kekbit.core.Reader;
import io.kekbit.core.replay.ReplayerBuilder;

import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

/**
 * Says what to publish and how. Made by {@link ReplayingAgent#builder(Aeron, String, int, Reader)}. Not thread-safe.
 */
public final class ReplayingAgentBuilder
{
    private final AeronStream stream;
    private final Reader reader;
    private Consumer<ReplayerBuilder> pace = (replay) ->
    {
        // As the records came, from where the reader stands to the end.
    };
    private LongPredicate end = (position) -> false;

    ReplayingAgentBuilder(final Aeron aeron, final String channel, final int streamId, final Reader reader)
    {
        stream = new AeronStream(aeron, channel, streamId);
        this.reader = Objects.requireNonNull(reader, "reader");
    }

    /**
     * How to replay: the pace, from when to when, whether to follow what is still being written. Unless told, the
     * records are published as they once came, from where the reader stands to the end.
     *
     * @param replayPace called once by {@link #open()} with what there is to set.
     * @return this.
     */
    public ReplayingAgentBuilder pace(final Consumer<ReplayerBuilder> replayPace)
    {
        pace = Objects.requireNonNull(replayPace, "pace");

        return this;
    }

    /**
     * End the replay before a record, whatever the pace says: {@link ReplayingAgent#state()} is then
     * {@link io.kekbit.core.replay.ReplayState#STOPPED}. Unless told, no position ends it.
     *
     * @param isEnd asked once or more for each record that is due, with its position.
     * @return this.
     */
    public ReplayingAgentBuilder until(final LongPredicate isEnd)
    {
        end = Objects.requireNonNull(isEnd, "isEnd");

        return this;
    }

    /**
     * Add the publication, an exclusive one. Nothing is published before the agent is run.
     *
     * @return the agent.
     * @throws io.aeron.exceptions.AeronException where the media driver refuses the channel, or does not answer.
     * @throws IllegalArgumentException           where the channel is no URI of Aeron's, or the stream that is read may
     *                                            hold records longer than the publication takes; the message says what
     *                                            to ask for.
     */
    public ReplayingAgent open()
    {
        return new ReplayingAgent(this);
    }

    AeronStream stream()
    {
        return stream;
    }

    Reader reader()
    {
        return reader;
    }

    Consumer<ReplayerBuilder> pace()
    {
        return pace;
    }

    LongPredicate end()
    {
        return end;
    }
}
