package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * What was to be stored beside the header, such as a label, does not fit into its place.
 */
public final class InvalidDescriptionException extends ChannelException
{
    private static final long serialVersionUID = 1L;

    /**
     * For kekbit's own use.
     *
     * @param file   the file it is about.
     * @param reason the field, its value and its range.
     */
    public InvalidDescriptionException(final Path file, final String reason)
    {
        super(file, "invalid description", reason, "Correct what the channel was to be created with", null);
    }
}
