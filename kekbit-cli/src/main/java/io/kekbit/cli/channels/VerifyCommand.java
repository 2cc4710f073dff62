package io.kekbit.cli.channels;

import io.kekbit.cli.support.ChannelArgument;
import io.kekbit.cli.support.Colors;
import io.kekbit.cli.support.JsonObject;
import io.kekbit.cli.support.JsonOption;
import io.kekbit.cli.support.Progress;
import io.kekbit.cli.support.StreamTarget;
import io.kekbit.cli.support.Units;
import io.kekbit.core.ChannelFault;
import io.kekbit.core.ChannelVerifier;
import io.kekbit.core.TerminalText;
import io.kekbit.core.Verification;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Walks over everything in a channel or series and says what is wrong.
 */
@Command(
    name = "verify",
    description = {
        "Reads every byte of a channel's records and checks: every length word, every checksum in the envelopes, " +
            "that no sequence number is missing, that the durable position is a place where one can be.",
        "Where something is wrong, the first wrong byte of the file is told. Notes are about what readers do not go " +
            "by, such as a damaged index entry, and are no faults.",
        "Of a series every channel is verified, and that each begins where the one before it ended; where it is " +
            "sealed, that all are what they were then."},
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
        "0:nothing is wrong",
        "1:sequence numbers or channels are missing, or the durable position is wrong",
        "2:the command line is not right",
        "3:there is no such channel, or the file is no channel",
        "4:the channel is damaged, or what was sealed is not what it was",
        "5:a defect of this command; --debug shows where"},
    footer = {
        "%nExamples:",
        "  kekbit verify /dev/shm/channels trades",
        "  kekbit verify /data/channels/ticks                        a series",
        "  kekbit verify --json /dev/shm/channels trades | jq .faults[0].fileOffset"})
public final class VerifyCommand implements Callable<Integer>
{
    private static final int DEFAULT_FAULTS_SHOWN = 10;

    /**
     * Below so many bytes a rate is about starting the JVM, and about nothing else.
     */
    private static final int LEAST_TO_RATE = 64 << 20;

    @Mixin
    private ChannelArgument channel;

    @Mixin
    private JsonOption json;

    @Option(
        names = "--faults",
        paramLabel = "N",
        description = "Show the first N faults; ${DEFAULT-VALUE} unless given, at most 100.",
        defaultValue = "" + DEFAULT_FAULTS_SHOWN)
    private int faultsShown;

    @Spec
    private CommandSpec command;

    /**
     * Verifies the channel.
     *
     * @return 0, 1 or 4.
     * @throws IOException where the channel cannot be looked for.
     */
    @Override
    public Integer call() throws IOException
    {
        final StreamTarget target = channel.target();
        if (target.isSeries())
        {
            return verify(target);
        }
        final Path file = target.path();
        final long startNs = System.nanoTime();
        final Verification found;
        final Bar bar = new Bar();
        try
        {
            found = ChannelVerifier.verify(file, bar::at);
        }
        finally
        {
            bar.close();
        }
        final long tookNs = Math.max(1, System.nanoTime() - startNs);

        final PrintWriter out = command.commandLine().getOut();
        if (json.isJson())
        {
            out.println(json(found).number("tookNs", tookNs));
        }
        else
        {
            print(out, found, tookNs);
        }

        return SeriesVerification.exitCode(found);
    }

    private int verify(final StreamTarget series) throws IOException
    {
        final long startNs = System.nanoTime();
        final SeriesVerification found = SeriesVerification.of(series);
        final long tookNs = Math.max(1, System.nanoTime() - startNs);
        final PrintWriter out = command.commandLine().getOut();
        if (json.isJson())
        {
            out.println(new JsonObject()
                .text("series", series.name())
                .bool("isSound", found.isSound())
                .bool("isSealed", found.isSealed())
                .number("faultCount", found.faultCount())
                .texts("faults", found.faults())
                .objects("channels", found.channels().stream().map(VerifyCommand::json).toList())
                .number("tookNs", tookNs));
        }
        else
        {
            print(out, found, tookNs);
        }

        return found.exitCode();
    }

