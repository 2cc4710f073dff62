package io.kekbit.cli.records;

import io.kekbit.cli.support.CliException;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.sbe.MessageHeaderLayout;
import io.kekbit.sbe.ir.DecodeResult;
import io.kekbit.sbe.ir.MessageDescription;
import io.kekbit.sbe.ir.SchemaDecoder;

import java.util.ArrayList;
import java.util.List;

/**
 * Chooses records by what is in them, as {@code --template} and {@code --where} say. Not thread-safe.
 */
final class RecordFilter
{
    private final SchemaDecoder decoder;
    private final List<Integer> templateIds = new ArrayList<>();
    private final List<MessageDescription> messages;
    private final WhereVisitor where;

    /**
     * @param content of the channel.
     * @param options that say what to choose.
     * @throws CliException where they name what the channel's schema does not have.
     */
    RecordFilter(final ChannelContent content, final RecordOptions options)
    {
        if (options.templates().isEmpty() && options.conditions().isEmpty())
        {
            decoder = null;
            where = null;
            messages = content.decoder() == null ? List.of() : content.decoder().messages();
            return;
        }

        decoder = content.requireDecoder(options.templates().isEmpty() ? "--where" : "--template");
        for (final String template : options.templates())
        {
            templateIds.add(templateId(decoder, template.strip()));
        }
        messages = decoder.messages().stream()
            .filter((message) -> templateIds.isEmpty() || templateIds.contains(message.templateId()))
            .toList();
        new SchemaFields(messages).check(options.conditions());
        where = options.conditions().isEmpty() ? null : new WhereVisitor(options.conditions());
    }

    /**
     * The messages that can be chosen.
     */
    List<MessageDescription> messages()
    {
        return messages;
    }

    /**
     * Whether a record is chosen. One that cannot be decoded is not.
     */
    boolean matches(final Record record)
    {
        if (decoder == null)
        {
            return true;
        }
        if (!templateIds.isEmpty() && !isOfTemplate(record))
        {
            return false;
        }
        if (where == null)
        {
            return true;
        }
        where.reset();

        return decoder.decode(record.buffer(), record.offset(), record.length(), where) == DecodeResult.DECODED &&
            where.isFulfilled();
    }

    private boolean isOfTemplate(final Record record)
    {
        final MessageHeaderLayout header = decoder.format().headerLayout();

        return record.length() >= header.length() &&
            header.schemaId(record.buffer(), record.offset()) == decoder.format().schemaId() &&
            templateIds.contains(header.templateId(record.buffer(), record.offset()));
    }

    private static int templateId(final SchemaDecoder decoder, final String template)
    {
        for (final MessageDescription message : decoder.messages())
        {
            if (message.name().equals(template))
            {
                return message.templateId();
            }
        }
        try
        {
            // One that the schema does not know can be in the channel all the same.
            return Integer.decode(template);
        }
        catch (final NumberFormatException ex)
        {
            throw new CliException(
                ExitCodes.USAGE,
                "no message " + template + " in the channel's schema, which has " +
                    String.join(", ", decoder.messages().stream().map(MessageDescription::name).toList()));
        }
    }
}
