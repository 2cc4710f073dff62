package io.kekbit.core.series;

import io.kekbit.core.DataFormat;
import io.kekbit.core.Encodable;
import io.kekbit.core.EnvelopeWriter;
import io.kekbit.core.Header;
import io.kekbit.core.SeriesChannel;
import io.kekbit.core.SeriesLock;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.Writer;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.ChannelFullException;
import io.kekbit.core.exceptions.FlushFailedException;
import io.kekbit.core.exceptions.NoSpaceForRecordException;
import io.kekbit.core.exceptions.WriterClosedException;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.ArrayUtil;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;

import java.nio.file.Path;

/**
 * The one writer of a series: of a stream that has no end, since it goes on in another channel where one is full.
 * <p>
 * Everything that {@link ShmWriter} says of records, slots, threads and death holds. A record that does not fit any
 * more is written to the next channel, which the {@link #agent()} has made ready: that takes a few stores. The caller
 * runs that agent; where nobody does, this writer makes and closes channels itself, in the middle of a call.
 * <p>
 * The next channel is published, see {@link SeriesChannel#publish}, before the last one is left, and that is closed by
 * the agent when all of it is durable. A reader that finds nothing more in a channel looks whether the next one is
 * published. A process that dies at any instant leaves a series that {@link #open} goes on with: no record is lost,
 * doubled or out of order, and their numbers have no gap.
 * <p>
 * {@link #close()} closes the last channel, by which readers see that nothing follows. The series can be opened again
 * at any time, and goes on in another channel.
 *
 * @param <D> the format of the content.
 */
public final class SeriesWriter<D extends DataFormat> implements Writer<D>
{
    private static final FollowingAgent[] NO_AGENTS = {};
    // Tried where the clock rings, so that what happens then is what happens when a record does not fit.
    private static final int NEVER_FITS = Integer.MAX_VALUE;
    private static final long ENDLESS = Long.MAX_VALUE & -8;

    private final SeriesPlan<D> plan;
    private final SeriesLock lock;
    private final long streamId;
    private final SeriesListener listener;
    private final ChannelSupply<D> supply;
    private final LateChannel<D> late;
    private final RetiredChannels<D> retired;
    private final Outlook<D> outlook = new Outlook<>();
    private final Housekeeping housekeeping;
    private final NanoClock nanoClock;
    private final RollClock rollClock;
    private final SeriesAgent agent;
    private final int lengthAround;
    private FollowingAgent[] followers = NO_AGENTS;
    private RuntimeException notRolled;
    private boolean isClosed;

    // These belong to the channel that is written to. It is either written through its envelope, or has none.
    private SeriesChannel<D> current;
    private ShmWriter<D> channel;
    private EnvelopeWriter<D> enveloping;
    private int fullLength;

    SeriesWriter(
        final SeriesPlan<D> plan,
        final SeriesLock lock,
        final long streamId,
        final SeriesChannel<D> first,
        final SeriesChannel<D> next,
        final RollClock rollClock,
        final NextChannelPolicy policy,
        final SeriesListener listener,
        final Housekeeping housekeeping,
        final NanoClock nanoClock)
    {
        this.plan = plan;
        this.housekeeping = housekeeping;
        this.nanoClock = nanoClock;
        this.lock = lock;
        this.listener = listener;
        this.streamId = streamId;
        lengthAround = plan.lengthAround();
        use(first);
        this.rollClock = rollClock;
        final Runnable nearEndAlarm = rollClock::ring;
        first.nearEndAlarm(nearEndAlarm);
        supply = new ChannelSupply<>(plan, listener, first.ordinal() + 1, next, nearEndAlarm);
        retired = new RetiredChannels<>(listener, first);
        rollClock.start(startTimeNs());
        agent = new SeriesAgent(plan, supply, retired, housekeeping, rollClock, nanoClock);
        late = new LateChannel<>(plan, policy, listener, supply, retired, housekeeping, agent, nanoClock);
    }

