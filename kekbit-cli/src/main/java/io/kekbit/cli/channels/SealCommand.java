package io.kekbit.cli.channels;

import io.kekbit.cli.support.CliException;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.cli.support.JsonObject;
import io.kekbit.cli.support.JsonOption;
import io.kekbit.cli.support.SeriesArgument;
import io.kekbit.cli.support.SeriesTree;
import io.kekbit.cli.support.StreamTarget;
import io.kekbit.cli.support.Units;
import io.kekbit.core.ChannelState;
import io.kekbit.core.ChannelStatus;
import io.kekbit.core.SeriesLock;
import io.kekbit.core.series.Seal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * Makes a series one that stays as it is.
 */
@Command(
    name = "seal",
    description = {
        "Seals a closed series, to be kept as it is: verifies all of its channels, makes their files read-only, and " +
            "writes a SHA-256 for each to SHA256SUMS in the folder of the series.",
        "It refuses while somebody writes the series, where its writer did not close it, and where anything is wrong " +
            "with it. kekbit verify compares a sealed series with its manifest, and so does sha256sum -c SHA256SUMS " +
            "in that folder."},
    footer = {
        "%nExamples:",
        "  kekbit seal /data/channels ticks-2026-11",
        "  kekbit seal --json /data/channels/ticks-2026-11"})
public final class SealCommand implements Callable<Integer>
{
    @Mixin
    private SeriesArgument argument;

    @Mixin
    private JsonOption json;

    @Spec
    private CommandSpec command;

    /**
     * Seals the series.
     *
     * @return 0.
     * @throws IOException where a file cannot be read or written.
     */
    @Override
    public Integer call() throws IOException
    {
        final StreamTarget series = argument.target();
        if (Seal.isOn(series.path()))
        {
            throw new CliException(
                ExitCodes.FAILED, "sealed already: " + series.path() + ". kekbit verify compares it with its manifest");
        }

        final Map<Path, String> sums = new LinkedHashMap<>();
        long bytes = 0;
        // Nobody opens it for writing meanwhile.
        final SeriesLock lock = SeriesLock.acquire(series.root(), series.path());
        try
        {
            final List<SeriesTree.Channel> channels = SeriesTree.channels(series.path());
            requireClosed(series, channels);
            final SeriesVerification found = SeriesVerification.of(series);
            if (!found.isSound())
            {
                throw new CliException(
                    found.exitCode(), found.faultCount() + " faults, so it was not sealed: " + series.path() +
                        ". kekbit verify tells them");
            }
            for (final SeriesTree.Channel one : channels)
            {
                makeReadOnly(one.file());
                Manifest.force(one.file());
                sums.put(one.file(), Manifest.sum(one.file()));
                bytes += one.length();
            }
            Manifest.write(series.path(), sums);
            makeReadOnly(Seal.manifest(series.path()));
        }
        finally
        {
            lock.close();
        }

        command.commandLine().getOut().println(json.isJson() ?
            new JsonObject()
                .text("series", series.name())
                .text("manifest", Seal.manifest(series.path()).toString())
                .number("channels", sums.size())
                .number("bytes", bytes) :
            "sealed " + Units.count(sums.size()) + (sums.size() == 1 ? " channel" : " channels") + " of " +
                Units.bytes(bytes) + ": " + Seal.manifest(series.path()));

        return ExitCodes.OK;
    }

    private static void requireClosed(final StreamTarget series, final List<SeriesTree.Channel> channels)
    {
        for (final SeriesTree.Channel one : channels)
        {
            if (!one.isPublished())
            {
                throw new CliException(
                    ExitCodes.FAILED, "a writer that died left a channel that was not used yet: " + one.file() +
                        ". Open the series for writing and close it, then seal it");
            }
            final ChannelState state = ChannelStatus.of(one.file()).state();
            if (state != ChannelState.CLOSED)
            {
                throw new CliException(
                    ExitCodes.FAILED, "not closed, but " + States.name(state) + ": " + one.file() +
                        ". Open the series " + series.name() + " for writing and close it, then seal it");
            }
        }
    }

    private static void makeReadOnly(final Path file) throws IOException
    {
        final Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        permissions.removeAll(Set.of(
            PosixFilePermission.OWNER_WRITE, PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE));
        Files.setPosixFilePermissions(file, permissions);
    }
}
