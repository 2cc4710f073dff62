package io.kekbit.cli.support;

import io.kekbit.core.exceptions.ChannelCorruptException;
import io.kekbit.core.exceptions.ChannelIdMismatchException;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.FileTooShortException;
import io.kekbit.core.exceptions.InvalidHeaderException;
import io.kekbit.core.exceptions.InvalidSignatureException;
import io.kekbit.core.exceptions.NotAChannelFileException;
import io.kekbit.core.layout.HeaderDescriptor;

import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the exit status of every command means: the only place that says it.
 */
public final class ExitCodes
{
    /**
     * All went well.
     */
    public static final int OK = 0;

    /**
     * What was looked for is wrong, or what was asked for was refused.
     */
    public static final int FAILED = 1;

    /**
     * The command line is not right.
     */
    public static final int USAGE = 2;

    /**
     * There is no such channel, or the file is none.
     */
    public static final int NO_CHANNEL = 3;

    /**
     * The channel is damaged.
     */
    public static final int DAMAGED = 4;

    /**
     * The command itself failed in a way nobody thought of.
     */
    public static final int DEFECT = 5;

    private ExitCodes()
    {
    }

    /**
     * The table that every command's help shows.
     *
     * @return meanings by status, in ascending order.
     */
    public static Map<String, String> table()
    {
        final Map<String, String> table = new LinkedHashMap<>();
        table.put("0", "all went well");
        table.put("1", "something wrong was found, or what was asked for was refused");
        table.put("2", "the command line is not right");
        table.put("3", "there is no such channel, or the file is no channel");
        table.put("4", "the channel is damaged");
        table.put("5", "a defect of this command; --debug shows where");

        return table;
    }

    /**
     * The status for a command that an exception ended.
     *
     * @param ex that was thrown.
     * @return the status.
     */
    public static int of(final Throwable ex)
    {
        if (ex instanceof CliException told)
        {
            return told.exitCode();
        }
        if (ex instanceof ChannelNotFoundException || ex instanceof NotAChannelFileException ||
            ex instanceof InvalidSignatureException || ex instanceof ChannelIdMismatchException ||
            ex instanceof NoSuchFileException || ex instanceof NotDirectoryException)
        {
            return NO_CHANNEL;
        }
        if (ex instanceof FileTooShortException cut && cut.actual() < HeaderDescriptor.LENGTH)
        {
            return NO_CHANNEL;
        }
        if (ex instanceof FileTooShortException || ex instanceof InvalidHeaderException ||
            ex instanceof ChannelCorruptException ||
            ex instanceof InternalError)
        {
            return DAMAGED;
        }

        return ErrorPrinter.isForeseen(ex) ? FAILED : DEFECT;
    }
}
