package io.kekbit.cli.channels;

import io.kekbit.cli.support.Colors;
import io.kekbit.cli.support.JsonObject;
import io.kekbit.cli.support.SeriesTree;
import io.kekbit.cli.support.Table;
import io.kekbit.cli.support.Units;
import io.kekbit.core.ChannelStatus;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.series.Seal;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Shows what there is of a series.
 */
final class SeriesInfo
{
    private static final int NAME_WIDTH = 20;

    private SeriesInfo()
    {
    }

    static void print(final PrintWriter out, final Path folder, final boolean isJson) throws IOException
    {
        final SeriesStatus series = SeriesStatus.of(folder);
        final List<ChannelStatus> channels = channels(series);
        if (isJson)
        {
            out.println(series.json().objects("files", channels.stream().map(SeriesInfo::json).toList()));
            return;
        }

        final Instant now = Instant.now();
        out.println(Colors.out().heading("Series"));
        line(out, "folder", folder + ", " + Units.count(series.bytes()) + " bytes");
        line(out, "stream", Long.toUnsignedString(series.streamId()));
        line(out, "state", States.coloured(States.name(series.state())) + ": " + States.meaning(series.state()));
        line(out, "content", series.content().summary());
        line(out, "channels", Units.count(series.channels().size()) + ", " + Units.count(series.rolls()) +
            " rolls since it was created");
        final OptionalLong records = series.records();
        line(out, "records", records.isEmpty() ? "not known without an index; kekbit stats counts them" :
            Units.count(records.getAsLong()) + (records.getAsLong() == 0 ? "" : ", #" + series.firstRecord() + " to #" +
                (series.nextRecord().getAsLong() - 1)));
        line(out, "positions", series.firstPosition() + " to " + series.endPosition());
        line(out, "sealed", Seal.isOn(folder) ? "yes: kekbit verify compares it with its manifest" : "no");
        line(out, "last activity", Units.instant(series.lastActivity()) + ", " +
            Units.age(series.lastActivity(), now));
        out.println();

        final Table table = new Table()
            .number("CHANNEL")
            .number("ID")
            .coloured("STATE", States::coloured)
            .number("CAPACITY")
            .number("USED")
            .number("RECORDS")
            .number("FIRST RECORD")
            .text("LAST ACTIVITY");
        for (final ChannelStatus channel : channels)
        {
            table.row(
                Long.toString(channel.extension().ordinal()),
                Long.toUnsignedString(channel.header().channelId()),
                States.name(channel.state()),
                Units.bytes(channel.header().capacity()),
                Units.percent(channel.used(), channel.header().capacity()),
                channel.records().isPresent() ? Units.count(channel.records().getAsLong()) : "-",
                "#" + channel.extension().firstRecordNumber(),
                Units.age(channel.lastActivity(), now));
        }
        table.print(out);
    }

    private static List<ChannelStatus> channels(final SeriesStatus series)
    {
        final List<ChannelStatus> channels = new ArrayList<>();
        for (final SeriesTree.Channel channel : series.channels())
        {
            try
            {
                channels.add(ChannelStatus.of(channel.file()));
            }
            catch (final ChannelNotFoundException ex)
            {
                // Deleted meanwhile, to keep the series within its bounds.
                continue;
            }
        }

        return channels;
    }

    private static JsonObject json(final ChannelStatus channel)
    {
        return new JsonObject()
            .text("file", channel.file().toString())
            .number("ordinal", channel.extension().ordinal())
            .text("state", States.name(channel.state()))
            .number("capacity", channel.header().capacity())
            .number("used", channel.used())
            .number("records", channel.records())
            .number("firstRecord", channel.extension().firstRecordNumber())
            .text("lastActivity", channel.lastActivity().toString());
    }

    private static void line(final PrintWriter out, final String name, final String value)
    {
        out.println("  " + Colors.out().faint(name) + " ".repeat(NAME_WIDTH - name.length()) + value);
    }
}