    /**
     * Open a series for writing: the same line in the morning, when it is created or gone on with, and after the writer
     * was killed, when its last channel is taken over. Where that channel is closed, or is of another version of the
     * format, another one is begun. After a kill this takes as long as walking all records of a channel.
     *
     * @param root   folder of all series; made where it does not exist.
     * @param name   of the series and of its folder in the root.
     * @param format of the content.
     * @param <D>    the format of the content.
     * @return the writer.
     * @throws ChannelException                                       where the series has a living writer, is of
     *                                                                content that the format has nothing to do with,
     *                                                                or can neither be created nor gone on with for
     *                                                                another reason; one subclass for each case.
     * @throws IllegalArgumentException                               where the name is none for a folder.
     * @throws io.kekbit.core.exceptions.UnsupportedPlatformException where the JVM lacks the flag that Agrona needs.
     */
    public static <D extends DataFormat> SeriesWriter<D> open(final Path root, final String name, final D format)
    {
        return builder(root, name, format).open();
    }

    /**
     * Begin a writer with more to say than {@link #open(Path, String, DataFormat)} takes.
     *
     * @param root   folder of all series; made where it does not exist.
     * @param name   of the series and of its folder in the root.
     * @param format of the content.
     * @param <D>    the format of the content.
     * @return a builder.
     * @throws IllegalArgumentException where the name is none for a folder.
     */
    public static <D extends DataFormat> SeriesWriterBuilder<D> builder(
        final Path root, final String name, final D format)
    {
        return new SeriesWriterBuilder<>(root, name, format);
    }

    @Override
    public long write(final DirectBuffer source, final int sourceOffset, final int length)
    {
        final long result = tryWrite(source, sourceOffset, length);
        if (result > 0)
        {
            return result;
        }
        requireRolled(result);

        return enveloping == null ? channel.write(source, sourceOffset, length) :
            enveloping.write(source, sourceOffset, length);
    }

    @Override
    public long tryWrite(final DirectBuffer source, final int sourceOffset, final int length)
    {
        long result;
        boolean isRung = false;
        do
        {
            isRung = !isRung && rollClock.rings();
            result = tryWriteHere(source, sourceOffset, isRung ? NEVER_FITS : length);
        }
        while (result < 0 && roll(result, isRung));

        return result;
    }

    private long tryWriteHere(final DirectBuffer source, final int sourceOffset, final int length)
    {
        final EnvelopeWriter<D> enveloping = this.enveloping;

        return enveloping == null ? channel.tryWrite(source, sourceOffset, length) :
            enveloping.tryWrite(source, sourceOffset, length);
    }

    /**
     * Append a record whose content encodes itself straight into the slot, which is always as long as the longest
     * content: where less than that is left, the series goes on in the next channel first.
     *
     * @param encodable to encode.
     * @return the bytes the record takes in the channel.
     * @throws io.kekbit.core.exceptions.WriteException where the record cannot be appended; nothing is published.
     */
    @Override
    public long write(final Encodable<? super D> encodable)
    {
        makeRoom(fullLength);
        try
        {
            return enveloping == null ? channel.write(encodable) : enveloping.write(encodable);
        }
        catch (final NoSpaceForRecordException | ChannelFullException ex)
        {
            throw new ChannelFullException(channel.file(), channel.available(), notRolled == null ? ex : notRolled);
        }
    }

    @Override
    public long tryWrite(final Encodable<? super D> encodable)
    {
        makeRoom(fullLength);

        return enveloping == null ? channel.tryWrite(encodable) : enveloping.tryWrite(encodable);
    }

    @Override
    public long claim(final int maxLength)
    {
        final long result = tryClaim(maxLength);
        if (result > 0)
        {
            return result;
        }
        requireRolled(result);

        return enveloping == null ? channel.claim(maxLength) : enveloping.claim(maxLength);
    }

    @Override
    public long tryClaim(final int maxLength)
    {
        long result;
        boolean isRung = false;
        do
        {
            isRung = !isRung && rollClock.rings();
            result = tryClaimHere(isRung ? NEVER_FITS : maxLength);
        }
        while (result < 0 && roll(result, isRung));

        return result;
    }

