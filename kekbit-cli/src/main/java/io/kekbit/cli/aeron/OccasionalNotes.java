package io.kekbit.cli.aeron;

import org.agrona.collections.Object2LongHashMap;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Tells the same thing at most once a minute: what is tried every second fails in the same way each time.
 */
final class OccasionalNotes implements Consumer<String>
{
    private static final long INTERVAL_NS = TimeUnit.MINUTES.toNanos(1);
    private static final long NEVER = Long.MIN_VALUE;
    private static final int MAX_TEXTS = 256;

    private final Consumer<String> notes;
    private final Object2LongHashMap<String> toldNs = new Object2LongHashMap<>(NEVER);

    OccasionalNotes(final Consumer<String> notes)
    {
        this.notes = notes;
    }

    @Override
    public void accept(final String text)
    {
        final long nowNs = System.nanoTime();
        final long lastNs = toldNs.getValue(text);
        if (lastNs == NEVER || nowNs - lastNs >= INTERVAL_NS)
        {
            if (toldNs.size() >= MAX_TEXTS)
            {
                toldNs.clear();
            }
            toldNs.put(text, nowNs);
            notes.accept(text);
        }
    }
}
