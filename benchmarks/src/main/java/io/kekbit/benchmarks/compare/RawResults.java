package io.kekbit.benchmarks.compare;

import io.kekbit.benchmarks.Result;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The results of all forks as files, from which a report is made, now or by somebody else later:
 * {@code raw/SECTION/TABLE/MEASUREMENT.ROUND.result} with its histograms beside it, {@code .failed} instead of
 * {@code .result} when it failed, {@code .threads} beside that when it hung, {@code raw/run.txt} for what was run and
 * {@code raw/machine.txt} for where.
 */
public final class RawResults
{
    private static final String RAW = "raw";
    private static final String SEPARATOR = ": ";

    private final Path folder;

    /**
     * Those in a folder.
     *
     * @param output the folder of a report.
     */
    public RawResults(final Path output)
    {
        folder = output.resolve(RAW);
    }

    /**
     * Where a fork writes its result.
     *
     * @param section     that is measured.
     * @param table       that is measured.
     * @param measurement that is run.
     * @param round       from 1.
     * @return a file in a folder that exists.
     */
    public Path file(final Section section, final Table table, final Measurement measurement, final int round)
    {
        final Path file = path(section, table, measurement, round);
        try
        {
            Files.createDirectories(file.getParent());
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }

        return file;
    }

    /**
     * What a fork found.
     *
     * @param section     that was measured.
     * @param table       that was measured.
     * @param measurement that was run.
     * @param round       from 1.
     * @return the result, or null when there is none.
     */
    public Result result(final Section section, final Table table, final Measurement measurement, final int round)
    {
        final Path file = path(section, table, measurement, round);

        return Files.exists(file) ? Result.read(file) : null;
    }

    /**
     * Note that a fork failed.
     *
     * @param result file that it should have written.
     * @param how    it failed.
     */
    public void fail(final Path result, final String how)
    {
        try
        {
            Files.deleteIfExists(result);
            Files.writeString(failed(result), how + "\n");
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /**
     * How a fork failed.
     *
     * @param section     that was measured.
     * @param table       that was measured.
     * @param measurement that was run.
     * @param round       from 1.
     * @return the message, or null when it did not fail.
     */
    public String failure(final Section section, final Table table, final Measurement measurement, final int round)
    {
        final Path file = failed(path(section, table, measurement, round));
        try
        {
            return Files.exists(file) ? Files.readString(file).strip() : null;
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /**
     * Keep what was run, or where, in lines.
     *
     * @param name  of the file.
     * @param facts in their order.
     */
    public void keep(final String name, final Map<String, String> facts)
    {
        final StringBuilder lines = new StringBuilder();
        facts.forEach((key, value) -> lines.append(key).append(SEPARATOR).append(value).append('\n'));
        try
        {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(name), lines);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /**
     * What was kept.
     *
     * @param name of the file.
     * @return the facts in their order.
     */
    public Map<String, String> kept(final String name)
    {
        final Map<String, String> facts = new LinkedHashMap<>();
        try
        {
            for (final String line : Files.readAllLines(folder.resolve(name)))
            {
                final int end = line.indexOf(SEPARATOR);
                facts.put(line.substring(0, end), line.substring(end + SEPARATOR.length()));
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException("no raw results of a comparison: folder=" + folder, ex);
        }

        return facts;
    }

    private Path path(final Section section, final Table table, final Measurement measurement, final int round)
    {
        final String name = measurement.key() + "." + round + ".result";

        return folder.resolve(section.id()).resolve(table.id()).resolve(name);
    }

    private static Path failed(final Path result)
    {
        final String name = result.getFileName().toString();

        return result.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ".failed");
    }
}
