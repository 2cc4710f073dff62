package io.kekbit.benchmarks.replicate;

import io.kekbit.benchmarks.Result;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * The host on which messages arrive. Its input ends when the source host does, and then it ends, too.
 */
@Command(name = "replicate-target", description = "The target host of the measurement of replication.")
public final class TargetHost implements Callable<Integer>
{
    /**
     * Begins the line that is printed when a phase has ended.
     */
    static final String ENDED = "ended ";

    private static final int LIMIT = 64;

    @Mixin
    private HostOptions options;

    @Override
    public Integer call()
    {
        endWithSource();
        final List<Phase> phases = Phase.all(options);
        final Result result = new Result();
        final Arrivals arrivals = new Arrivals(phases, options.length, result);
        final TargetSide.MessageHandler handler = arrivals::onMessage;
        try (HostDriver driver = new HostDriver(options.folder.resolve("target-driver"), options.threads);
            TargetSide side = options.subject.target(driver, options))
        {
            int ended = 0;
            long turns = 0;
            long sinceNs = System.nanoTime();
            while (ended < phases.size())
            {
                final int work = side.doWork() + side.poll(handler, LIMIT);
                turns++;
                if (arrivals.phasesEnded() > ended)
                {
                    if (phases.get(ended).isPaced())
                    {
                        result.figure(Phase.TURN_AT_TARGET, (System.nanoTime() - sinceNs) / (double)turns);
                    }
                    ended = arrivals.phasesEnded();
                    turns = 0;
                    sinceNs = System.nanoTime();
                    System.out.println(ENDED + ended);
                }
                options.threads.idle(work);
            }
            result.write(options.result);
        }

        return 0;
    }

    private static void endWithSource()
    {
        final Thread watcher = new Thread(TargetHost::haltAtEndOfInput, "watches the source host");
        watcher.setDaemon(true);
        watcher.start();
    }

    private static void haltAtEndOfInput()
    {
        try
        {
            while (System.in.read() >= 0)
            {
                continue;
            }
        }
        catch (final IOException ex)
        {
            ex.printStackTrace(System.err);
        }
        Runtime.getRuntime().halt(1);
    }
}
