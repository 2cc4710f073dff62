package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * The one form of all messages: {@code what: file=... name=value name=value. What to do.}
 */
final class Messages
{
    private Messages()
    {
    }

    static String of(final String what, final Path file, final String details, final String advice)
    {
        return what + ":" + (file == null ? "" : " file=" + file) + (details.isEmpty() ? "" : " " + details) + "." +
            (advice.isEmpty() ? "" : " " + advice + ".");
    }

    static String version(final long version)
    {
        return (version >>> 48) + "." + (version >>> 32 & 0xFFFF) + "." + (version & 0xFFFF_FFFFL);
    }

    static String describe(final Throwable cause)
    {
        final String type = cause.getClass().getSimpleName();

        return cause.getMessage() == null ? type : type + ": " + cause.getMessage();
    }
}
