package io.kekbit.cli.channels;

import io.kekbit.cli.support.JsonObject;
import io.kekbit.core.ChannelStatus;
import io.kekbit.core.Extension;
import io.kekbit.core.Header;
import io.kekbit.core.TickUnit;
import io.kekbit.sbe.SbeDataFormat;

import java.time.Instant;

/**
 * What {@code list} and {@code info} both tell programs about a channel.
 */
final class StatusJson
{
    private StatusJson()
    {
    }

    static JsonObject of(final ChannelStatus status, final Content content)
    {
        final Header header = status.header();
        final Extension extension = status.extension();

        return new JsonObject()
            .text("file", status.file().toString())
            .unsigned("id", header.channelId())
            .text("label", extension.label().isEmpty() ? null : extension.label())
            .text("state", States.name(status.state()))
            .unsigned("writerId", header.writerId())
            .number("writerProcess", status.writerProcess())
            .text("mediaType", extension.mediaType().isEmpty() ? null : extension.mediaType())
            .object("schema", schema(content))
            .number("capacity", header.capacity())
            .number("used", status.used())
            .number("records", status.records())
            .number("durablePosition", status.durablePosition())
            .text("created", time(header.creationTime(), header.tickUnit()))
            .text("lastActivity", status.lastActivity().toString())
            .texts("problems", status.problems());
    }

    /**
     * A time in the channel's ticks; null where it is beyond all calendars.
     */
    static String time(final long ticks, final TickUnit unit)
    {
        final Instant time = unit.toInstant(ticks);

        return time.equals(Instant.MAX) ? null : time.toString();
    }

    private static JsonObject schema(final Content content)
    {
        final SbeDataFormat sbe = content.sbe();

        return sbe == null ? null : new JsonObject()
            .text("package", sbe.packageName())
            .number("id", sbe.schemaId())
            .number("version", sbe.schemaVersion());
    }
}