    private long tryClaimHere(final int maxLength)
    {
        final EnvelopeWriter<D> enveloping = this.enveloping;

        return enveloping == null ? channel.tryClaim(maxLength) : enveloping.tryClaim(maxLength);
    }

    /**
     * Claim a slot for content of which the length is not known before it is encoded. Unless {@code maxLength} is
     * longer than any record can be, the slot is that long: the series goes on in the next channel where less is left.
     *
     * @param minLength the least bytes of content that the slot is to hold, at least 1.
     * @param maxLength the most bytes of content that will be written, at least {@code minLength}.
     * @return the bytes a record as long as the slot takes in the channel; the slot's capacity tells its length.
     * @throws io.kekbit.core.exceptions.WriteException where a record of {@code minLength} cannot be appended.
     * @throws IllegalStateException                    where a claim is open already.
     */
    @Override
    public long claim(final int minLength, final int maxLength)
    {
        final long result = tryClaim(minLength, maxLength);
        if (result > 0)
        {
            return result;
        }
        requireRolled(result);

        return enveloping == null ? channel.claim(minLength, maxLength) : enveloping.claim(minLength, maxLength);
    }

    @Override
    public long tryClaim(final int minLength, final int maxLength)
    {
        if (minLength > 0 && minLength <= fullLength)
        {
            makeRoom(Math.min(maxLength, fullLength));
        }

        return enveloping == null ? channel.tryClaim(minLength, maxLength) :
            enveloping.tryClaim(minLength, maxLength);
    }

    /**
     * The claimed slot, see {@link Writer#slot()}. In each channel another object serves all claims: ask for it anew
     * with every claim.
     */
    @Override
    public MutableDirectBuffer slot()
    {
        return enveloping == null ? channel.slot() : enveloping.slot();
    }

    @Override
    public long commit(final int length)
    {
        final EnvelopeWriter<D> enveloping = this.enveloping;

        return enveloping == null ? channel.commit(length) : enveloping.commit(length);
    }

    @Override
    public void abort()
    {
        if (enveloping == null)
        {
            channel.abort();
        }
        else
        {
            enveloping.abort();
        }
    }

    @Override
    public long heartbeat()
    {
        final long result = tryHeartbeat();
        if (result > 0)
        {
            return result;
        }
        requireRolled(result);

        return channel.heartbeat();
    }

    @Override
    public long tryHeartbeat()
    {
        lookAtTime();
        final long result = channel.tryHeartbeat();

        return result < 0 && roll(result, false) ? channel.tryHeartbeat() : result;
    }

    /**
     * Force everything written to the device, in the channels that were left, too, as far as the agent has not done so
     * yet. When this returns, all records written before it survive the loss of power.
     *
     * @throws FlushFailedException  where the device did not take it, be it now or earlier; the writer is closed then.
     * @throws WriterClosedException where the writer is closed.
     */
    @Override
    public void flush()
    {
        if (isClosed)
        {
            throw new WriterClosedException(channel.file());
        }
        retired.closeAll();
        final FlushFailedException failure = retired.failure();
        if (failure != null)
        {
            throw letGoAfter(failure);
        }
        try
        {
            channel.flush();
        }
        catch (final FlushFailedException ex)
        {
            throw letGoAfter(ex);
        }
        lookAtTime();
    }

    /**
     * How much can still be written: without end, while the series is open. {@link #header()} tells the capacity of the
     * channel that is written to.
     *
     * @return {@link Long#MAX_VALUE}, rounded down to a multiple of 8; 0 for a closed series.
     */
    @Override
    public long available()
    {
        return isClosed ? 0 : ENDLESS;
    }

    /**
     * The longest content that a record can have, whatever is left in the channel that is written to.
     *
     * @return the length in bytes; 0 for a closed series.
     */
    @Override
    public int longestContent()
    {
        return isClosed ? 0 : fullLength;
    }

