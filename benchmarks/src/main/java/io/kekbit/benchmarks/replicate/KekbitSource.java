package io.kekbit.benchmarks.replicate;

import io.kekbit.aeron.replication.ReplicationSource;
import io.kekbit.core.Header;
import io.kekbit.core.Prefault;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.layout.HeaderDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BackoffIdleStrategy;

import java.nio.file.Path;

/**
 * Sends by writing to a channel, which a source of copies sends on. The channel's pages are there from the start.
 */
final class KekbitSource implements SourceSide
{
    static final long CHANNEL_ID = 1;

    private final HostDriver driver;
    private final ShmWriter<RawBinDataFormat> writer;
    private final ReplicationSource source;
    private final AgentRunner runner;

    KekbitSource(final HostDriver driver, final HostOptions options)
    {
        this.driver = driver;
        final Path root = options.folder.resolve("source");
        writer = ShmWriter.builder(root, header(options), RawBinDataFormat.INSTANCE).prefault(Prefault.NOW).create();
        source = ReplicationSource.builder(root)
            .aeron(driver.aeron())
            .requestChannel(requests(options))
            .responseChannel(responses(options))
            .build();
        if (options.threads == Threads.EACH)
        {
            runner = new AgentRunner(new BackoffIdleStrategy(), KekbitSource::fail, null, source);
            AgentRunner.startOnThread(runner);
        }
        else
        {
            runner = null;
        }
    }

    static String requests(final HostOptions options)
    {
        return "aeron:udp?endpoint=localhost:" + options.port;
    }

    static String responses(final HostOptions options)
    {
        return "aeron:udp?control=localhost:" + (options.port + 1);
    }

    static void fail(final Throwable failure)
    {
        failure.printStackTrace(System.err);
        Runtime.getRuntime().halt(1);
    }

    private static Header header(final HostOptions options)
    {
        final long messages = Phase.messages(Phase.all(options));
        // The first heartbeat stands before all messages.
        final long capacity = RecordDescriptor.LENGTH_WORD_LENGTH + RecordDescriptor.RESERVED_LENGTH +
            messages * RecordDescriptor.alignedLength(options.length);

        return Header.builder()
            .channelId(CHANNEL_ID)
            .capacity(Math.max(capacity, HeaderDescriptor.requiredCapacity(options.length)))
            .maxMessageLength(options.length)
            .build();
    }

    @Override
    public boolean isConnected()
    {
        return source.targets() > 0;
    }

    @Override
    public boolean trySend(final DirectBuffer message, final int offset, final int length)
    {
        final long written = writer.tryWrite(message, offset, length);
        if (written < 0)
        {
            throw new IllegalStateException("the channel was made too small: result=" + written);
        }

        return true;
    }

    @Override
    public int doWork()
    {
        // In this order, a datagram leaves in the turn in which its message was written.
        final int work = runner == null ? source.doWork() : 0;

        return work + driver.doWork();
    }

    @Override
    public void close()
    {
        CloseHelper.closeAll(runner, source, writer);
    }
}
