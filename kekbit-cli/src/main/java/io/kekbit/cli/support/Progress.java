package io.kekbit.cli.support;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A progress bar on standard error, for work on bytes that takes longer than people like to wait without a word. Shows
 * nothing where standard error is no terminal, or the work is over soon. Belongs to one thread.
 */
public final class Progress implements AutoCloseable
{
    private static final long PATIENCE_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int UPDATE_INTERVAL_MS = 100;
    private static final long MEBIBYTE = 1L << 20;

    private final String task;
    private final long totalBytes;
    private final long startNs = System.nanoTime();
    private ProgressBar bar;

    /**
     * Begin the work.
     *
     * @param task       what is done, in one or two words.
     * @param totalBytes how much there is to do.
     */
    public Progress(final String task, final long totalBytes)
    {
        this.task = task;
        this.totalBytes = totalBytes;
    }

    /**
     * Tell how far the work is. Cheap enough to be called for every few kilobytes.
     *
     * @param bytes done so far.
     */
    public void at(final long bytes)
    {
        if (bar != null)
        {
            bar.stepTo(bytes);
        }
        else if (Terminal.isErr() && System.nanoTime() - startNs > PATIENCE_NS)
        {
            final PrintStream err =
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
            bar = new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(totalBytes)
                .setUnit(" MiB", MEBIBYTE)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(UPDATE_INTERVAL_MS)
                .setConsumer(new ConsoleProgressBarConsumer(err, Terminal.width() - 1))
                .clearDisplayOnFinish()
                .showSpeed()
                .startsFrom(bytes, Duration.ofNanos(System.nanoTime() - startNs))
                .build();
        }
    }

    /**
     * Take the bar away.
     */
    @Override
    public void close()
    {
        if (bar != null)
        {
            bar.close();
            bar = null;
        }
    }
}
