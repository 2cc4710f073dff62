package io.kekbit.examples.marketdata;

import io.kekbit.core.Header;
import io.kekbit.core.Prefault;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.TickUnit;
import io.kekbit.core.Writer;
import io.kekbit.core.series.SeriesWriter;
import io.kekbit.examples.ExampleException;
import io.kekbit.examples.support.ChannelOptions;
import io.kekbit.examples.support.Interruption;
import io.kekbit.sbe.SbeDataFormat;
import io.kekbit.sbe.SbeWriter;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.SystemNanoClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Publishes a recording of market data: reads all of it, creates a channel that it fits into, or a series of channels,
 * and writes message after message, each encoded in place, on a schedule that does not wait for anybody.
 */
@Command(
    name = "market-data-publisher",
    description = "Publishes market data through a channel, encoded in place with SBE.",
    exitCodeListHeading = "%nExit status:%n",
    footer = "",
    exitCodeList = {"0:all was published", "1:it failed, for the reason told", "2:the options are not right"})
public final class MarketDataPublisher implements Callable<Integer>
{
    /**
     * How long the publisher of a small channel may be silent before subscribers give it up. Until it closes the
     * channel it is never silent for more than a second.
     */
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long SLOW_DEVICE_BYTES_PER_SECOND = 50_000_000;
    private static final long MAX_DEVICE_SECONDS = TimeUnit.HOURS.toSeconds(1);
    private static final String LABEL = "market-data example";

    /**
     * From the creation of the channel to the first message, so that subscribers that wait for the channel are there.
     */
    private static final long LEAD_IN_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long HEARTBEAT_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final NanoClock clock = SystemNanoClock.INSTANCE;

    @Mixin
    private ChannelOptions channelOptions;

    @Mixin
    private InputOptions inputOptions;

    @Mixin
    private SeriesOption seriesOption;

    @Spec
    private CommandSpec command;

    /**
     * Publishes the input.
     *
     * @return 0.
     * @throws IOException where the input cannot be read, or there is no room to warm up.
     */
    @Override
    public Integer call() throws IOException
    {
        final Path root = channelOptions.requireRoot();
        inputOptions.validate();
        seriesOption.validate();

        final MarketDataInput input = inputOptions.read();
        final PrintWriter out = command.commandLine().getOut();
        out.println("input " + input.summary());

        final MessageCounts counts = new MessageCounts();
        // An interrupted publisher closes the channel: its subscribers need not wait for the timeout.
        try (Interruption interruption = new Interruption())
        {
            WarmUp.run();
            final long maxLatenessNs = seriesOption.isGiven() ?
                publishToSeries(root, input, counts, interruption, out) :
                publishToChannel(root, input, counts, interruption, out);
            // The digest of a long input takes longer than subscribers wait: not before the channel is closed.
            report(input, counts, maxLatenessNs, out);
        }

        return 0;
    }

    private long publishToChannel(
        final Path root,
        final MarketDataInput input,
        final MessageCounts counts,
        final Interruption interruption,
        final PrintWriter out)
    {
        final ChannelSize size = input.recording().size();
        final long capacity = size.capacity(inputOptions.repeat());
        final Header header = Header.builder()
            .channelId(channelOptions.channel)
            .capacity(capacity)
            .maxMessageLength(size.maxMessageLength())
            .timeout(timeoutNs(capacity))
            .tickUnit(TickUnit.NANOS)
            .build();

        try (ShmWriter<SbeDataFormat> writer = ShmWriter.builder(root, header, MarketDataFormat.INSTANCE)
            .label(LABEL)
            .prefault(Prefault.NOW)
            .create())
        {
            out.println("channel created: " + writer.header());
            final long maxLatenessNs = publish(writer, input, counts, interruption, out);
            writer.heartbeat();

            return maxLatenessNs;
        }
    }

