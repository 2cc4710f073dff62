package io.kekbit.examples.console;

import io.kekbit.core.Header;
import io.kekbit.core.PlainTextDataFormat;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.exceptions.RecordTooLongException;
import io.kekbit.examples.support.SignsOfLife;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The writing end of a channel for lines of text.
 */
final class LineChannel implements AutoCloseable
{
    /**
     * The line that ends it.
     */
    static final String BYE = "Bye";

    private static final int CAPACITY = 16 * 1024 * 1024;
    private static final int MAX_LINE_LENGTH = 4096;

    private final ShmWriter<PlainTextDataFormat> writer;
    private final SignsOfLife signsOfLife;

    /**
     * Creates the channel, which must not exist.
     */
    LineChannel(final Path root, final long channelId)
    {
        final Header header = Header.builder()
            .channelId(channelId)
            .capacity(CAPACITY)
            .maxMessageLength(MAX_LINE_LENGTH)
            .timeout(SignsOfLife.TIMEOUT_NS)
            .build();
        writer = ShmWriter.create(root, header, PlainTextDataFormat.INSTANCE);
        signsOfLife = new SignsOfLife(writer);
    }

    Path file()
    {
        return writer.file();
    }

    /**
     * Sends a line. An empty one is left out, since no record is empty.
     *
     * @throws RecordTooLongException where the line is too long; the channel can be used on.
     */
    void send(final String line)
    {
        if (!line.isEmpty())
        {
            final byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            writer.write(new UnsafeBuffer(bytes), 0, bytes.length);
        }
    }

    /**
     * To be given again and again, so that nobody takes a quiet writer for a dead one.
     */
    SignsOfLife signsOfLife()
    {
        return signsOfLife;
    }

    @Override
    public void close()
    {
        writer.close();
    }
}
