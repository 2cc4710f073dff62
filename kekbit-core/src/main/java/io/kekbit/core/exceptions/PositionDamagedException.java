package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * The file of a named position does not say where the reader was, since it is damaged or none of kekbit's.
 */
public final class PositionDamagedException extends ChannelException
{
    private static final long serialVersionUID = 1L;

    /**
     * For kekbit's own use.
     *
     * @param file   the file it is about.
     * @param reason what is wrong with it.
     */
    public PositionDamagedException(final Path file, final String reason)
    {
        super(
            file,
            "named position damaged",
            "reason=\"" + reason + "\"",
            "Where the reader was is lost; delete the file to let the name begin anew",
            null);
    }
}
