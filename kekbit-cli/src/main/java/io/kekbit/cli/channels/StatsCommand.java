package io.kekbit.cli.channels;

import io.kekbit.cli.support.ChannelArgument;
import io.kekbit.cli.support.Colors;
import io.kekbit.cli.support.ErrorPrinter;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.cli.support.JsonObject;
import io.kekbit.cli.support.JsonOption;
import io.kekbit.cli.support.Progress;
import io.kekbit.cli.support.SeriesTree;
import io.kekbit.cli.support.StreamTarget;
import io.kekbit.cli.support.Table;
import io.kekbit.cli.support.Units;
import io.kekbit.core.ChannelStatus;
import io.kekbit.core.ReaderState;
import io.kekbit.core.TerminalText;
import io.kekbit.core.TickUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Counts what is in a channel or series.
 */
@Command(
    name = "stats",
    description = {
        "Counts what is in a channel or series: records and bytes by template, their sizes, the rate over time, gaps " +
            "in the sequence numbers, heartbeats.",
        "Reads all records, up to where the channel is written when this starts. Rates and silences need time stamps " +
            "in the envelope, gaps need sequence numbers."},
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
        "0:everything was counted",
        "1:records that are suspect after a restart were left out",
        "2:the command line is not right",
        "3:there is no such channel, or the file is no channel",
        "4:the channel is damaged; what stands before the damage was counted",
        "5:a defect of this command; --debug shows where"},
    footer = {
        "%nExamples:",
        "  kekbit stats /dev/shm/channels trades",
        "  kekbit stats --json /dev/shm/channels trades | jq .templates"})
public final class StatsCommand implements Callable<Integer>
{
    private static final double[] FRACTIONS = {0, 0.5, 0.9, 0.99, 0.999, 1};
    private static final String[] FRACTION_NAMES = {"min", "p50", "p90", "p99", "p99.9", "max"};
    private static final int BAR_LENGTH = 40;
    private static final int LABEL_WIDTH = 12;

    @Mixin
    private ChannelArgument channel;

    @Mixin
    private JsonOption json;

    @Option(
        names = "--suspect",
        description = "Also count what the machine's restart may have damaged.")
    private boolean readsSuspect;

    @Spec
    private CommandSpec command;

    /**
     * Counts and prints.
     *
     * @return 0, 1 or 4.
     * @throws IOException where the file cannot be read.
     */
    @Override
    public Integer call() throws IOException
    {
        final StreamTarget target = channel.target();
        final Path file = target.lastFile();
        final List<Path> files = target.isSeries() ?
            SeriesTree.published(target.path()).stream().map(SeriesTree.Channel::file).toList() : List.of(file);
        final ChannelStatus status = ChannelStatus.of(file);
        final Statistics statistics;
        try (Progress progress = new Progress("stats", bytes(status, files)))
        {
            statistics = Statistics.of(files, readsSuspect, target.isSeries(), progress);
        }

        final PrintWriter out = command.commandLine().getOut();
        if (json.isJson())
        {
            out.println(json(status, statistics));
        }
        else
        {
            print(out, target, status, statistics);
        }

        return exitCode(target.path(), statistics);
    }

    /**
     * About how much there is to read.
     */
    private static long bytes(final ChannelStatus last, final List<Path> files)
    {
        return last.used() + (files.size() - 1L) * last.header().capacity();
    }

    private int exitCode(final Path file, final Statistics statistics)
    {
        final ReaderState state = statistics.endState();
        final PrintWriter err = command.commandLine().getErr();
        if (state == ReaderState.CORRUPT)
        {
            ErrorPrinter.print(err, "damaged at position " + statistics.end() +
                ", what stands behind it was not counted: file=" + file + ". kekbit verify says what is wrong");
            return ExitCodes.DAMAGED;
        }
        if (state == ReaderState.SUSPECT)
        {
            ErrorPrinter.print(err, "suspect from position " + statistics.end() +
                " on since the machine was restarted: file=" + file + ". --suspect counts the rest, too");
            return ExitCodes.FAILED;
        }

        return ExitCodes.OK;
    }

    private static void print(
        final PrintWriter out,
        final StreamTarget target,
        final ChannelStatus status,
        final Statistics statistics)
    {
        line(out, "records", Units.count(statistics.records()));
        line(out, "payload", Units.count(statistics.payloadBytes()) + " bytes");
        line(out, "heartbeats", Units.count(statistics.heartbeats()));
        line(out, "counted to", target.isSeries() ? "position " + statistics.end() :
            "position " + Units.count(statistics.end()) + " of " + Units.count(status.header().capacity()));
        printGaps(out, status, statistics);
        if (statistics.records() == 0)
        {
            return;
        }

        if (statistics.hasSchema())
        {
            out.println();
            printTemplates(out, statistics);
        }

        out.println();
        final Table sizes = new Table().text("SIZE");
        final List<String> cells = new ArrayList<>(List.of("bytes"));
        final int[] found = statistics.sizes(FRACTIONS);
        for (int i = 0; i < FRACTIONS.length; i++)
        {
            sizes.number(FRACTION_NAMES[i]);
            cells.add(Units.count(found[i]));
        }
        sizes.row(cells.toArray(new String[0]));
        sizes.print(out);

        if (!statistics.rate().isEmpty())
        {
            out.println();
            printRate(out, status.header().tickUnit(), statistics);
        }
    }

    private static void printTemplates(final PrintWriter out, final Statistics statistics)
    {
        final Table templates = new Table().text("MESSAGE").number("TEMPLATE").number("COUNT").number("BYTES");
        statistics.templates().forEach((key, template) -> templates.row(
            key.id() == Statistics.FOREIGN ? "(of no or another schema)" :
                key.name() == null ? "(unknown)" : TerminalText.escape(key.name()),
            key.id() == Statistics.FOREIGN ? "-" : Integer.toString(key.id()),
            Units.count(template.count()),
            Units.count(template.bytes())));
        templates.print(out);
    }

