package io.kekbit.aeron.replication;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps what a source and a target told.
 */
final class Events implements TargetListener, SourceListener
{
    private final List<RefusalReason> refusals = new ArrayList<>();
    private final List<String> details = new ArrayList<>();
    private final List<Throwable> errors = new ArrayList<>();
    private final List<Long> completed = new ArrayList<>();
    private final List<Long> live = new ArrayList<>();
    private final List<String> liveLost = new ArrayList<>();
    private int lost;
    private int driversLost;
    private int discontinuities;
    private int copying;
    private int requests;

    @Override
    public void onCopying(final Path file, final long ordinal, final long position)
    {
        copying++;
    }

    @Override
    public void onChannelCompleted(final Path file, final long ordinal, final long position)
    {
        completed.add(ordinal);
    }

    @Override
    public void onLive(final long ordinal, final long position)
    {
        live.add(ordinal);
    }

    @Override
    public void onLiveLost(final String why)
    {
        liveLost.add(why);
    }

    @Override
    public void onSourceLost(final String why)
    {
        lost++;
    }

    @Override
    public void onDiscontinuity(final long expected, final long actual)
    {
        discontinuities++;
    }

    @Override
    public void onRefused(final RefusalReason reason, final String text)
    {
        refusals.add(reason);
        details.add(text);
    }

    @Override
    public void onRequest(
        final long targetId, final String name, final String stream, final long ordinal, final long position)
    {
        requests++;
    }

    @Override
    public void onRefused(final long targetId, final RefusalReason reason, final String text)
    {
        refusals.add(reason);
        details.add(text);
    }

    @Override
    public void onTargetLost(final long targetId)
    {
        lost++;
    }

    @Override
    public void onDriverLost(final Throwable cause)
    {
        driversLost++;
    }

    @Override
    public void onError(final Throwable failure)
    {
        errors.add(failure);
    }

    List<RefusalReason> refusals()
    {
        return refusals;
    }

    List<String> details()
    {
        return details;
    }

    List<Throwable> errors()
    {
        return errors;
    }

    List<Long> completed()
    {
        return completed;
    }

    /**
     * The ordinals of the channels in which the live stream was joined.
     */
    List<Long> live()
    {
        return live;
    }

    List<String> liveLost()
    {
        return liveLost;
    }

    int lost()
    {
        return lost;
    }

    int driversLost()
    {
        return driversLost;
    }

    int discontinuities()
    {
        return discontinuities;
    }

    int copying()
    {
        return copying;
    }

    int requests()
    {
        return requests;
    }

    @Override
    public String toString()
    {
        return "Events{lost=" + lost + " driversLost=" + driversLost + " copying=" + copying + " requests=" + requests +
            " completed=" + completed + " refusals=" + refusals + " details=" + details + " live=" + live +
            " liveLost=" + liveLost + " errors=" + errors + "}";
    }
}
