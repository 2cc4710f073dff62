package io.kekbit.cli.records;


import io.kekbit.cli.support.StreamTarget;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Records of a channel as {@code kekbit cat} prints them, for other commands.
 */
public final class RecordLines
{
    private RecordLines()
    {
    }

    /**
     * Some records as JSON.
     *
     * @param file      of the channel.
     * @param positions of the records.
     * @return a line for each.
     * @throws IOException                                where they cannot be printed.
     * @throws io.kekbit.core.exceptions.ChannelException where the channel or a record cannot be read.
     */
    public static List<String> json(final Path file, final long... positions) throws IOException
    {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (StreamReader reader = StreamReader.open(StreamTarget.channel(file), false);
            RecordOutput out = RecordOutput.to(bytes))
        {
            final Record record = new Record();
            final RecordPrinter printer = new Printers.Json(
                ChannelContent.of(reader), FieldTree.of(List.of()), new TickTimes(reader.header().tickUnit()));
            for (final long position : positions)
            {
                reader.moveTo(position);
                if (reader.next())
                {
                    printer.print(record.set(reader), out);
                }
            }
        }

        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
