package io.kekbit.examples.childprocess;

import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ShmWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The process that writes.
 */
@Command(name = "child-process-writer", description = "Writes the records of child-process.", hidden = true)
public final class SentenceWriter implements Callable<Integer>
{
    /**
     * From the creation of the channel to the first record, so that readers that wait for the channel are there.
     */
    private static final long LEAD_IN_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long HEARTBEAT_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);

    @Option(names = "--root", required = true)
    private Path root;

    @Option(names = "--records", required = true)
    private long records;

    @Spec
    private CommandSpec command;

    /**
     * Writes all records as fast as it goes.
     *
     * @return 0.
     * @throws IOException where there is no room to warm up.
     */
    @Override
    public Integer call() throws IOException
    {
        WarmUp.run(root);
        try (ShmWriter<RawBinDataFormat> writer =
            ShmWriter.create(root, Sentence.header(ChildProcess.CHANNEL_ID, records), RawBinDataFormat.INSTANCE))
        {
            final long createdNs = System.nanoTime();
            while (System.nanoTime() - createdNs < LEAD_IN_NS)
            {
                writer.heartbeat();
                LockSupport.parkNanos(HEARTBEAT_INTERVAL_NS);
            }

            final long startNs = System.nanoTime();
            for (long i = 0; i < records; i++)
            {
                writer.write(Sentence.BUFFER, 0, Sentence.LENGTH);
            }
            final long durationNs = System.nanoTime() - startNs;
            command.commandLine().getOut().println(Sentence.rate(records, durationNs));
        }

        return 0;
    }
}
