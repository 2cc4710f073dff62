package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * A living reader, in this process or in another, uses this name.
 */
public final class PositionInUseException extends ChannelException
{
    private static final long serialVersionUID = 1L;

    /**
     * For kekbit's own use.
     *
     * @param file the file it is about.
     */
    public PositionInUseException(final Path file)
    {
        super(file, "named position in use", "", "Close the other reader of that name, or choose another name", null);
    }
}
