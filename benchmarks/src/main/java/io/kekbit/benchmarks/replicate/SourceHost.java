package io.kekbit.benchmarks.replicate;

import io.kekbit.benchmarks.BenchmarkException;
import io.kekbit.benchmarks.Benchmarks;
import io.kekbit.benchmarks.Result;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * The host on which messages are sent, one phase after the other, at times that are fixed before the first of a phase.
 * It starts the target host. Between phases it waits until all that was sent has arrived.
 */
@Command(name = "replicate", description = "One-way latency and throughput from host to host.")
public final class SourceHost implements Callable<Integer>
{
    private static final int BURST = 16;
    private static final long LEAD_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

    @Mixin
    private HostOptions options;

    private volatile int phasesEnded;
    private final Result result = new Result();
    private long sent;

    @Override
    public Integer call() throws InterruptedException
    {
        final Payload payload = new Payload(options.length);
        try (HostDriver driver = new HostDriver(options.folder.resolve("source-driver"), options.threads);
            SourceSide side = options.subject.source(driver, options))
        {
            final Process target = startTarget();
            try
            {
                final long startNs = System.nanoTime();
                while (!side.isConnected())
                {
                    options.threads.idle(side.doWork());
                    check(target, startNs);
                }
                final List<Phase> phases = Phase.all(options);
                for (int i = 0; i < phases.size(); i++)
                {
                    send(side, phases.get(i), payload);
                    final long sentNs = System.nanoTime();
                    while (phasesEnded <= i)
                    {
                        options.threads.idle(side.doWork());
                        check(target, sentNs);
                    }
                }
                result.write(sourceResult(options));
                while (target.isAlive())
                {
                    options.threads.idle(side.doWork());
                }

                return target.exitValue();
            }
            finally
            {
                target.destroyForcibly();
                target.waitFor();
            }
        }
    }

    /**
     * Where the source host leaves what it found, beside what the target host found.
     */
    static Path sourceResult(final HostOptions options)
    {
        return options.result.resolveSibling("source-result");
    }

    private void send(final SourceSide side, final Phase phase, final Payload payload)
    {
        final long startNs = System.nanoTime() + LEAD_NS;
        long index = 0;
        long turns = 0;
        while (index < phase.messages())
        {
            final int most = (int)Math.min(BURST, phase.messages() - index);
            int burst = 0;
            long dueNs = phase.dueNs(startNs, index);
            while (burst < most && System.nanoTime() - dueNs >= 0 &&
                side.trySend(payload.encode(sent, dueNs), 0, options.length))
            {
                sent++;
                index++;
                burst++;
                dueNs = phase.dueNs(startNs, index);
            }
            options.threads.idle(side.doWork() + burst);
            turns++;
        }
        if (phase.isPaced())
        {
            result.figure(Phase.TURN_AT_SOURCE, (System.nanoTime() - startNs + LEAD_NS) / (double)turns);
        }
    }

    private static void check(final Process target, final long sinceNs)
    {
        if (!target.isAlive() || System.nanoTime() - sinceNs > PATIENCE_NS)
        {
            throw new BenchmarkException("the target host does not receive: alive=" + target.isAlive());
        }
    }

    private Process startTarget()
    {
        final List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Benchmarks.class.getName());
        command.addAll(List.of("measure", "replicate-target"));
        command.addAll(options.args());
        try
        {
            final Process target = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            final Thread listener = new Thread(() -> listen(target), "listens to the target host");
            listener.setDaemon(true);
            listener.start();

            return target;
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private void listen(final Process target)
    {
        try (BufferedReader lines = target.inputReader(StandardCharsets.UTF_8))
        {
            for (String line = lines.readLine(); line != null; line = lines.readLine())
            {
                if (line.startsWith(TargetHost.ENDED))
                {
                    phasesEnded = Integer.parseInt(line.substring(TargetHost.ENDED.length()));
                }
            }
        }
        catch (final IOException ex)
        {
            ex.printStackTrace(System.err);
        }
    }
}
