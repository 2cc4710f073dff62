package io.kekbit.cli.records;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ContextPrinterTest
{
    @Test
    void shouldPrintMatchesOnlyWhenNoContextIsAskedFor() throws IOException
    {
        assertEquals("BE", printed(0, "aBcdE"));
    }

    @Test
    void shouldPrintRecordsAroundWhenContextIsAskedFor() throws IOException
    {
        assertEquals("bcDef", printed(2, "abcDefgh"));
    }

    @Test
    void shouldPrintEachRecordOnceWhenContextsOverlap() throws IOException
    {
        assertEquals("abCdEfg", printed(2, "abCdEfgh"));
    }

    @Test
    void shouldMarkGapWhenRecordsAreLeftOut() throws IOException
    {
        assertEquals("aBc|fGh", printed(1, "aBcdefGh"));
        assertEquals("aBcdEf", printed(1, "aBcdEf"));
    }

    /**
     * Takes a record for each letter, of which the capital ones are looked for.
     */
    private static String printed(final int context, final String letters) throws IOException
    {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (RecordOutput out = RecordOutput.to(bytes))
        {
            final UnsafeBuffer buffer =
                new UnsafeBuffer(letters.getBytes(StandardCharsets.UTF_8));
            final ContextPrinter printer = new ContextPrinter(
                (record, to) -> to.append(record.buffer(), record.offset(), record.length()),
                out,
                context,
                "|",
                false);
            for (int i = 0; i < letters.length(); i++)
            {
                final Record record = new Record();
                record.set(buffer, i, 1, i);
                printer.take(record, Character.isUpperCase(letters.charAt(i)));
            }
        }

        return bytes.toString(StandardCharsets.UTF_8);
    }
}
