package io.kekbit.cli.records;

import io.kekbit.cli.support.StandardOutput;
import org.agrona.DirectBuffer;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Where records are printed: standard output or a file, through a buffer that is written out when it is full or when
 * the caller wants the user to see what is in it. That the reader of a pipe went away is not an error: from then on
 * nothing is written, and {@link #isGone()} says so.
 */
final class RecordOutput implements AutoCloseable
{
    private static final int BUFFER_LENGTH = 64 * 1024;
    private static final int FLUSHED_AT = BUFFER_LENGTH / 2;

    private final OutputStream out;
    private final boolean isOwned;
    private byte[] bytes = new byte[BUFFER_LENGTH];
    private int length;

    private RecordOutput(final OutputStream out, final boolean isOwned)
    {
        this.out = out;
        this.isOwned = isOwned;
    }

    /**
     * Print to standard output, which stays open.
     */
    static RecordOutput standard()
    {
        return new RecordOutput(new StandardOutput(), false);
    }

    /**
     * Print to a stream, which is closed with this.
     */
    static RecordOutput to(final OutputStream out)
    {
        return new RecordOutput(out, true);
    }

    /**
     * Append text in UTF-8.
     */
    void append(final CharSequence text) throws IOException
    {
        final int chars = text.length();
        require(chars);
        for (int i = 0; i < chars; i++)
        {
            final char c = text.charAt(i);
            if (c >= 0x80)
            {
                appendBytes(text.subSequence(i, chars).toString().getBytes(StandardCharsets.UTF_8));
                break;
            }
            bytes[length++] = (byte)c;
        }
        flushWhereFull();
    }

    /**
     * Append bytes as they are.
     */
    void append(final DirectBuffer buffer, final int offset, final int count) throws IOException
    {
        require(count);
        buffer.getBytes(offset, bytes, length, count);
        length += count;
        flushWhereFull();
    }

    /**
     * Whether nobody reads this any more.
     */
    boolean isGone()
    {
        return out instanceof StandardOutput standard && standard.isGone();
    }

    /**
     * Whether something waits to be written.
     */
    boolean isPending()
    {
        return length > 0;
    }

    /**
     * Write what was appended.
     */
    void flush() throws IOException
    {
        final int count = length;
        length = 0;
        if (count > 0)
        {
            out.write(bytes, 0, count);
            out.flush();
        }
    }

    @Override
    public void close() throws IOException
    {
        try
        {
            flush();
        }
        finally
        {
            if (isOwned)
            {
                out.close();
            }
        }
    }

    private void appendBytes(final byte[] more)
    {
        require(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
    }

    private void require(final int count)
    {
        if (bytes.length - length < count)
        {
            bytes = Arrays.copyOf(bytes, Math.addExact(length, count));
        }
    }

    private void flushWhereFull() throws IOException
    {
        if (length >= FLUSHED_AT)
        {
            flush();
            bytes = bytes.length > BUFFER_LENGTH ? new byte[BUFFER_LENGTH] : bytes;
        }
    }
}
