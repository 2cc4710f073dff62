package io.kekbit.cli.aeron;

import io.aeron.Aeron;
import io.kekbit.aeron.replication.RefusalReason;
import io.kekbit.aeron.replication.ReplicationSource;
import io.kekbit.aeron.replication.ReplicationSourceBuilder;
import io.kekbit.aeron.replication.SourceListener;
import io.kekbit.cli.records.Interruption;
import io.kekbit.cli.records.Notes;
import io.kekbit.cli.support.ChannelArgument;
import io.kekbit.cli.support.CliException;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.core.TerminalText;
import org.agrona.concurrent.IdleStrategy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * Sends channels and series to those who keep copies.
 */
@Command(
    name = "send",
    description = {
        "Sends the channels and series below a root folder to the hosts that ask for them, until Ctrl-C or a plain " +
            "kill. Reads only; writers never wait for it.",
        "The configuration file has lines of key=value, # begins a comment:",
        "  root              the root folder; whoever reaches this host can ask for all that lies below it",
        "  request.channel   where requests come in: aeron:udp?endpoint=HOST:PORT of this host",
        "  response.channel  where it sends from: aeron:udp?control=HOST:PORT of this host; term-length and mtu here",
        "  request.stream    id of the stream of requests; 19267 unless given, the same on both sides",
        "  response.stream   id of the streams that are sent; 19268 unless given, the same on both sides",
        "  max.targets       how many hosts are served at a time; 64 unless given",
        "  target.names      names of targets, with commas between, of which to keep how far they are",
        "  positions         the folder to keep it in, below targets: for kekbit list and prune",
        "  live.channel      where to send what is written now, once for all who listen:",
        "                    aeron:udp?endpoint=GROUP:PORT, a multicast group, or, with an address of this",
        "                    host, aeron:udp?control=HOST:PORT|control-mode=dynamic",
        "  live.stream       id of that stream; 19269 unless given, the same on both sides",
        "  live.series       name of the series to send there",
        "  live.id           or the id of the channel to send there"},
    footer = {
        "%nExamples:",
        "  kekbit replicate send --config send.properties",
        "  kekbit replicate send --config /etc/kekbit/send.properties --aeron-dir /dev/shm/aeron-feed"})
public final class SendCommand implements Callable<Integer>
{
    private static final List<String> KEYS = List.of(
        "root", "request.channel", "response.channel", "request.stream", "response.stream", "max.targets",
        "target.names", "positions", "live.channel", "live.stream", "live.series", "live.id");

    private static final int DEFAULT_MAX_TARGETS = 64;

    @Option(names = "--config", paramLabel = "FILE", required = true, description = "The configuration file.")
    private Path file;

    @Mixin
    private AeronOptions driver;

    @Spec
    private CommandSpec command;

    /**
     * Sends them.
     *
     * @return 0.
     * @throws IOException where the configuration cannot be read.
     */
    @Override
    public Integer call() throws IOException
    {
        final ReplicationConfig config = ReplicationConfig.read(file, KEYS);
        final Path root = config.folder("root");
        final ReplicationSourceBuilder builder = ReplicationSource.builder(root);
        config.connect(builder);
        final int maxTargets = config.integer("max.targets", DEFAULT_MAX_TARGETS);
        if (maxTargets < 1)
        {
            throw config.wrong("max.targets=" + maxTargets + " is less than 1");
        }
        if (!Files.isDirectory(root))
        {
            throw new CliException(ExitCodes.NO_CHANNEL, "no such folder: " + root + ". Check root in " + file);
        }

        keepPositions(builder, config);
        sendLive(builder, config);
        final Consumer<String> notes = new OccasionalNotes(new Notes(command));
        try (Interruption interruption = new Interruption();
            DriverHandle handle = DriverHandle.open(driver, notes);
            ReplicationSource source = builder
                .aeron(new Aeron.Context().aeronDirectoryName(handle.folder()).clientName("kekbit send"))
                .maxTargets(maxTargets)
                .listener(new Listener(notes))
                .build())
        {
            notes.accept("sending what lies below " + root + " to those who ask at " + config.uri("request.channel"));
            final IdleStrategy idleStrategy = AeronHost.idleStrategy();
            while (!interruption.isPending())
            {
                idleStrategy.idle(source.doWork());
            }
        }

        return ExitCodes.OK;
    }

    private static void keepPositions(final ReplicationSourceBuilder builder, final ReplicationConfig config)
    {
        if (config.has("positions") != config.has("target.names"))
        {
            throw config.wrong("target.names and positions go together");
        }
        if (config.has("positions"))
        {
            try
            {
                builder.positions(config.folder("positions"), config.list("target.names"));
            }
            catch (final IllegalArgumentException ex)
            {
                throw config.wrong(ex.getMessage());
            }
        }
    }

    private static void sendLive(final ReplicationSourceBuilder builder, final ReplicationConfig config)
    {
        final boolean isSent = config.has("live.series") || config.has("live.id");
        if (config.has("live.channel") != isSent || config.has("live.series") && config.has("live.id"))
        {
            throw config.wrong("live.channel and either live.series or live.id go together");
        }
        if (config.has("live.series"))
        {
            final String name = config.text("live.series");
            try
            {
                builder.liveSeries(name);
            }
            catch (final IllegalArgumentException ex)
            {
                throw config.wrong("live.series=" + TerminalText.escape(name) + " cannot be the name of a series");
            }
        }
        if (config.has("live.id"))
        {
            final OptionalLong channelId = ChannelArgument.parseId(config.text("live.id"));
            builder.liveChannelId(channelId.orElseThrow(
                () -> config.wrong("live.id is no id of a channel, which is a number")));
        }
    }

    /**
     * Tells the user.
     */
    private record Listener(Consumer<String> notes) implements SourceListener
    {
        @Override
        public void onTargetConnected(final long targetId, final String address)
        {
            notes.accept("target " + targetId + " connected from " + address);
        }

        @Override
        public void onRequest(
            final long targetId, final String name, final String stream, final long ordinal, final long position)
        {
            notes.accept("target " + targetId + (name.isEmpty() ? "" : ", " + name + ",") + " asks for " + stream +
                (ordinal < 0 ? " from its beginning" : " from position " + position +
                (stream.startsWith("series=") ? " of channel " + ordinal : "")) + " on");
        }

        @Override
        public void onRefused(final long targetId, final RefusalReason reason, final String details)
        {
            notes.accept("target " + targetId + " was refused, " + reason + ": " + details);
        }

        @Override
        public void onTargetLost(final long targetId)
        {
            notes.accept("target " + targetId + " is gone");
        }

        @Override
        public void onDriverLost(final Throwable cause)
        {
            notes.accept("the media driver is gone, waiting for it" +
                (cause == null ? "" : ": " + DriverHandle.text(cause)));
        }

        @Override
        public void onError(final Throwable failure)
        {
            notes.accept(DriverHandle.text(failure));
        }
    }
}
