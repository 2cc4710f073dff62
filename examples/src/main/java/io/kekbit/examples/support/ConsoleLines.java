package io.kekbit.examples.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The lines that somebody types, or a program pipes in. Standard input can only be waited for without end, so a thread
 * of its own does that, and whoever asks for lines can do other things meanwhile. Ask from one thread.
 */
public final class ConsoleLines
{
    private static final int MAX_WAITING_LINES = 64;

    /**
     * No line has a line end in it.
     */
    private static final String END_OF_INPUT = "\n";

    private final BlockingQueue<String> queue = new ArrayBlockingQueue<>(MAX_WAITING_LINES);
    private boolean isAtEnd;

    /**
     * Begin to read standard input.
     */
    public ConsoleLines()
    {
        final Thread thread = new Thread(this::readLines, "console");
        // It cannot be interrupted while it waits for input, and must not keep the JVM from ending.
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * The next line.
     *
     * @param timeoutMs the longest to wait for it.
     * @return the line, or null where there is none yet, or none will follow.
     * @throws InterruptedException where this thread is interrupted.
     */
    public String poll(final long timeoutMs) throws InterruptedException
    {
        if (isAtEnd)
        {
            return null;
        }

        final String line = queue.poll(timeoutMs, TimeUnit.MILLISECONDS);
        isAtEnd = END_OF_INPUT.equals(line);

        return isAtEnd ? null : line;
    }

    /**
     * Whether the input has ended: Ctrl-D in a terminal.
     *
     * @return true when all lines were taken and none will follow.
     */
    public boolean isAtEnd()
    {
        return isAtEnd;
    }

    private void readLines()
    {
        // As the terminal encodes them; from Java 18 on the default charset is not that.
        final Charset charset = Charset.forName(System.getProperty("native.encoding"));
        final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, charset));
        try
        {
            for (String line = in.readLine(); line != null; line = in.readLine())
            {
                queue.put(line);
            }
            queue.put(END_OF_INPUT);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException("standard input cannot be read", ex);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }
}