    private void print(final PrintWriter out, final SeriesVerification found, final long tookNs)
    {
        final Colors colors = Colors.out();
        long records = 0;
        long bytes = 0;
        for (final Verification one : found.channels())
        {
            records += one.records();
            bytes += one.contentBytes();
            if (!one.isSound() || !one.notes().isEmpty() || one.suspectFrom().isPresent())
            {
                out.println(colors.heading(one.file().toString()));
                printFindings(out, one);
            }
        }
        for (final String fault : found.faults())
        {
            out.println(colors.alarm("fault") + ": " + TerminalText.escape(fault));
        }
        out.println(Units.count(records) + " records of " + Units.bytes(bytes) + " in " +
            Units.count(found.channels().size()) + " channels" +
            (found.isSealed() ? ", compared with the manifest" : ""));
        out.println("took " + Units.duration(tookNs));
        printVerdict(out, found.faultCount());
    }

    private void printFindings(final PrintWriter out, final Verification found)
    {
        final Colors colors = Colors.out();
        final List<ChannelFault> faults = found.faults();
        for (final ChannelFault fault : faults.subList(0, Math.max(0, Math.min(faultsShown, faults.size()))))
        {
            out.println(colors.alarm("fault") + " at byte " + Units.count(fault.fileOffset()) +
                " of the file (position " + Units.count(fault.position()) + "): " +
                TerminalText.escape(fault.description()));
        }
        if (found.faultCount() > faultsShown)
        {
            out.println("and " + Units.count(found.faultCount() - Math.max(0, faultsShown)) + " more faults");
        }
        found.notes().forEach((note) -> out.println(colors.warning("note") + ": " + TerminalText.escape(note)));
        if (found.suspectFrom().isPresent())
        {
            out.println(colors.warning("note") + ": the machine was restarted; nothing vouches for what stands from " +
                "position " + Units.count(found.suspectFrom().getAsLong()) + " on");
        }
    }

    private void print(final PrintWriter out, final Verification found, final long tookNs)
    {
        printFindings(out, found);
        out.println(Units.count(found.records()) + " records of " + Units.bytes(found.contentBytes()) + ", " +
            Units.count(found.heartbeats()) + " heartbeats, up to position " + Units.count(found.end()) + ", " +
            found.endState().name().toLowerCase(Locale.ROOT) + " there");
        final double seconds = (double)tookNs / TimeUnit.SECONDS.toNanos(1);
        out.println("took " + Units.duration(tookNs) + (found.header().capacity() < LEAST_TO_RATE ?
            "" : ", " + Units.bytes(found.header().capacity() / seconds) + "/s"));
        printVerdict(out, found.faultCount());
    }

    private static void printVerdict(final PrintWriter out, final long faultCount)
    {
        final Colors colors = Colors.out();
        out.println(faultCount == 0 ? colors.good("sound") :
            colors.alarm(Units.count(faultCount) + (faultCount == 1 ? " fault" : " faults")));
    }

    private static JsonObject json(final Verification found)
    {
        return new JsonObject()
            .text("file", found.file().toString())
            .bool("isSound", found.isSound())
            .number("records", found.records())
            .number("heartbeats", found.heartbeats())
            .number("contentBytes", found.contentBytes())
            .number("end", found.end())
            .text("endState", found.endState().name().toLowerCase(Locale.ROOT))
            .number("suspectFrom", found.suspectFrom())
            .number("faultCount", found.faultCount())
            .objects("faults", found.faults().stream().map(VerifyCommand::json).toList())
            .texts("notes", found.notes());
    }

    private static JsonObject json(final ChannelFault fault)
    {
        return new JsonObject()
            .text("kind", fault.kind().name().toLowerCase(Locale.ROOT))
            .number("position", fault.position())
            .number("fileOffset", fault.fileOffset())
            .text("description", fault.description());
    }

    /**
     * The bar, whose length is known at the first call only.
     */
    private static final class Bar
    {
        private Progress progress;

        private void at(final long done, final long total)
        {
            if (progress == null)
            {
                progress = new Progress("verify", total);
            }
            progress.at(done);
        }

        private void close()
        {
            if (progress != null)
            {
                progress.close();
            }
        }
    }
}