    /**
     * The position in the series, see {@link SeriesPosition}, behind the last record. The next one stands there, or at
     * the start of the next channel where it does not fit.
     *
     * @return the position.
     */
    @Override
    public long writeOffset()
    {
        return SeriesPosition.of(current.ordinal(), channel.writeOffset());
    }

    /**
     * The number that the next record will have: how many records there were in the series, deleted ones included.
     *
     * @return the number.
     */
    public long nextRecordNumber()
    {
        return current.nextRecordNumber();
    }

    @Override
    public Header header()
    {
        return channel.header();
    }

    @Override
    public D dataFormat()
    {
        return plan.format();
    }

    /**
     * The number that all channels of this series share, and no other series has.
     *
     * @return the stream id, not 0.
     */
    public long streamId()
    {
        return streamId;
    }

    /**
     * The file of the channel that is written to.
     *
     * @return its path.
     */
    public Path file()
    {
        return channel.file();
    }

    /**
     * The agent that works for this writer in the background: see there. The caller runs it.
     *
     * @return always the same agent, which ends with this writer.
     */
    public SeriesAgent agent()
    {
        return agent;
    }

    /**
     * For {@link Rehearsal}.
     */
    SeriesChannel<D> current()
    {
        return current;
    }

    ChannelSupply<D> supply()
    {
        return supply;
    }

    /**
     * For {@link Rehearsal}.
     */
    RollClock rollClock()
    {
        return rollClock;
    }

    /**
     * An agent that touches the pages ahead of this writer, in whatever channel it is. What the {@link #agent()} makes
     * ready is touched anyway; this one does so again, which is of use on file systems with a device behind them.
     */
    @Override
    public Agent prefaultAgent(final int windowLength, final long intervalNs)
    {
        final FollowingAgent follower =
            new FollowingAgent("prefault " + plan.folder().path(), windowLength, intervalNs);
        follower.follow(channel.prefaultAgent(windowLength, intervalNs));
        followers = ArrayUtil.add(followers, follower);

        return follower;
    }

    @Override
    public void handOver()
    {
        channel.handOver();
    }

    /**
     * Force everything written to the device, and tell the readers that nothing follows: until the series is opened
     * again. What the agent is doing is waited for. Further calls do nothing.
     *
     * @throws FlushFailedException where the device did not take it, be it now or earlier. The files are let go of all
     *                              the same.
     */
    @Override
    public void close()
    {
        if (isClosed)
        {
            return;
        }

        final FlushFailedException failure = letGo();
        if (failure != null)
        {
            throw failure;
        }
    }

    @Override
    public String toString()
    {
        return "SeriesWriter{folder=" + plan.folder().path() + " nextRecordNumber=" + nextRecordNumber() +
            " channel=" + channel + "}";
    }

    private static boolean isRollNeeded(final long result)
    {
        return result == CHANNEL_FULL || result == NO_SPACE;
    }

    /**
     * Go on in the next channel where less than a length is left, or the hour or day is over.
     */
    private void makeRoom(final int length)
    {
        boolean isRung = false;
        do
        {
            isRung = !isRung && rollClock.rings();
        }
        while ((isRung || longestHere() < length) && roll(NO_SPACE, isRung) && isRung);
    }

    private int longestHere()
    {
        return enveloping == null ? channel.longestContent() : enveloping.longestContent();
    }

    /**
     * Refuse what was refused because there is no other channel to go on in.
     */
    private void requireRolled(final long result)
    {
        if (isRollNeeded(result))
        {
            throw new ChannelFullException(channel.file(), channel.available(), notRolled);
        }
    }

