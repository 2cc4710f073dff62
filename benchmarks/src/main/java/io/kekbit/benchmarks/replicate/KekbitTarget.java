package io.kekbit.benchmarks.replicate;

import io.kekbit.aeron.replication.ReplicationTarget;
import io.kekbit.core.RecordHandler;
import io.kekbit.core.ShmReader;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import org.agrona.CloseHelper;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BackoffIdleStrategy;

import java.nio.file.Path;

/**
 * Receives by reading the copy that a target makes.
 */
final class KekbitTarget implements TargetSide
{
    private final HostDriver driver;
    private final Path root;
    private final ReplicationTarget target;
    private final AgentRunner runner;
    private final RecordHandler adapted;
    private ShmReader reader;
    private MessageHandler handler;

    KekbitTarget(final HostDriver driver, final HostOptions options)
    {
        this.driver = driver;
        root = options.folder.resolve("target");
        target = ReplicationTarget.builder(root)
            .aeron(driver.aeron())
            .channel(KekbitSource.CHANNEL_ID)
            .requestChannel(KekbitSource.requests(options))
            .responseChannel(KekbitSource.responses(options))
            .build();
        adapted = (buffer, offset, length, position, nextPosition) -> handler.onMessage(buffer, offset, length);
        if (options.threads == Threads.EACH)
        {
            runner = new AgentRunner(new BackoffIdleStrategy(), KekbitSource::fail, null, target);
            AgentRunner.startOnThread(runner);
        }
        else
        {
            runner = null;
        }
    }

    @Override
    public int poll(final MessageHandler messageHandler, final int limit)
    {
        handler = messageHandler;
        if (reader == null)
        {
            tryOpen();

            return 0;
        }

        return reader.read(adapted, limit);
    }

    private void tryOpen()
    {
        // Once the target copies, the file is there.
        if (target.isConnected())
        {
            try
            {
                reader = ShmReader.open(root, KekbitSource.CHANNEL_ID);
            }
            catch (final ChannelNotFoundException ex)
            {
                Thread.onSpinWait();
            }
        }
    }

    @Override
    public int doWork()
    {
        return driver.doWork() + (runner == null ? target.doWork() : 0);
    }

    @Override
    public void close()
    {
        CloseHelper.closeAll(reader, runner, target);
    }
}
