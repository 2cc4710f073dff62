package io.kekbit.cli.channels;

import io.kekbit.cli.support.JsonObject;
import io.kekbit.cli.support.SeriesTree;
import io.kekbit.cli.support.StreamTarget;
import io.kekbit.core.ChannelState;
import io.kekbit.core.ChannelStatus;
import io.kekbit.core.series.Seal;
import io.kekbit.core.series.SeriesPosition;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * What there is of a series, and whether it is written, at the moment it was looked at. Its last channel is looked
 * into; of the others only the beginning is read.
 */
final class SeriesStatus
{
    private final StreamTarget series;
    private final List<SeriesTree.Channel> channels;
    private final ChannelStatus last;
    private final Content content;
    private final long bytes;

    private SeriesStatus(
        final StreamTarget series,
        final List<SeriesTree.Channel> channels,
        final ChannelStatus last,
        final Content content,
        final long bytes)
    {
        this.series = series;
        this.channels = channels;
        this.last = last;
        this.content = content;
        this.bytes = bytes;
    }

    /**
     * Look at a series.
     *
     * @param folder of the series.
     * @throws IOException where a file cannot be read.
     */
    static SeriesStatus of(final Path folder) throws IOException
    {
        long bytes = 0;
        for (final SeriesTree.Channel channel : SeriesTree.channels(folder))
        {
            bytes += channel.length();
        }
        final List<SeriesTree.Channel> channels = SeriesTree.published(folder);
        final Path lastFile = channels.get(channels.size() - 1).file();
        final ChannelStatus last = ChannelStatus.of(lastFile);

        return new SeriesStatus(
            StreamTarget.series(folder), channels, last, Content.of(lastFile, last.extension()), bytes);
    }

    String name()
    {
        return series.name();
    }

    StreamTarget series()
    {
        return series;
    }

    /**
     * Those that are part of the stream, in their order.
     */
    List<SeriesTree.Channel> channels()
    {
        return channels;
    }

    /**
     * The last channel, the one that is written.
     */
    ChannelStatus last()
    {
        return last;
    }

    Content content()
    {
        return content;
    }

    long streamId()
    {
        return last.extension().streamId();
    }

    /**
     * What all files take, a channel that is made ready included.
     */
    long bytes()
    {
        return bytes;
    }

    /**
     * How often the writer went on in another channel, since the series was created.
     */
    long rolls()
    {
        return last.extension().ordinal();
    }

    /**
     * The number of the first record that there is.
     */
    long firstRecord()
    {
        return channels.get(0).firstRecordNumber();
    }

    /**
     * The number that the next record gets, where that is known.
     */
    OptionalLong nextRecord()
    {
        return last.records().isPresent() ?
            OptionalLong.of(last.extension().firstRecordNumber() + last.records().getAsLong()) : OptionalLong.empty();
    }

    /**
     * How many records there are, where that is known.
     */
    OptionalLong records()
    {
        return nextRecord().isPresent() ? OptionalLong.of(nextRecord().getAsLong() - firstRecord()) :
            OptionalLong.empty();
    }

    long firstPosition()
    {
        return SeriesPosition.of(channels.get(0).ordinal(), 0);
    }

    long endPosition()
    {
        return SeriesPosition.of(last.extension().ordinal(), last.used());
    }

    Instant lastActivity()
    {
        return last.lastActivity();
    }

    /**
     * The state of the stream. A last channel that is full is about to be followed by another if somebody has it.
     */
    ChannelState state()
    {
        if (last.state() == ChannelState.FULL)
        {
            return last.writerProcess().isPresent() ? ChannelState.LIVE : ChannelState.ABANDONED;
        }

        return last.state();
    }

    /**
     * What programs get to know.
     */
    JsonObject json()
    {
        return new JsonObject()
            .text("series", name())
            .text("folder", series.path().toString())
            .unsigned("streamId", streamId())
            .text("state", States.name(state()))
            .text("content", content.summary())
            .number("channels", channels.size())
            .number("bytes", bytes)
            .number("records", records())
            .number("firstRecord", firstRecord())
            .number("nextRecord", nextRecord())
            .number("rolls", rolls())
            .number("firstPosition", firstPosition())
            .number("endPosition", endPosition())
            .number("writerProcess", last.writerProcess())
            .bool("isSealed", Seal.isOn(series.path()))
            .text("lastActivity", lastActivity().toString());
    }
}
