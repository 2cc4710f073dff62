package io.kekbit.cli.records;

import io.kekbit.cli.support.CliException;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.core.PlainTextDataFormat;
import io.kekbit.core.Reader;
import io.kekbit.core.TerminalText;
import io.kekbit.core.TickUnit;
import io.kekbit.sbe.MessageHeaderLayout;
import io.kekbit.sbe.ir.DecodeResult;
import io.kekbit.sbe.ir.JsonMessagePrinter;
import io.kekbit.sbe.ir.JsonText;
import io.kekbit.sbe.ir.MessageVisitor;
import io.kekbit.sbe.ir.SchemaDecoder;

import java.io.IOException;
import java.util.List;

/**
 * The printers of records, one for each {@link RecordFormat}. None is thread-safe.
 */
final class Printers
{
    private Printers()
    {
    }

    /**
     * Make a printer.
     *
     * @param format   to print in.
     * @param content  of the channel.
     * @param messages that can come.
     * @param fields   to show, all where there are none.
     * @param unit     of the channel's times.
     * @return the printer.
     * @throws CliException where these fields cannot be shown in this format.
     */
    static RecordPrinter of(
        final RecordFormat format,
        final ChannelContent content,
        final SchemaFields messages,
        final List<List<String>> fields,
        final TickUnit unit)
    {
        if (!fields.isEmpty())
        {
            content.requireDecoder("--fields");
            messages.leaves(fields);
            if (format == RecordFormat.HEX || format == RecordFormat.RAW)
            {
                throw new CliException(ExitCodes.USAGE, "--fields needs --format=json or --format=text");
            }
        }
        final FieldTree chosen = FieldTree.of(fields);

        return switch (format)
        {
            case JSON -> new Json(content, chosen, new TickTimes(unit));
            case HEX -> new Hex(new TickTimes(unit));
            case TEXT -> content.decoder() == null ?
                Printers::printText : new MessageText(content.decoder(), chosen, new TickTimes(unit));
            case RAW -> (record, out) -> out.append(record.buffer(), record.offset(), record.length());
        };
    }

    private static void printText(final Record record, final RecordOutput out) throws IOException
    {
        out.append(TerminalText.escape(text(record)));
        out.append("\n");
    }

    private static String text(final Record record)
    {
        return PlainTextDataFormat.INSTANCE.decode(record.buffer(), record.offset(), record.length());
    }

    /**
     * Objects that begin with what is known of every record.
     */
    static final class Json implements RecordPrinter
    {
        private final StringBuilder line = new StringBuilder();
        private final ChannelContent content;
        private final TickTimes times;
        private final JsonMessagePrinter messages;

        Json(final ChannelContent content, final FieldTree chosen, final TickTimes times)
        {
            this.content = content;
            this.times = times;
            messages = content.decoder() == null ? null : new JsonMessagePrinter(
                content.decoder(), (visitor) -> chosen.isChosen() ? visitor : new FieldsVisitor(chosen, visitor));
        }

        @Override
        public void print(final Record record, final RecordOutput out) throws IOException
        {
            line.setLength(0);
            line.append("{\"position\":").append(record.position());
            if (record.sequence() != Reader.NOT_TOLD)
            {
                line.append(",\"sequence\":").append(Long.toUnsignedString(record.sequence()));
            }
            if (record.time() != Reader.NOT_TOLD)
            {
                times.appendJson(line.append(",\"time\":"), record.time());
            }
            line.append(',');
            if (messages != null)
            {
                messages.printMembers(record.buffer(), record.offset(), record.length(), line);
            }
            else if (content.isText())
            {
                JsonText.appendQuoted(line.append("\"text\":"), text(record));
            }
            else
            {
                JsonText.appendHex(
                    line.append("\"hex\":"), record.buffer(), record.offset(), record.length());
            }
            out.append(line.append("}\n"));
        }
    }

    /**
     * Dumps, each below a line that says where the record stands.
     */
    private static final class Hex implements RecordPrinter
    {
        private final StringBuilder lines = new StringBuilder();
        private final TickTimes times;

        Hex(final TickTimes times)
        {
            this.times = times;
        }

        @Override
        public void print(final Record record, final RecordOutput out) throws IOException
        {
            lines.setLength(0);
            lines.append("position ").append(record.position()).append(", length ").append(record.length());
            if (record.sequence() != Reader.NOT_TOLD)
            {
                lines.append(", sequence ").append(Long.toUnsignedString(record.sequence()));
            }
            if (record.time() != Reader.NOT_TOLD)
            {
                times.append(lines.append(", "), record.time());
            }
            lines.append('\n');
            HexDump.append(lines, record.buffer(), record.offset(), record.length());
            out.append(lines);
        }
    }

    /**
     * Messages for people.
     */
    private static final class MessageText implements RecordPrinter
    {
        private final StringBuilder line = new StringBuilder();
        private final SchemaDecoder decoder;
        private final TickTimes times;
        private final MessageVisitor visitor;

        MessageText(final SchemaDecoder decoder, final FieldTree chosen, final TickTimes times)
        {
            this.decoder = decoder;
            this.times = times;
            visitor = new FieldsVisitor(chosen, new TextVisitor(line));
        }

        @Override
        public void print(final Record record, final RecordOutput out) throws IOException
        {
            line.setLength(0);
            if (record.time() != Reader.NOT_TOLD)
            {
                times.append(line, record.time());
                line.append(' ');
            }
            if (record.sequence() != Reader.NOT_TOLD)
            {
                line.append('#').append(Long.toUnsignedString(record.sequence())).append(' ');
            }
            final int start = line.length();
            final DecodeResult result =
                decoder.decode(record.buffer(), record.offset(), record.length(), visitor);
            if (result != DecodeResult.DECODED)
            {
                line.setLength(start);
                appendBytes(result, record);
            }
            out.append(line.append('\n'));
        }

        private void appendBytes(final DecodeResult result, final Record record)
        {
            final MessageHeaderLayout header = decoder.format().headerLayout();
            if (result == DecodeResult.FOREIGN_SCHEMA)
            {
                line.append("schema ").append(header.schemaId(record.buffer(), record.offset())).append(' ');
            }
            if (result != DecodeResult.NO_HEADER)
            {
                line.append("template ").append(header.templateId(record.buffer(), record.offset())).append(' ');
            }
            if (result != DecodeResult.FOREIGN_SCHEMA && result != DecodeResult.UNKNOWN_TEMPLATE)
            {
                line.append("damaged ");
            }
            line.append("0x");
            HexDump.appendDigits(line, record.buffer(), record.offset(), record.length());
        }
    }
}
