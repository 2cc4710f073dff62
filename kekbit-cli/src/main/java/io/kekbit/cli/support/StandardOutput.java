package io.kekbit.cli.support;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Standard output. That the reader of a pipe went away is not an error: from then on nothing is written, and
 * {@link #isGone()} says so. Any other failure is kept as well as thrown, since a {@code PrintWriter} tells nobody of
 * it. Not thread-safe.
 */
public final class StandardOutput extends OutputStream
{
    private static final Path LINK = Path.of("/proc/self/fd/1");

    private final OutputStream out = new FileOutputStream(FileDescriptor.out);
    private final boolean isPipe = isPipe();
    private IOException failure;
    private boolean isGone;

    @Override
    public void write(final int b) throws IOException
    {
        write(new byte[]{(byte)b}, 0, 1);
    }

    @Override
    public void write(final byte[] bytes, final int offset, final int length) throws IOException
    {
        if (isGone)
        {
            return;
        }
        try
        {
            out.write(bytes, offset, length);
        }
        catch (final IOException ex)
        {
            if (!isPipe && !String.valueOf(ex.getMessage()).contains("Broken pipe"))
            {
                failure = new FileSystemException("standard output", null, ex.getMessage());
                throw failure;
            }
            isGone = true;
        }
    }

    /**
     * Whether nobody reads this any more.
     *
     * @return true from the first byte on that was not taken.
     */
    public boolean isGone()
    {
        return isGone;
    }

    /**
     * See that all was written.
     *
     * @throws IOException where something was not.
     */
    public void requireWritten() throws IOException
    {
        if (failure != null)
        {
            throw failure;
        }
    }

    /**
     * The message that tells of a closed pipe can be in any language.
     */
    private static boolean isPipe()
    {
        try
        {
            final String target = Files.readSymbolicLink(LINK).toString();

            return target.startsWith("pipe:") || target.startsWith("socket:");
        }
        catch (final IOException | UnsupportedOperationException ex)
        {
            return false;
        }
    }
}
