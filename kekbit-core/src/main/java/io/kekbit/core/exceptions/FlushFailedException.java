package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * The device did not take what was written. The writer is closed; readers still see every record until the machine
 * stops.
 */
public final class FlushFailedException extends WriteException
{
    private static final long serialVersionUID = 1L;

    /**
     * For kekbit's own use.
     *
     * @param file  the file it is about.
     * @param cause what the operating system said, or what was thrown.
     */
    public FlushFailedException(final Path file, final Throwable cause)
    {
        super(
            file,
            "flush failed",
            "reason=\"" + Messages.describe(cause) + "\"",
            "What was written since the last flush is not durable; check the device, then go on in another channel",
            cause);
    }
}