    private static void printGaps(final PrintWriter out, final ChannelStatus status, final Statistics statistics)
    {
        final Colors colors = Colors.out();
        if (!InfoJson.envelope(status.extension()).contains("sequence"))
        {
            line(out, "gaps", "not known: no sequence numbers");
            return;
        }
        line(out, "gaps", statistics.gapCount() == 0 ?
            "none" : colors.alarm(Units.count(statistics.gapCount())));
        for (final Statistics.Gap gap : statistics.gaps())
        {
            line(out, "", "at position " + Units.count(gap.position()) + ": " +
                Long.toUnsignedString(gap.expected()) + " should come, " + Long.toUnsignedString(gap.actual()) +
                " came");
        }
    }

    private static void printRate(final PrintWriter out, final TickUnit unit, final Statistics statistics)
    {
        final RateHistogram rate = statistics.rate();
        final long spanNs = unit.toNanos(rate.lastTicks() - rate.firstTicks());
        line(out, "from", Units.instant(unit.toInstant(rate.firstTicks())));
        line(out, "to", Units.instant(unit.toInstant(rate.lastTicks())) + ", " + Units.duration(spanNs));
        if (spanNs > 0)
        {
            final double seconds = (double)spanNs / TimeUnit.SECONDS.toNanos(1);
            line(out, "on average", Units.rate(statistics.records() / seconds) + " records/s, " +
                Units.bytes(statistics.payloadBytes() / seconds) + "/s");
        }
        line(out, "silence", statistics.longestSilence() == 0 ? "none" :
            Units.duration(unit.toNanos(statistics.longestSilence())) + " at the most, before position " +
                Units.count(statistics.longestSilenceAt()));
        if (statistics.timesThatStepBack() > 0)
        {
            line(out, "clock", Colors.out().warning(
                "stepped back before " + Units.count(statistics.timesThatStepBack()) + " records"));
        }

        out.println();
        long most = 1;
        for (int i = 0; i < rate.intervals(); i++)
        {
            most = Math.max(most, rate.records(i));
        }
        final double widthSeconds = (double)unit.toNanos(rate.width()) / TimeUnit.SECONDS.toNanos(1);
        final Table table = new Table()
            .text("FROM").number("RECORDS").number("RECORDS/S").number("BYTES/S").text("");
        for (int i = 0; i < rate.intervals(); i++)
        {
            table.row(
                Units.instant(unit.toInstant(rate.firstTicks() + i * rate.width())),
                Units.count(rate.records(i)),
                Units.rate(rate.records(i) / widthSeconds),
                Units.bytes(rate.bytes(i) / widthSeconds),
                "#".repeat((int)(rate.records(i) * BAR_LENGTH / most)));
        }
        table.print(out);
    }

    private static JsonObject json(final ChannelStatus status, final Statistics statistics)
    {
        final List<JsonObject> templates = new ArrayList<>();
        statistics.templates().forEach((key, template) ->
        {
            final JsonObject object = new JsonObject().text("message", key.name());
            templates.add((key.id() == Statistics.FOREIGN ?
                object.text("template", null) : object.number("template", key.id()))
                .number("count", template.count())
                .number("bytes", template.bytes()));
        });
        final JsonObject sizes = new JsonObject();
        final int[] found = statistics.sizes(FRACTIONS);
        for (int i = 0; i < found.length; i++)
        {
            sizes.number(FRACTION_NAMES[i], found[i]);
        }
        final List<JsonObject> gaps = statistics.gaps().stream()
            .map((gap) -> new JsonObject()
                .number("position", gap.position())
                .unsigned("expected", gap.expected())
                .unsigned("actual", gap.actual()))
            .toList();

        return new JsonObject()
            .text("file", status.file().toString())
            .number("records", statistics.records())
            .number("payloadBytes", statistics.payloadBytes())
            .number("heartbeats", statistics.heartbeats())
            .number("end", statistics.end())
            .text("endState", statistics.endState().name().toLowerCase(Locale.ROOT))
            .objects("templates", templates)
            .object("sizes", found.length == 0 ? null : sizes)
            .number("gapCount", statistics.gapCount())
            .objects("gaps", gaps)
            .object("rate", statistics.rate().isEmpty() ? null : rate(status.header().tickUnit(), statistics));
    }

    private static JsonObject rate(final TickUnit unit, final Statistics statistics)
    {
        final RateHistogram rate = statistics.rate();
        final List<JsonObject> intervals = new ArrayList<>();
        for (int i = 0; i < rate.intervals(); i++)
        {
            intervals.add(new JsonObject()
                .text("from", StatusJson.time(rate.firstTicks() + i * rate.width(), unit))
                .number("records", rate.records(i))
                .number("bytes", rate.bytes(i)));
        }

        return new JsonObject()
            .text("first", StatusJson.time(rate.firstTicks(), unit))
            .text("last", StatusJson.time(rate.lastTicks(), unit))
            .number("longestSilenceNs", unit.toNanos(statistics.longestSilence()))
            .number("longestSilenceBefore", statistics.longestSilenceAt())
            .number("timesThatStepBack", statistics.timesThatStepBack())
            .number("intervalNs", unit.toNanos(rate.width()))
            .objects("intervals", intervals);
    }

    private static void line(final PrintWriter out, final String name, final String value)
    {
        out.println(Colors.out().faint(name) + " ".repeat(LABEL_WIDTH - name.length()) + value);
    }
}
