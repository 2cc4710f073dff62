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
    private final List<Integer> templateIds;
    private final List<MessageDescription> messages;
    private final WhereVisitor where;
    private final boolean isOfAnyTemplate;

    /**
     * @param content of the channel.
     * @param stream  that the channel is part of.
     * @param options that say what to choose.
     * @throws CliException where they name what no schema of the stream has.
     */
    RecordFilter(final ChannelContent content, final StreamContents stream, final RecordOptions options)
    {
        if (options.templates().isEmpty() && options.conditions().isEmpty())
        {
            decoder = null;
            where = null;
            templateIds = List.of();
            isOfAnyTemplate = true;
            messages = stream.messages();
            return;
        }

        decoder = content.requireDecoder(options.templates().isEmpty() ? "--where" : "--template");
        final List<MessageDescription> all = stream.messages();
        templateIds = templateIds(decoder.messages(), all, options.templates());
        final List<Integer> anywhere = templateIds(all, all, options.templates());
        messages = all.stream()
            .filter((message) -> options.templates().isEmpty() || anywhere.contains(message.templateId()))
            .toList();
        new SchemaFields(messages).check(options.conditions());
        isOfAnyTemplate = options.templates().isEmpty();
        where = options.conditions().isEmpty() ? null : new WhereVisitor(options.conditions());
    }

    /**
     * The messages of all channels of the stream that can be chosen.
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
        if (!isOfAnyTemplate && !isOfTemplate(record))
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

    /**
     * The ids of templates in a schema. One that another channel of the stream has is none of this schema's.
     */
    private static List<Integer> templateIds(
        final List<MessageDescription> schema, final List<MessageDescription> all, final List<String> templates)
    {
        final List<Integer> ids = new ArrayList<>();
        for (final String template : templates)
        {
            final String name = template.strip();
            schema.stream()
                .filter((message) -> message.name().equals(name))
                .forEach((message) -> ids.add(message.templateId()));
            if (all.stream().noneMatch((message) -> message.name().equals(name)))
            {
                // One that the schema does not know can be in the channel all the same.
                ids.add(number(name, all));
            }
        }

        return ids;
    }

    private static int number(final String template, final List<MessageDescription> all)
    {
        try
        {
            return Integer.decode(template);
        }
        catch (final NumberFormatException ex)
        {
            throw new CliException(
                ExitCodes.USAGE,
                "no message " + template + " in the channel's schema, which has " +
                    String.join(", ", all.stream().map(MessageDescription::name).distinct().toList()));
        }
    }
}