    /**
     * Go on in the next channel, if that can be done now: else the channel itself says what is wrong. This runs seldom,
     * when all that it takes, the code included, has left the caches. So it does as little as it can, and it runs in
     * vain shortly before, see {@link Outlook}: then nothing is due, the next channel is the one that is written to,
     * and every store stores what is there already. All in one method, since one of this length is never compiled into
     * its callers: those would become so long that they in turn were not compiled into the application's methods. And
     * nothing before it, in those callers, that did not run in vain: a call that they make for the first time takes
     * microseconds, however short what it calls is.
     *
     * @param result of the call; nothing happens where it is not for want of room, unless the clock rang.
     * @param isRung whether the clock rang. A ring is heeded once in a call of the caller's, whatever rings meanwhile:
     *               the record comes first.
     * @return whether to try again.
     */
    private boolean roll(final long result, final boolean isRung)
    {
        if (isRung)
        {
            rollClock.heed();
        }
        final boolean isFull = result == CHANNEL_FULL || result == NO_SPACE;
        if (!isRung && !isFull || isClosed || isClaiming())
        {
            return isRung;
        }
        final SeriesChannel<D> ready = supply.ready();
        final boolean isDue = !isRung || isTimeOver(ready);
        if (!isDue && !outlook.look(ready))
        {
            return true;
        }
        final SeriesChannel<D> next = isDue ? ready == null ? late.obtain(current.ordinal()) : ready : current;
        if (next == null)
        {
            notRolled = late.failure();
            // Not for every record until it can be made, though the clock rang again when it was read.
            rollClock.heed();

            return isRung;
        }
        if (ready != null)
        {
            supply.take(ready, isDue);
        }
        final SeriesChannel<D> left = current;
        next.publish(streamId, isDue ? left.nextRecordNumber() : next.firstRecordNumber());
        use(next);
        left.channel().handOver();
        left.leaveFor(isDue ? next : null);
        notRolled = null;
        if (rollClock.isNeeded())
        {
            rollClock.start(
                !isDue ? rollClock.startNs() : isRung ? rollClock.seenNs() : plan.clock().nanoTime());
        }
        for (final FollowingAgent follower : isDue ? followers : NO_AGENTS)
        {
            follower.follow(channel.prefaultAgent(follower.windowLength(), follower.intervalNs()));
        }
        if (!agent.isRun() && isDue)
        {
            retired.closeAll();
            housekeeping.doWork(nanoClock.nanoTime(), true);
        }
        (isDue ? listener : Outlook.NOBODY).onRoll(current.ordinal(), channel.file(), current.firstRecordNumber());

        return true;
    }

    /**
     * Whether the hour or day is over, so that another channel can be gone on in: unless nothing was written in it.
     */
    private boolean isTimeOver(final SeriesChannel<D> ready)
    {
        if (!rollClock.isTime(plan.clock()))
        {
            return false;
        }
        if (current.isEmpty())
        {
            rollClock.start(plan.clock().nanoTime());

            return false;
        }
        if (ready == null && agent.isRun())
        {
            // Not for every record until then: the agent rings when the channel is ready.
            rollClock.heed();

            return false;
        }

        return true;
    }

    /**
     * Where nobody runs the agent, this is how the end of an hour or day is noticed.
     */
    private void lookAtTime()
    {
        if (!agent.isRun())
        {
            rollClock.ring(plan.clock());
        }
    }

    private boolean isClaiming()
    {
        return slot().capacity() > 0;
    }

    private void use(final SeriesChannel<D> next)
    {
        current = next;
        channel = next.channel();
        enveloping = next.enveloping();
        fullLength = channel.header().maxMessageLength() - lengthAround;
    }

    private long startTimeNs()
    {
        return current.isEmpty() ? plan.clock().nanoTime() :
            channel.header().tickUnit().toNanos(current.startTime());
    }

    private FlushFailedException letGoAfter(final FlushFailedException failure)
    {
        final FlushFailedException further = letGo();
        if (further != null && further != failure)
        {
            failure.addSuppressed(further);
        }

        return failure;
    }

    /**
     * End everything, whatever fails.
     *
     * @return what the device did not take, or null.
     */
    private FlushFailedException letGo()
    {
        isClosed = true;
        final FlushFailedException failure;
        try
        {
            agent.end();
            retired.closeAll();
        }
        finally
        {
            try
            {
                supply.end();
            }
            finally
            {
                try
                {
                    failure = retired.closeLast(current);
                }
                finally
                {
                    lock.close();
                }
            }
        }

        return failure;
    }
}
