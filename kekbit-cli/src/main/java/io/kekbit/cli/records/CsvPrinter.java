package io.kekbit.cli.records;

import io.kekbit.core.PlainTextDataFormat;
import io.kekbit.core.Reader;
import io.kekbit.core.TickUnit;
import io.kekbit.core.layout.EnvelopeDescriptor;
import io.kekbit.sbe.ir.DecodeResult;
import io.kekbit.sbe.ir.MessageVisitor;

import java.io.IOException;
import java.util.Collection;
import java.util.List;

/**
 * Prints a table: columns for position, sequence number and time, as far as the channel tells them, and behind them the
 * message and its fields, or the whole content where it has no fields. See {@link CsvRows} for what is a row. Not
 * thread-safe.
 */
final class CsvPrinter implements RecordPrinter
{
    private final StringBuilder lines = new StringBuilder();
    private final StringBuilder start = new StringBuilder();
    private final TickTimes times;
    private final CsvRows rows;
    private final MessageVisitor visitor;
    private final boolean hasSequence;
    private final boolean hasTime;
    private final boolean hasMessages;
    private ChannelContent content;
    private long leftOut;

    /**
     * @param unit   of the times.
     * @param stream to print.
     * @param paths  to the fields that get columns; ignored where the content has no fields.
     */
    CsvPrinter(final TickUnit unit, final StreamContents stream, final Collection<List<String>> paths)
    {
        content = stream.first();
        times = new TickTimes(unit);
        rows = new CsvRows(paths);
        visitor = new FieldsVisitor(FieldTree.of(List.copyOf(paths)), rows);
        hasSequence = stream.tell(EnvelopeDescriptor.SEQUENCE);
        hasTime = stream.tell(EnvelopeDescriptor.TIMESTAMP);
        hasMessages = content.decoder() != null;
    }

    /**
     * What the records are that come from now on. The columns stay.
     */
    void content(final ChannelContent channelContent)
    {
        content = channelContent;
    }

    /**
     * Print the names of the columns.
     */
    void printHeader(final RecordOutput out) throws IOException
    {
        lines.setLength(0);
        lines.append("position");
        lines.append(hasSequence ? ",sequence" : "");
        lines.append(hasTime ? ",time" : "");
        if (content.decoder() == null)
        {
            lines.append(content.isText() ? ",text" : ",hex");
        }
        else
        {
            lines.append(",message");
            for (final String column : rows.columns())
            {
                lines.append(',');
                Csv.append(lines, column);
            }
        }
        out.append(lines.append(Csv.LINE_END));
    }

    /**
     * How many records could not be decoded, and are not in the table.
     */
    long leftOut()
    {
        return leftOut;
    }

    @Override
    public void print(final Record record, final RecordOutput out) throws IOException
    {
        lines.setLength(0);
        start.setLength(0);
        start.append(record.position()).append(',');
        if (hasSequence)
        {
            start.append(record.sequence() == Reader.NOT_TOLD ? "" : Long.toUnsignedString(record.sequence()))
                .append(',');
        }
        if (hasTime)
        {
            if (record.time() != Reader.NOT_TOLD)
            {
                times.append(start, record.time());
            }
            start.append(',');
        }
        if (content.decoder() != null)
        {
            appendRows(record);
        }
        else if (hasMessages)
        {
            leftOut++;
        }
        else if (content.isText())
        {
            Csv.append(lines.append(start), PlainTextDataFormat.INSTANCE.decode(
                record.buffer(), record.offset(), record.length()));
            lines.append(Csv.LINE_END);
        }
        else
        {
            HexDump.appendDigits(lines.append(start), record.buffer(), record.offset(), record.length());
            lines.append(Csv.LINE_END);
        }
        out.append(lines);
    }

    private void appendRows(final Record record)
    {
        final DecodeResult result =
            content.decoder().decode(record.buffer(), record.offset(), record.length(), visitor);
        if (result != DecodeResult.DECODED)
        {
            leftOut++;
            return;
        }
        Csv.append(start, rows.message());
        rows.append(lines, rows.columns().isEmpty() ? start : start.append(','));
    }
}
