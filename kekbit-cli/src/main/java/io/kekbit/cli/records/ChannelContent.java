package io.kekbit.cli.records;

import io.kekbit.cli.support.CliException;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.core.Extension;
import io.kekbit.core.PlainTextDataFormat;
import io.kekbit.sbe.InvalidSchemaException;
import io.kekbit.sbe.SbeDataFormat;
import io.kekbit.sbe.ir.SchemaDecoder;

import java.util.Locale;

/**
 * What a channel's records are, as far as the channel tells: messages of a schema that it carries, text, or bytes.
 */
final class ChannelContent
{
    private static final long PREFIX_MASK = 0xFFFF_FFFF_0000_0000L;

    private final SchemaDecoder decoder;
    private final boolean isText;
    private final String problem;

    private ChannelContent(final SchemaDecoder decoder, final boolean isText, final String problem)
    {
        this.decoder = decoder;
        this.isText = isText;
        this.problem = problem;
    }

    /**
     * Find out.
     *
     * @param reader of the channel.
     * @return the content; bytes where the schema cannot be read, see {@link #problem()}.
     */
    static ChannelContent of(final StreamReader reader)
    {
        final Extension extension = reader.extension();
        if (!EnvelopeCodes.areSeenThrough(extension.envelope()))
        {
            return new ChannelContent(
                null, false, "an application's own envelope is around the payloads, so that they cannot be told apart");
        }
        if ((extension.formatId() & PREFIX_MASK) == SbeDataFormat.ID_PREFIX)
        {
            if (reader.schema().capacity() == 0)
            {
                return new ChannelContent(null, false, "the channel holds SBE messages, but no schema of them");
            }
            try
            {
                return new ChannelContent(SchemaDecoder.fromIr(reader.schema()), false, null);
            }
            catch (final InvalidSchemaException ex)
            {
                return new ChannelContent(null, false, "the channel's schema cannot be read: " + ex.getMessage());
            }
        }

        return new ChannelContent(null, isText(extension), null);
    }

    /**
     * The decoder of messages.
     *
     * @return null where the records are no messages of a known schema.
     */
    SchemaDecoder decoder()
    {
        return decoder;
    }

    /**
     * Whether the records are text in UTF-8.
     */
    boolean isText()
    {
        return isText;
    }

    /**
     * Why messages cannot be decoded.
     *
     * @return one sentence, or null where there is nothing to say.
     */
    String problem()
    {
        return problem;
    }

    /**
     * The decoder, for an option that makes sense with fields only.
     *
     * @param option to name.
     * @return the decoder.
     * @throws CliException where the records have no fields.
     */
    SchemaDecoder requireDecoder(final String option)
    {
        if (decoder == null)
        {
            throw new CliException(
                ExitCodes.USAGE,
                option + " needs messages with a schema: " +
                    (problem == null ? "the channel's records are " + (isText ? "text" : "bytes") : problem) +
                    ". Leave it out");
        }

        return decoder;
    }

    private static boolean isText(final Extension extension)
    {
        final String type = extension.mediaType().toLowerCase(Locale.ROOT).split(";", 2)[0].strip();

        return extension.formatId() == PlainTextDataFormat.ID || type.startsWith("text/") ||
            type.equals("application/json") || type.endsWith("+json") || type.equals("application/xml") ||
            type.endsWith("+xml");
    }
}
