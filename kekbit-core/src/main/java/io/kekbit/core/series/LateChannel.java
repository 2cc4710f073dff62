package io.kekbit.core.series;

import io.kekbit.core.DataFormat;
import io.kekbit.core.SeriesChannel;
import io.kekbit.core.exceptions.ChannelException;
import org.agrona.concurrent.NanoClock;

/**
 * Does what the policy says where the next channel of a series is needed and not ready. Used by the writer's thread.
 *
 * @param <D> the format of the content.
 */
final class LateChannel<D extends DataFormat>
{
    // A few readers may have the oldest channels open, and behind those there is space. Where nothing is freed at all,
    // as when each file has another link, a history is not given away for it.
    private static final int MAX_IN_VAIN = 3;

    private final SeriesPlan<D> plan;
    private final NextChannelPolicy policy;
    private final SeriesListener listener;
    private final ChannelSupply<D> supply;
    private final RetiredChannels<D> retired;
    private final Housekeeping housekeeping;
    private final SeriesAgent agent;
    private final NanoClock nanoClock;
    private RuntimeException failure;

    // Of the last deletion, and of how many in a row for the same new channel it was not seen that they freed space.
    private long spaceBefore;
    private long lengthDeleted;
    private long roomFor = -1;
    private int inVain;

    LateChannel(
        final SeriesPlan<D> plan,
        final NextChannelPolicy policy,
        final SeriesListener listener,
        final ChannelSupply<D> supply,
        final RetiredChannels<D> retired,
        final Housekeeping housekeeping,
        final SeriesAgent agent,
        final NanoClock nanoClock)
    {
        this.plan = plan;
        this.policy = policy;
        this.listener = listener;
        this.supply = supply;
        this.retired = retired;
        this.housekeeping = housekeeping;
        this.agent = agent;
        this.nanoClock = nanoClock;
    }

    /**
     * Obtain the next channel, if the policy lets that be done now.
     *
     * @param currentOrdinal of the channel that is written to.
     * @return the channel, or null where there is none: then {@link #failure()} tells why.
     */
    SeriesChannel<D> obtain(final long currentOrdinal)
    {
        failure = null;
        final long ordinal = supply.nextOrdinal();
        listener.onNextChannelLate(ordinal, policy);
        if (policy == NextChannelPolicy.THROW)
        {
            failure = supply.lastFailure();

            return null;
        }

        if (housekeeping == Housekeeping.NONE || !agent.isRun())
        {
            return make(ordinal, currentOrdinal);
        }

        // The agent is late. Were channels made faster than it closes and deletes them, nothing would bound the disk.
        agent.pause();
        try
        {
            retired.closeAll();
            housekeeping.doWork(nanoClock.nanoTime(), true);
            final SeriesChannel<D> made = make(ordinal, currentOrdinal);
            housekeeping.doWork(nanoClock.nanoTime(), true);

            return made;
        }
        finally
        {
            agent.goOn();
        }
    }

    /**
     * Why the last try gave no channel.
     *
     * @return what was thrown; null where nobody has tried to make it.
     */
    RuntimeException failure()
    {
        return failure;
    }

    /**
     * Take the next channel or make it, as the policy says.
     *
     * @return the channel, or null where there is none.
     */
    private SeriesChannel<D> make(final long ordinal, final long currentOrdinal)
    {
        while (true)
        {
            try
            {
                return supply.takeOrMake();
            }
            catch (final ChannelException ex)
            {
                if (policy != NextChannelPolicy.PRUNE || !ChannelSupply.isForSpace(ex) ||
                    !deleteOldest(ordinal, currentOrdinal))
                {
                    failure = ex;
                    listener.onNextChannelFailed(ordinal, ex);

                    return null;
                }
            }
        }
    }

    /**
     * Make room by deleting the oldest channel.
     *
     * @return false where there is none but the one that is written to, it cannot be deleted, or that would be in vain.
     */
    private boolean deleteOldest(final long ordinal, final long currentOrdinal)
    {
        if (roomFor != ordinal || inVain > 0 && isSpaceFreed())
        {
            roomFor = ordinal;
            inVain = 0;
        }
        if (inVain == MAX_IN_VAIN)
        {
            return false;
        }
        // What is still mapped takes its space also when it is deleted.
        retired.closeAll();
        final SeriesFolder folder = plan.folder();
        final long first = folder.first();
        if (first < 0 || first >= currentOrdinal)
        {
            return false;
        }
        try
        {
            folder.requireUnsealed(first);
            spaceBefore = folder.freeSpace();
            lengthDeleted = folder.delete(first);
        }
        catch (final ChannelException ex)
        {
            listener.onPruningFailed(ex);

            return false;
        }
        inVain = isSpaceFreed() ? 0 : inVain + 1;
        listener.onChannelDeleted(first, folder.file(first));

        return true;
    }

    /**
     * Whether the last deletion has freed space by now, as far as can be seen while others write and delete as well.
     * Looked at where a channel was just deleted, since others may take the space at once, and when the next one is to
     * be, since some file systems free it later, and readers when they go on.
     */
    private boolean isSpaceFreed()
    {
        return plan.folder().freeSpace() - spaceBefore >= lengthDeleted / 2;
    }
}