    /**
     * The agent makes the next channel ready, and forces and closes the last one, in a thread of its own: what is
     * published waits for neither.
     */
    private long publishToSeries(
        final Path root,
        final MarketDataInput input,
        final MessageCounts counts,
        final Interruption interruption,
        final PrintWriter out)
    {
        requireNew(seriesOption.folder(root));
        final ChannelSize size = input.recording().size();
        final Rolls rolls = new Rolls();
        final long maxLatenessNs;
        try (SeriesWriter<SbeDataFormat> writer = SeriesWriter
            .builder(root, seriesOption.name(), MarketDataFormat.INSTANCE)
            .capacity(size.capacity(1))
            .maxMessageLength(size.maxMessageLength())
            .timeout(timeoutNs(size.recordsLength(inputOptions.repeat())))
            .tickUnit(TickUnit.NANOS)
            .label(LABEL)
            .listener(rolls)
            .open();
            AgentRunner agent = new AgentRunner(
                new SleepingMillisIdleStrategy(1), this::agentFailed, null, writer.agent()))
        {
            AgentRunner.startOnThread(agent);
            out.println("series created: name=" + seriesOption.name() + " first channel: " + writer.header());
            maxLatenessNs = publish(writer, input, counts, interruption, out);
            writer.heartbeat();
        }
        out.println("rolls: " + rolls);

        return maxLatenessNs;
    }

    /**
     * A series goes on where it ended. Its subscribers would receive what earlier publishers sent as well, and count
     * and digest would be those of everything.
     */
    private static void requireNew(final Path folder)
    {
        if (Files.exists(folder))
        {
            throw new ExampleException("series exists: " + folder + ". Give another name with --series=NAME.");
        }
    }

    private void agentFailed(final Throwable failure)
    {
        command.commandLine().getErr().println(command.qualifiedName() + ": agent of the series: " + failure);
    }

    /**
     * The time in which a device can be expected to have taken all that is published: closing lasts as long.
     */
    private static long timeoutNs(final long bytes)
    {
        return TIMEOUT_NS +
            TimeUnit.SECONDS.toNanos(Math.min(MAX_DEVICE_SECONDS, bytes / SLOW_DEVICE_BYTES_PER_SECOND));
    }

    private long publish(
        final Writer<SbeDataFormat> writer,
        final MarketDataInput input,
        final MessageCounts counts,
        final Interruption interruption,
        final PrintWriter out)
    {
        final Recording.Cursor cursor = input.recording().cursor();
        final MessagePublisher publisher =
            new MessagePublisher(new SbeWriter(writer), cursor, SystemEpochNanoClock.INSTANCE);
        for (final Instrument instrument : input.recording().instruments())
        {
            counts.add(MessageKind.INSTRUMENT_DEFINITION, publisher.publishDefinition(instrument));
        }
        leadIn(writer, interruption);

        return publishMessages(publisher, cursor, counts, interruption, out);
    }

    private void leadIn(final Writer<SbeDataFormat> writer, final Interruption interruption)
    {
        final long startNs = clock.nanoTime();
        while (!interruption.isPending() && clock.nanoTime() - startNs < LEAD_IN_NS)
        {
            writer.heartbeat();
            LockSupport.parkNanos(HEARTBEAT_INTERVAL_NS);
        }
    }

    /**
     * Publishes on schedule, and tells how late a message began at most.
     */
    private long publishMessages(
        final MessagePublisher publisher,
        final Recording.Cursor cursor,
        final MessageCounts counts,
        final Interruption interruption,
        final PrintWriter out)
    {
        final Pacer pacer = new Pacer(clock, inputOptions.rate());
        final Progress progress = new Progress(out, "published");
        long index = 0;
        for (int i = 0; i < inputOptions.repeat(); i++)
        {
            while (cursor.next())
            {
                if (interruption.isPending())
                {
                    return pacer.maxLatenessNs();
                }
                pacer.await(index);
                final long nowNs = clock.nanoTime();
                counts.addAt(nowNs, cursor.kind(), publisher.publish());
                progress.update(nowNs, ++index);
            }
        }

        return pacer.maxLatenessNs();
    }

    private void report(
        final MarketDataInput input, final MessageCounts counts, final long maxLatenessNs, final PrintWriter out)
    {
        out.println("messages: " + counts.summary());
        out.println("rate: " + counts.rate());
        if (inputOptions.rate() != Pacer.UNPACED)
        {
            out.println(String.format(Locale.ROOT, "behind schedule at most: %,.1f us", maxLatenessNs / 1e3));
        }
        final boolean isComplete = counts.messages() == input.recording().messages() * inputOptions.repeat();
        out.println(isComplete ? "digest=" + input.digest().hex(inputOptions.repeat()) : "interrupted");
    }
}
