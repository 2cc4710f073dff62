package io.kekbit.cli.channels;

import io.kekbit.core.Extension;
import io.kekbit.core.PlainTextDataFormat;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.TerminalText;
import io.kekbit.sbe.InvalidSchemaException;
import io.kekbit.sbe.SbeDataFormat;
import io.kekbit.sbe.ir.MessageDescription;
import io.kekbit.sbe.ir.SchemaDecoder;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * What a channel's records hold, as far as the channel says.
 */
final class Content
{
    private static final long SBE_PREFIX_MASK = 0xFFFF_FFFF_0000_0000L;

    private final Extension extension;
    private final SbeDataFormat sbe;
    private final String problem;

    private Content(final Extension extension, final SbeDataFormat sbe, final String problem)
    {
        this.extension = extension;
        this.sbe = sbe;
        this.problem = problem;
    }

    /**
     * Look at a channel's format and schema section.
     *
     * @param file      of the channel.
     * @param extension of the channel.
     * @throws IOException where the file cannot be read any more.
     */
    static Content of(final Path file, final Extension extension) throws IOException
    {
        if (!isSbe(extension) || extension.schemaLength() == 0)
        {
            return new Content(extension, null, isSbe(extension) ? "it says SBE, and has no schema section" : null);
        }
        try
        {
            return new Content(
                extension,
                SbeDataFormat.fromIr(bytes(file, extension.schemaOffset(), extension.schemaLength())),
                null);
        }
        catch (final InvalidSchemaException ex)
        {
            return new Content(extension, null, ex.getMessage());
        }
    }

    /**
     * Read a part of a file, never through a link. What lies behind the file's end stays zero.
     */
    static UnsafeBuffer bytes(final Path file, final long offset, final int length) throws IOException
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[length]);
        final ByteBuffer destination = ByteBuffer.wrap(buffer.byteArray());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))
        {
            while (destination.hasRemaining() && channel.read(destination, offset + destination.position()) > 0)
            {
                // A read may be short.
                continue;
            }
        }

        return buffer;
    }

    /**
     * The format of its messages; null where they are not SBE, or the schema cannot be used.
     */
    SbeDataFormat sbe()
    {
        return sbe;
    }

    /**
     * The names of its messages by their template ids, as far as the schema can be used.
     */
    Map<Integer, String> names()
    {
        final Map<Integer, String> names = new HashMap<>();
        if (sbe != null)
        {
            try
            {
                for (final MessageDescription message : SchemaDecoder.of(sbe).messages())
                {
                    names.put(message.templateId(), message.name());
                }
            }
            catch (final InvalidSchemaException ex)
            {
                // The template ids have to do: what is counted does not depend on the fields.
                names.clear();
            }
        }

        return names;
    }

    /**
     * Why the schema cannot be used; null where there is nothing wrong.
     */
    String problem()
    {
        return problem;
    }

    /**
     * In a few words.
     */
    String summary()
    {
        if (sbe != null)
        {
            return "SBE " + TerminalText.escape(sbe.packageName()) + " " + sbe.schemaId() + ":" + sbe.schemaVersion();
        }
        if (!extension.isPresent() || extension.formatId() == 0)
        {
            return "not told";
        }
        if (extension.formatId() == PlainTextDataFormat.ID)
        {
            return "text";
        }
        if (extension.formatId() == RawBinDataFormat.ID)
        {
            return "bytes";
        }

        return (extension.mediaType().isEmpty() ?
            "format 0x" + Long.toHexString(extension.formatId()) : TerminalText.escape(extension.mediaType())) +
            (problem == null ? "" : ", schema unusable");
    }

    private static boolean isSbe(final Extension extension)
    {
        return (extension.formatId() & SBE_PREFIX_MASK) == SbeDataFormat.ID_PREFIX;
    }
}
