package io.kekbit.examples.marketdata;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * A line now and then that says how far the work has come.
 */
final class Progress
{
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final PrintWriter out;
    private final String done;
    private boolean isStarted;
    private long lastNs;
    private long lastCount;

    /**
     * Nothing done yet.
     *
     * @param out  to print to.
     * @param done what is done to messages, in one word.
     */
    Progress(final PrintWriter out, final String done)
    {
        this.out = out;
        this.done = done;
    }

    /**
     * Print a line if it is time to. Time begins with the first message.
     *
     * @param nowNs the time, by any clock, but always the same.
     * @param count messages done so far.
     */
    void update(final long nowNs, final long count)
    {
        if (count == 0 || isStarted && nowNs - lastNs < INTERVAL_NS)
        {
            return;
        }

        if (isStarted)
        {
            print(nowNs, count);
        }
        isStarted = true;
        lastNs = nowNs;
        lastCount = count;
    }

    private void print(final long nowNs, final long count)
    {
        final double seconds = (nowNs - lastNs) / 1e9;
        out.println(String.format(
            Locale.ROOT, "%s %,d messages, %,.0f messages/s", done, count, (count - lastCount) / seconds));
    }
}
