package io.kekbit.cli.support;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether somebody looks at what is printed, and how wide the window is. Asked once, without starting a process.
 */
public final class Terminal
{
    private static final int DEFAULT_WIDTH = 100;
    private static final int MIN_WIDTH = 60;
    private static final int MAX_WIDTH = 160;

    private static final boolean IS_OUT = isTerminal(1);
    private static final boolean IS_ERR = isTerminal(2);

    private Terminal()
    {
    }

    /**
     * Whether standard output is a terminal.
     *
     * @return true if it is.
     */
    public static boolean isOut()
    {
        return IS_OUT;
    }

    /**
     * Whether standard error is a terminal.
     *
     * @return true if it is.
     */
    public static boolean isErr()
    {
        return IS_ERR;
    }

    /**
     * Columns to print in.
     *
     * @return those of the window where they are known, the same number everywhere else.
     */
    public static int width()
    {
        final String columns = System.getenv("COLUMNS");
        if (!(IS_OUT || IS_ERR) || columns == null || !columns.matches("[0-9]{1,4}"))
        {
            return DEFAULT_WIDTH;
        }

        return Math.max(MIN_WIDTH, Math.min(MAX_WIDTH, Integer.parseInt(columns)));
    }

    private static boolean isTerminal(final int descriptor)
    {
        final Path link = Path.of("/proc/self/fd/" + descriptor);
        try
        {
            // System.console() also wants standard input to be one.
            final String target = Files.readSymbolicLink(link).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        }
        catch (final IOException | UnsupportedOperationException ex)
        {
            return hasConsole();
        }
    }

    private static boolean hasConsole()
    {
        final Console console = System.console();
        if (console == null)
        {
            return false;
        }
        try
        {
            // Since Java 22 there is a console always.
            return (Boolean)Console.class.getMethod("isTerminal").invoke(console);
        }
        catch (final ReflectiveOperationException ex)
        {
            return true;
        }
    }
}
