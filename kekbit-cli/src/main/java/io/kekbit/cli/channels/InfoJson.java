package io.kekbit.cli.channels;

import io.kekbit.cli.support.JsonObject;
import io.kekbit.core.ChannelStatus;
import io.kekbit.core.Extension;
import io.kekbit.core.Header;
import io.kekbit.core.layout.EnvelopeDescriptor;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.HeaderDescriptor;
import org.agrona.DirectBuffer;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * What {@code info} tells programs.
 */
final class InfoJson
{
    private InfoJson()
    {
    }

    static JsonObject of(
        final ChannelStatus status,
        final Content content,
        final DirectBuffer start,
        final long fileLength,
        final boolean isOfThisBoot)
    {
        final Header header = status.header();
        final Extension extension = status.extension();

        return StatusJson.of(status, content)
            .number("fileLength", fileLength)
            .text("formatVersion", version(start.getLong(HeaderDescriptor.VERSION_OFFSET, LITTLE_ENDIAN)))
            .number("maxRecordLength", header.maxMessageLength())
            .unsigned("timeout", header.timeout())
            .unsigned("creationTime", header.creationTime())
            .text("tickUnit", header.tickUnit().name().toLowerCase(Locale.ROOT))
            .text("schemaProblem", content.problem())
            .object("extension", extension.isPresent() ? extension(extension, start, isOfThisBoot) : null)
            .object("index", extension.indexCapacity() == 0 ? null : index(extension, start));
    }

    static String version(final long version)
    {
        return (version >>> 48) + "." + (version >>> 32 & 0xFFFF) + "." + (version & 0xFFFF_FFFFL);
    }

    /**
     * The names of what stands around every payload, outermost first.
     */
    static List<String> envelope(final Extension extension)
    {
        final List<String> names = new ArrayList<>();
        for (final byte code : extension.envelope())
        {
            names.add(switch (code)
            {
                case EnvelopeDescriptor.TIMESTAMP -> "time";
                case EnvelopeDescriptor.SEQUENCE -> "sequence";
                case EnvelopeDescriptor.CHECKSUM -> "crc32c";
                case (byte)EnvelopeDescriptor.APPLICATION -> "application";
                default -> "unknown-" + Byte.toUnsignedInt(code);
            });
        }

        return names;
    }

    private static JsonObject extension(
        final Extension extension, final DirectBuffer start, final boolean isOfThisBoot)
    {
        return new JsonObject()
            .unsigned("formatId", extension.formatId())
            .texts("envelope", envelope(extension))
            .unsigned("writerEpoch", extension.writerEpoch())
            .number("processId", extension.processId())
            .text("processStart", extension.processStartMs() <= 0 ?
                null : Instant.ofEpochMilli(extension.processStartMs()).toString())
            .text("bootId", extension.bootId().toString())
            .bool("isThisBoot", isOfThisBoot)
            .number("schemaOffset", extension.schemaOffset())
            .number("schemaLength", extension.schemaLength())
            .unsigned("streamId", start.getLong(ExtensionDescriptor.STREAM_ID_OFFSET, LITTLE_ENDIAN))
            .unsigned("ordinal", start.getLong(ExtensionDescriptor.ORDINAL_OFFSET, LITTLE_ENDIAN))
            .unsigned(
                "firstRecordNumber",
                start.getLong(ExtensionDescriptor.FIRST_RECORD_NUMBER_OFFSET, LITTLE_ENDIAN));
    }

    private static JsonObject index(final Extension extension, final DirectBuffer start)
    {
        return new JsonObject()
            .number("offset", extension.indexOffset())
            .unsigned("entries", start.getLong(ExtensionDescriptor.INDEX_COUNT_OFFSET, LITTLE_ENDIAN))
            .number("capacity", extension.indexCapacity())
            .number("stride", extension.indexStride())
            .unsigned("tailHint", start.getLong(ExtensionDescriptor.TAIL_HINT_OFFSET, LITTLE_ENDIAN))
            .unsigned("tailHintTime", start.getLong(ExtensionDescriptor.TAIL_HINT_TIME_OFFSET, LITTLE_ENDIAN));
    }
}
