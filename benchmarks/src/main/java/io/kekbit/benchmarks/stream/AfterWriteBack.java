package io.kekbit.benchmarks.stream;

import io.kekbit.benchmarks.Result;
import io.kekbit.core.Header;
import io.kekbit.core.Prefault;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.layout.HeaderDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.HdrHistogram.Histogram;
import org.agrona.CloseHelper;
import org.agrona.ErrorHandler;
import org.agrona.IoUtil;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BackoffIdleStrategy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Whether pre-touching lasts: three channels are made, one not pre-touched, one touched on creation
 * ({@link Prefault#NOW}), one by a running {@link io.kekbit.core.PrefaultAgent}. A part of each is written and flushed,
 * then all are left alone for so long that the operating system has written back what was touched, and protects it
 * again. Then the time of each claim to commit is taken, on one channel after the other, at a fixed rate and back to
 * back, and the page faults of the writing thread are counted.
 * <p>
 * Only a file system with a device behind it writes anything back; on tmpfs the three differ in the first one only.
 */
@Command(
    name = "after-write-back", description = "Time a writer of kekbit spends on one message, a minute after pre-touch.")
public final class AfterWriteBack implements Callable<Integer>
{
    private static final int WARM_UP_CHANNEL = 1;
    private static final int COLD_CHANNEL = 2;
    private static final int NOW_CHANNEL = 3;
    private static final int AGENT_CHANNEL = 4;
    private static final long WARM_UP_MESSAGES = 400_000;
    private static final long WARM_UP_PER_SECOND = 1_000_000;
    private static final ErrorHandler RETHROW = (ex) ->
    {
        throw new IllegalStateException("the agent failed", ex);
    };

    @Mixin
    private CommonOptions options;

    @Option(
        names = "--wait", paramLabel = "S", defaultValue = "60",
        description = "Seconds between the first part and the measured one. Linux writes back what is older than " +
            "30 seconds, looking every 5. Default: ${DEFAULT-VALUE}")
    private long waitS;

    @Option(
        names = "--messages-before", paramLabel = "N", defaultValue = "50000",
        description = "Messages in the part that is written before. Default: ${DEFAULT-VALUE}")
    private long messagesBefore;

    @Option(
        names = "--messages", paramLabel = "N", defaultValue = "200000",
        description = "Back to back. Default: ${DEFAULT-VALUE}")
    private long messages;

    @Option(
        names = "--rate", paramLabel = "N", defaultValue = "100000",
        description = "Of the paced messages, per second. Default: ${DEFAULT-VALUE}")
    private long perSecond;

    @Option(
        names = "--millis", paramLabel = "MS", defaultValue = "2000",
        description = "Of paced messages. Default: ${DEFAULT-VALUE}")
    private long pacedMs;

    @Override
    public Integer call() throws InterruptedException
    {
        if (!"kekbit".equals(options.subject))
        {
            throw new IllegalArgumentException("not applicable: subject=" + options.subject + " possible=kekbit");
        }
        final Result result = new Result();
        try
        {
            Files.createDirectories(options.folder);
            run(result);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        finally
        {
            IoUtil.delete(options.folder.toFile(), true);
        }
        result.write(options.result);

        return 0;
    }

    private void run(final Result result) throws InterruptedException
    {
        warmUp();
        try (Subject cold = new Subject(COLD_CHANNEL, Prefault.NONE, false);
            Subject now = new Subject(NOW_CHANNEL, Prefault.NOW, false);
            Subject agent = new Subject(AGENT_CHANNEL, Prefault.NONE, true))
        {
            TimeUnit.SECONDS.sleep(waitS);

            // Not before: the agent's thread would be kept on this one's processor.
            Processor.pin(options.nearProcessor());
            measure(result, "Cold", cold);
            measure(result, "Now", now);
            measure(result, "Agent", agent);
        }
    }

    private void warmUp()
    {
        try (ShmWriter<RawBinDataFormat> writer = create(WARM_UP_CHANNEL, Prefault.NOW, 2 * WARM_UP_MESSAGES))
        {
            final Messages sending = messages(writer);
            Stall.sendBackToBack(sending, WARM_UP_MESSAGES, Result.histogram());
            Stall.sendPaced(sending, WARM_UP_MESSAGES, WARM_UP_PER_SECOND, Result.histogram());
        }
    }

    private void measure(final Result result, final String name, final Subject subject)
    {
        final Histogram paced = Result.histogram();
        final long faultsBefore = Faults.ofThisThread();
        Stall.sendPaced(subject.sending, pacedMessages(), perSecond, paced);
        final long faultsBetween = Faults.ofThisThread();
        final Histogram backToBack = Result.histogram();
        Stall.sendBackToBack(subject.sending, messages, backToBack);
        final long faultsAfter = Faults.ofThisThread();

        Stall.note(result, "paced" + name, paced);
        Stall.note(result, "backToBack" + name, backToBack);
        if (faultsBefore >= 0)
        {
            result.figure("paced" + name + "Faults", faultsBetween - faultsBefore);
            result.figure("backToBack" + name + "Faults", faultsAfter - faultsBetween);
        }
    }

    private long pacedMessages()
    {
        return Math.max(1, pacedMs * perSecond / TimeUnit.SECONDS.toMillis(1));
    }

    private ShmWriter<RawBinDataFormat> create(final int channel, final Prefault prefault, final long count)
    {
        final Path root = options.folder;
        final long capacity = Math.max(
            HeaderDescriptor.requiredCapacity(options.length),
            (count + 1) * RecordDescriptor.alignedLength(options.length) + RecordDescriptor.RESERVED_LENGTH);
        final Header header = Header.builder()
            .channelId(channel).capacity(capacity).maxMessageLength(options.length).build();

        return ShmWriter.builder(root, header, RawBinDataFormat.INSTANCE).prefault(prefault).create();
    }

    private Messages messages(final ShmWriter<RawBinDataFormat> writer)
    {
        return new Messages(
            (source, offset, length) -> writer.write(source, offset, length) > 0, options.length);
    }

    private final class Subject implements AutoCloseable
    {
        private final ShmWriter<RawBinDataFormat> writer;
        private final Messages sending;
        private final AgentRunner runner;

        Subject(final int channel, final Prefault prefault, final boolean hasAgent)
        {
            writer = create(channel, prefault, messagesBefore + pacedMessages() + messages);
            sending = messages(writer);
            runner = hasAgent ?
                new AgentRunner(new BackoffIdleStrategy(), RETHROW, null, writer.prefaultAgent()) : null;
            if (runner != null)
            {
                AgentRunner.startOnThread(runner);
            }
            Stall.sendBackToBack(sending, messagesBefore, Result.histogram());
            writer.flush();
        }

        @Override
        public void close()
        {
            CloseHelper.closeAll(runner, writer);
        }
    }
}
