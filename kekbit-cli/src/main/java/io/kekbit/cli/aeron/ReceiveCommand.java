package io.kekbit.cli.aeron;

import io.aeron.Aeron;
import io.kekbit.aeron.replication.RefusalReason;
import io.kekbit.aeron.replication.ReplicationException;
import io.kekbit.aeron.replication.ReplicationTarget;
import io.kekbit.aeron.replication.ReplicationTargetBuilder;
import io.kekbit.aeron.replication.TargetListener;
import io.kekbit.cli.records.Interruption;
import io.kekbit.cli.records.Notes;
import io.kekbit.cli.support.ChannelArgument;
import io.kekbit.cli.support.ErrorPrinter;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.cli.support.Units;
import io.kekbit.core.exceptions.NotEnoughSpaceException;
import org.agrona.CloseHelper;
import org.agrona.concurrent.IdleStrategy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Keeps copies of channels and series of another host.
 */
@Command(
    name = "receive",
    description = {
        "Keeps copies of channels and series of another host, until Ctrl-C or a plain kill, or until all of them are " +
            "channels that were closed there and are complete here. Started again, it goes on where the copies end.",
        "The configuration file has lines of key=value, # begins a comment:",
        "  root               the folder of the copies; made where it does not exist",
        "  channel            id of the channel to copy, or several with commas between",
        "  series             name of the series to copy, or several with commas between",
        "  request.channel    where the source takes requests: aeron:udp?endpoint=HOST:PORT of the source",
        "  response.channel   where the source sends from: aeron:udp?control=HOST:PORT of the source",
        "  request.stream     id of the stream of requests; 19267 unless given, the same on both sides",
        "  response.stream    id of the streams that are sent; 19268 unless given, the same on both sides",
        "  name               what the source is to call this target",
        "  retry.interval     how long to wait before asking again, such as 5s; 1s unless given",
        "  max.retry.interval up to what that doubles, until copying goes on; 30s unless given",
        "  connect.timeout    how long a source may take to answer; 10s unless given",
        "  progress.interval  how often to force the copies to the device; 0s, never, unless given",
        "  max.channel.capacity  do not copy channels of more bytes than this, such as 1g; any unless given",
        "  skip.deleted       true: go on behind what the source has deleted of a series, do not stop",
        "  live.channel       where the source sends what is written now, once for all who listen:",
        "                     aeron:udp?endpoint=GROUP:PORT, a multicast group, or, HERE being this host,",
        "                     aeron:udp?control=SOURCE:PORT|control-mode=dynamic|endpoint=HERE:PORT",
        "  live.stream        id of that stream; 19269 unless given, the same on both sides",
        "  live.timeout       how long nothing may come there that was sent; 1s unless given"},
    footer = {
        "%nExamples:",
        "  kekbit replicate receive --config receive.properties",
        "  kekbit replicate receive --config receive.properties --embedded-driver"})
public final class ReceiveCommand implements Callable<Integer>
{
    private static final List<String> KEYS = List.of(
        "root", "channel", "series", "request.channel", "response.channel", "request.stream", "response.stream",
        "name", "retry.interval", "max.retry.interval", "max.channel.capacity",
        "connect.timeout", "progress.interval", "skip.deleted", "live.channel", "live.stream", "live.timeout");

    @Option(names = "--config", paramLabel = "FILE", required = true, description = "The configuration file.")
    private Path file;

    @Mixin
    private AeronOptions driver;

    @Spec
    private CommandSpec command;

    /**
     * Keeps them.
     *
     * @return 0, or 1 where a copy does not go on before somebody looked at it.
     * @throws IOException where the configuration cannot be read.
     */
    @Override
    public Integer call() throws IOException
    {
        final ReplicationConfig config = ReplicationConfig.read(file, KEYS);
        final Map<String, UnaryOperator<ReplicationTargetBuilder>> streams = streams(config);
        // What is wrong with it is told before a media driver is started.
        final Notes notes = new Notes(command);
        streams.forEach((name, choice) -> choice.apply(builder(config, "", name, notes)));
        final Map<String, ReplicationTarget> targets = new LinkedHashMap<>();
        try (Interruption interruption = new Interruption();
            DriverHandle handle = DriverHandle.open(driver, notes))
        {
            try
            {
                streams.forEach((name, choice) ->
                    targets.put(name, choice.apply(builder(config, handle.folder(), name, notes)).build()));
                final int failures = run(new LinkedHashMap<>(targets), interruption, notes);
                print(targets);

                return failures == 0 ? ExitCodes.OK : ExitCodes.FAILED;
            }
            finally
            {
                CloseHelper.closeAll(targets.values());
            }
        }
    }

    private static Map<String, UnaryOperator<ReplicationTargetBuilder>> streams(final ReplicationConfig config)
    {
        final Map<String, UnaryOperator<ReplicationTargetBuilder>> streams = new LinkedHashMap<>();
        for (final String id : config.list("channel"))
        {
            final OptionalLong channelId = ChannelArgument.parseId(id);
            if (channelId.isEmpty())
            {
                throw config.wrong("channel=" + id + " is no id of a channel, which is a number");
            }
            streams.put("channel " + id, (builder) -> builder.channel(channelId.getAsLong()));
        }
        for (final String name : config.list("series"))
        {
            if (name.contains("/"))
            {
                throw config.wrong("series=" + name + " cannot be the name of a series");
            }
            streams.put("series " + name, (builder) -> builder.series(name));
        }
        if (streams.isEmpty())
        {
            throw config.wrong("channel or series is missing");
        }

        return streams;
    }

