package io.kekbit.examples.json;

import io.kekbit.core.Header;
import io.kekbit.core.PlainTextDataFormat;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.TerminalText;
import io.kekbit.core.exceptions.EncodingException;
import io.kekbit.core.exceptions.FormatMismatchException;
import io.kekbit.examples.support.ScratchFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/**
 * Writes and reads JSON through a data format of the application's own, and shows what is refused.
 */
@Command(name = "json-format", description = "Writes and reads JSON, through a data format that kekbit does not know.")
public final class JsonFormat implements Callable<Integer>
{
    private static final long QUOTES_CHANNEL = 1;
    private static final long TEXT_CHANNEL = 2;
    private static final int CAPACITY = 1 << 16;
    private static final int MAX_MESSAGE_LENGTH = 128;

    @Spec
    private CommandSpec command;

    /**
     * Writes, reads, and is refused twice.
     *
     * @return 0.
     * @throws IOException where there is no place for the channels, or a record is not JSON.
     */
    @Override
    public Integer call() throws IOException
    {
        try (ScratchFolder folder = new ScratchFolder("json-format"))
        {
            write(folder.path());
            read(folder.path());
            readAnotherFormat(folder.path());
        }

        return 0;
    }

    private void write(final Path root)
    {
        try (ShmWriter<JsonDataFormat> writer =
            ShmWriter.create(root, header(QUOTES_CHANNEL), JsonDataFormat.INSTANCE))
        {
            writer.write(new Quote("KEK", new BigDecimal("18.50"), 100));
            writer.write(new Quote("BIT", new BigDecimal("0.0042"), 1_000_000));
            try
            {
                writer.write(new Quote("x".repeat(MAX_MESSAGE_LENGTH), BigDecimal.ONE, 1));
            }
            catch (final EncodingException ex)
            {
                println("refused: " + ex.getMessage());
            }
            writer.write(new Quote("\"Ünï\"", BigDecimal.TEN, 7));
        }
    }

    private void read(final Path root) throws IOException
    {
        try (ShmReader reader = ShmReader.open(root, QUOTES_CHANNEL, JsonDataFormat.INSTANCE))
        {
            println("format: id=0x" + Long.toHexString(reader.extension().formatId()) +
                " mediaType=" + TerminalText.escape(reader.extension().mediaType()));
            while (reader.next())
            {
                println(TerminalText.escape(
                    reader.buffer().getStringWithoutLengthUtf8(reader.offset(), reader.length()) + " is " +
                        Quote.decode(JsonDataFormat.INSTANCE, reader.buffer(), reader.offset(), reader.length())));
            }
        }
    }

    private void readAnotherFormat(final Path root)
    {
        ShmWriter.create(root, header(TEXT_CHANNEL), PlainTextDataFormat.INSTANCE).close();
        try (ShmReader reader = ShmReader.open(root, TEXT_CHANNEL, JsonDataFormat.INSTANCE))
        {
            throw new IllegalStateException("a text is no JSON: " + reader);
        }
        catch (final FormatMismatchException ex)
        {
            println("refused: " + ex.getMessage());
        }
    }

    private static Header header(final long channelId)
    {
        return Header.builder()
            .channelId(channelId)
            .capacity(CAPACITY)
            .maxMessageLength(MAX_MESSAGE_LENGTH)
            .build();
    }

    private void println(final String line)
    {
        command.commandLine().getOut().println(line);
    }
}
