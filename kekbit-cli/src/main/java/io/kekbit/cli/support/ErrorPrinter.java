package io.kekbit.cli.support;

import io.kekbit.core.TerminalText;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.UnsupportedPlatformException;
import io.kekbit.core.exceptions.WriteException;
import io.kekbit.sbe.InvalidSchemaException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;

/**
 * Tells people what went wrong, in one line that says what to do. Nobody sees a stack trace who did not ask for it.
 */
public final class ErrorPrinter
{
    private ErrorPrinter()
    {
    }

    /**
     * The command line is not right.
     *
     * @param ex that says why.
     * @return the status to end with.
     */
    public static int usage(final ParameterException ex)
    {
        final CommandLine commandLine = ex.getCommandLine();
        final String name = commandLine.getCommandSpec().qualifiedName();
        String similar = "";
        if (ex instanceof UnmatchedArgumentException unmatched)
        {
            final List<String> suggestions = unmatched.getSuggestions();
            similar = suggestions.isEmpty() ? "" : "; did you mean " + String.join(" or ", suggestions) + "?";
        }
        print(commandLine.getErr(), ex.getMessage() + similar + " (" + name + " --help explains)");

        return ExitCodes.USAGE;
    }

    /**
     * An exception ended a command.
     *
     * @param ex          that was thrown.
     * @param commandLine of the command.
     * @param parsed      what the command line said, or null where that is not known.
     * @return the status to end with.
     */
    public static int failure(final Throwable ex, final CommandLine commandLine, final ParseResult parsed)
    {
        final PrintWriter err = commandLine.getErr();
        final boolean isDebugging = isDebugging(parsed);
        print(err, message(ex) + (isForeseen(ex) || isDebugging ? "" : " (--debug shows where; please report it)"));
        if (isDebugging)
        {
            ex.printStackTrace(err);
        }
        err.flush();

        return ExitCodes.of(ex);
    }

    /**
     * Print one line that begins as all messages of this command do.
     *
     * @param err  to print to.
     * @param text of any origin: what a terminal would act on is escaped.
     */
    public static void print(final PrintWriter err, final String text)
    {
        final String line = TerminalText.escape(text.replaceAll("\\s*[\\r\\n]+\\s*", " "));
        err.println(Colors.err().alarm("kekbit:") + " " + line);
        err.flush();
    }

    /**
     * Whether the exception says by itself what is wrong.
     */
    static boolean isForeseen(final Throwable ex)
    {
        return ex instanceof ChannelException || ex instanceof WriteException ||
            ex instanceof UnsupportedPlatformException || ex instanceof InvalidSchemaException ||
            ex instanceof CliException || ex instanceof IOException || ex instanceof InternalError ||
            ex instanceof OutOfMemoryError;
    }

    /**
     * What went wrong and what to do about it.
     *
     * @param ex that was thrown.
     * @return one sentence or two, which may hold any character.
     */
    public static String message(final Throwable ex)
    {
        if (ex instanceof NoSuchFileException missing)
        {
            return "no such file or folder: " + missing.getFile() + ". Check its name";
        }
        if (ex instanceof NotDirectoryException file)
        {
            return "not a folder: " + file.getFile() + ". Name the root folder of channels";
        }
        if (ex instanceof AccessDeniedException denied)
        {
            return "permission denied: " + denied.getFile() + ". Run this as a user who may read it";
        }
        if (ex instanceof FileSystemException failed && failed.getReason() != null)
        {
            return failed.getFile() + ": " + failed.getReason();
        }
        if (ex instanceof InternalError)
        {
            return "the file was cut short while it was read. Find out what truncates it, and try again";
        }
        if (ex instanceof OutOfMemoryError)
        {
            return "out of memory: " + ex.getMessage() + ". Give the JVM more: JDK_JAVA_OPTIONS=-Xmx2g";
        }
        if (isForeseen(ex) && !(ex instanceof IOException))
        {
            return ex.getMessage();
        }

        // The message of any other exception is often but a name or a number.
        return ex.getClass().getSimpleName() + (ex.getMessage() == null ? "" : ": " + ex.getMessage());
    }

    private static boolean isDebugging(final ParseResult parsed)
    {
        for (ParseResult result = parsed; result != null; result = result.subcommand())
        {
            if (result.hasMatchedOption("--debug"))
            {
                return true;
            }
        }

        return false;
    }
}
