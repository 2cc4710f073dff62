package io.kekbit.examples.support;

import io.kekbit.core.ReaderState;
import io.kekbit.core.ShmReader;

/**
 * How the examples that read another process's channel end: a status for scripts, a message for people.
 */
public final class ExitStatus
{
    /**
     * All went well, and the other side closed its channel.
     */
    public static final int OK = 0;

    /**
     * It failed, or it was interrupted where the signal did not set a status already.
     */
    public static final int FAILED = 1;

    /**
     * The other process did not create its channel in time.
     */
    public static final int NO_CHANNEL = 3;

    /**
     * The other process gave no sign of life for longer than its channel's timeout.
     */
    public static final int SILENT = 4;

    /**
     * The channel is damaged, or was not closed when it was full.
     */
    public static final int UNREADABLE = 5;

    private ExitStatus()
    {
    }

    /**
     * The status for a reader that found nothing more to read.
     *
     * @param state that the reader was in.
     * @return the status.
     */
    public static int of(final ReaderState state)
    {
        return switch (state)
        {
            case CLOSED -> OK;
            case OPEN -> FAILED;
            case TIMED_OUT -> SILENT;
            case FULL, SUSPECT, CORRUPT -> UNREADABLE;
        };
    }

    /**
     * The same in words.
     *
     * @param state  that the reader was in.
     * @param writer what to call the other process.
     * @param reader of its channel.
     * @return the message.
     */
    public static String message(final ReaderState state, final String writer, final ShmReader reader)
    {
        final String where = ": position=" + reader.position() + " file=" + reader.file();

        return switch (state)
        {
            case CLOSED -> writer + " closed its channel" + where;
            case OPEN -> "interrupted" + where;
            case TIMED_OUT -> writer + " is gone, its channel was not closed" + where;
            case FULL, SUSPECT, CORRUPT -> "channel cannot be read to its end: state=" + state + where;
        };
    }
}
