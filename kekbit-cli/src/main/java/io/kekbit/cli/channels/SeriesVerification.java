package io.kekbit.cli.channels;

import io.kekbit.cli.support.ExitCodes;
import io.kekbit.cli.support.Progress;
import io.kekbit.cli.support.SeriesTree;
import io.kekbit.cli.support.StreamTarget;
import io.kekbit.core.ChannelFault;
import io.kekbit.core.ChannelVerifier;
import io.kekbit.core.ReaderState;
import io.kekbit.core.Verification;
import io.kekbit.core.series.Seal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is wrong with a series: with each of its channels, with how they follow each other, and with its manifest, where
 * it is sealed.
 */
final class SeriesVerification
{
    private final List<Verification> channels = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final boolean isSealed;
    private final boolean isDamaged;

    private SeriesVerification(final StreamTarget series) throws IOException
    {
        final List<SeriesTree.Channel> published = SeriesTree.published(series.path());
        long bytes = 0;
        for (final SeriesTree.Channel channel : published)
        {
            bytes += channel.length();
        }

        long done = 0;
        try (Progress progress = new Progress("verify", bytes))
        {
            for (final SeriesTree.Channel channel : published)
            {
                final long doneBefore = done;
                final Verification found =
                    ChannelVerifier.verify(channel.file(), (at, total) -> progress.at(doneBefore + at));
                compare(channels.isEmpty() ? null : published.get(channels.size() - 1), channel);
                channels.add(found);
                done += channel.length();
            }
        }
        final int before = faults.size();
        for (final Path stranger : SeriesTree.strangers(series.path()))
        {
            faults.add("no channel of this series, or one whose header is damaged: " + stranger);
        }
        isSealed = Seal.isOn(series.path());
        if (isSealed)
        {
            faults.addAll(Manifest.differences(series.path()));
        }
        isDamaged = faults.size() > before;
    }

    /**
     * Verify a series.
     *
     * @param series to verify.
     * @throws IOException where a file cannot be read.
     */
    static SeriesVerification of(final StreamTarget series) throws IOException
    {
        return new SeriesVerification(series);
    }

    /**
     * What was found in each channel, in their order.
     */
    List<Verification> channels()
    {
        return channels;
    }

    /**
     * What is wrong with the series, apart from its channels: a sentence for each.
     */
    List<String> faults()
    {
        return faults;
    }

    boolean isSealed()
    {
        return isSealed;
    }

    long faultCount()
    {
        return faults.size() + channels.stream().mapToLong(Verification::faultCount).sum();
    }

    boolean isSound()
    {
        return faultCount() == 0;
    }

    int exitCode()
    {
        int exitCode = isDamaged ? ExitCodes.DAMAGED : faults.isEmpty() ? ExitCodes.OK : ExitCodes.FAILED;
        for (final Verification channel : channels)
        {
            exitCode = Math.max(exitCode, exitCode(channel));
        }

        return exitCode;
    }

    /**
     * The status to end with, for a channel.
     */
    static int exitCode(final Verification found)
    {
        if (found.isSound())
        {
            return ExitCodes.OK;
        }
        final boolean isWrong = found.faults().stream().map(ChannelFault::kind).anyMatch((kind) -> switch (kind)
        {
            case STRUCTURE, UNREADABLE, ENVELOPE -> true;
            case SEQUENCE, DURABLE_POSITION -> false;
        });

        return isWrong || found.faultCount() > found.faults().size() ? ExitCodes.DAMAGED : ExitCodes.FAILED;
    }

    /**
     * See that a channel goes on where the one before it ended.
     */
    private void compare(final SeriesTree.Channel before, final SeriesTree.Channel channel)
    {
        if (before == null)
        {
            return;
        }
        if (channel.streamId() != before.streamId())
        {
            faults.add("channel " + channel.ordinal() + " is of another series: " + channel.file());
        }
        if (channel.ordinal() != before.ordinal() + 1)
        {
            faults.add("channels are missing between " + before.ordinal() + " and " + channel.ordinal());
            return;
        }
        final Verification found = channels.get(channels.size() - 1);
        final long expected = before.firstRecordNumber() + found.records();
        if (channel.firstRecordNumber() != expected)
        {
            faults.add("channel " + channel.ordinal() + " begins with record #" + channel.firstRecordNumber() +
                ", and the one before it ends before record #" + expected);
        }
        if (found.endState() != ReaderState.CLOSED && found.isSound())
        {
            faults.add("channel " + before.ordinal() + " is followed by another, and was not closed");
        }
    }
}