    private static ReplicationTargetBuilder builder(
        final ReplicationConfig config, final String folder, final String stream, final Consumer<String> notes)
    {
        final ReplicationTargetBuilder builder = ReplicationTarget.builder(config.folder("root"))
            .aeron(new Aeron.Context().aeronDirectoryName(folder).clientName("kekbit receive"))
            .retryInterval(atLeast(config, "retry.interval", Duration.ofSeconds(1)))
            .maxRetryInterval(atLeast(config, "max.retry.interval", Duration.ofSeconds(30)))
            .connectTimeout(atLeast(config, "connect.timeout", Duration.ofSeconds(10)))
            .liveTimeout(atLeast(config, "live.timeout", Duration.ofSeconds(1)))
            .progressInterval(config.duration("progress.interval", Duration.ZERO))
            .skipDeleted(config.flag("skip.deleted"))
            .listener(new Listener(stream, new OccasionalNotes(notes)));
        config.connect(builder);
        if (config.has("max.channel.capacity"))
        {
            builder.maxChannelCapacity(config.size("max.channel.capacity"));
        }
        if (config.has("name"))
        {
            try
            {
                builder.name(config.text("name"));
            }
            catch (final IllegalArgumentException ex)
            {
                throw config.wrong(ex.getMessage());
            }
        }

        return builder;
    }

    private static Duration atLeast(final ReplicationConfig config, final String key, final Duration otherwise)
    {
        final Duration duration = config.duration(key, otherwise);
        if (duration.isZero())
        {
            throw config.wrong(key + " is zero");
        }

        return duration;
    }

    /**
     * Copy until all is copied or failed, or the user wants it to end.
     *
     * @return how many copies do not go on.
     */
    private int run(
        final Map<String, ReplicationTarget> running, final Interruption interruption, final Consumer<String> notes)
    {
        int failures = 0;
        final IdleStrategy idleStrategy = AeronHost.idleStrategy();
        while (!running.isEmpty() && !interruption.isPending())
        {
            int work = 0;
            final Iterator<Map.Entry<String, ReplicationTarget>> iterator = running.entrySet().iterator();
            while (iterator.hasNext())
            {
                final Map.Entry<String, ReplicationTarget> one = iterator.next();
                try
                {
                    work += one.getValue().doWork();
                    if (one.getValue().isComplete())
                    {
                        iterator.remove();
                    }
                }
                catch (final ReplicationException ex)
                {
                    failures++;
                    iterator.remove();
                    final Throwable cause = ex.getCause();
                    notes.accept(one.getKey() + ": " + DriverHandle.text(ex) +
                        (cause == null ? "" : ", " + ErrorPrinter.message(cause)));
                }
                catch (final RuntimeException | InternalError ex)
                {
                    // The others go on.
                    failures++;
                    iterator.remove();
                    CloseHelper.quietClose(one.getValue());
                    notes.accept(one.getKey() + ": " + ErrorPrinter.message(ex));
                }
            }
            idleStrategy.idle(work);
        }

        return failures;
    }

    private void print(final Map<String, ReplicationTarget> targets)
    {
        final PrintWriter out = command.commandLine().getOut();
        targets.forEach((name, target) -> out.println(
            name + ": " + (target.isComplete() ? "complete" : "copied so far") + ", " +
                (target.ordinal() < 0 ? "nothing" : "up to position " + target.position() +
                    (name.startsWith("series") ? " of channel " + target.ordinal() : "") + ", " +
                    Units.count(target.recordCount()) + " records")));
        // After a signal nobody else does.
        out.flush();
    }

    /**
     * Tells the user.
     */
    private record Listener(String stream, Consumer<String> notes) implements TargetListener
    {
        @Override
        public void onCopying(final Path copy, final long ordinal, final long position)
        {
            notes.accept(stream + ": copying from position " + position + " into " + copy);
        }

        @Override
        public void onChannelCompleted(final Path copy, final long ordinal, final long position)
        {
            notes.accept(stream + ": complete, up to position " + position + ": " + copy);
        }

        @Override
        public void onSourceLost(final String why)
        {
            notes.accept(stream + ": the source is gone, " + why + ". Looking for it");
        }

        @Override
        public void onDiscontinuity(final long expected, final long actual)
        {
            notes.accept(stream + ": position " + expected + " comes next, and " + actual + " came. Asking again");
        }

        @Override
        public void onLive(final long ordinal, final long position)
        {
            notes.accept(stream + ": following the live stream");
        }

        @Override
        public void onLiveLost(final String why)
        {
            notes.accept(stream + ": cannot follow the live stream, " + why + ". Asking for what is missing");
        }

        @Override
        public void onRefused(final RefusalReason reason, final String details)
        {
            if (reason.isTransient())
            {
                notes.accept(stream + ": refused, " + reason + ": " + details + ". Asking again");
            }
        }

        @Override
        public void onDriverLost(final Throwable cause)
        {
            notes.accept(stream + ": the media driver is gone, waiting for it" +
                (cause == null ? "" : ": " + DriverHandle.text(cause)));
        }

        @Override
        public void onError(final Throwable failure)
        {
            notes.accept(stream + ": " + (failure instanceof NotEnoughSpaceException noSpace ?
                noSpaceText(noSpace) : DriverHandle.text(failure)));
        }

        /**
         * Without the bytes that are left, which change from one attempt to the next: it is the same thing each time.
         */
        private static String noSpaceText(final NotEnoughSpaceException ex)
        {
            return "not enough space: file=" + ex.file() + " required=" + ex.required() +
                ". Free some: it is tried again, and the source waits";
        }
    }
}
