package io.kekbit.benchmarks;

import io.kekbit.benchmarks.compare.Folders;
import io.kekbit.benchmarks.compare.JvmFlags;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/**
 * Runs the soak, with the flags that all measurements have, and shows what it prints.
 */
@Command(
    name = "soak",
    description = "Writes and reads for an hour, or --minutes N, and counts stalls. Other options are the soak's own.")
final class SoakRun implements Callable<Integer>
{
    @Option(
        names = "--folder",
        paramLabel = "DIR",
        defaultValue = "/dev/shm",
        description = "Where a folder for the channels is made: ${DEFAULT-VALUE}.")
    private Path base;

    @Option(names = "--result", paramLabel = "FILE", description = "Takes the figures and histograms.")
    private Path result;

    @Unmatched
    private List<String> others = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException
    {
        try
        {
            final Path file = result != null ? result :
                Files.createDirectories(Path.of(System.getProperty("benchmarks.target", "target"), "soak"))
                    .resolve(LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmmss")) + ".result");
            final Path folder = Folders.create(base);
            final List<String> command = JvmFlags.command(false);
            command.addAll(List.of(Benchmarks.class.getName(), "measure", "soak", "--subject", "kekbit"));
            command.addAll(List.of("--folder", folder.toString(), "--result", file.toString()));
            command.addAll(others);
            final int status = Foreground.run(command, folder);
            if (Files.exists(file))
            {
                show(file);
            }

            return status;
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private void show(final Path file)
    {
        final PrintWriter out = spec.commandLine().getOut();
        Result.read(file).figures().forEach(
            (name, number) -> out.printf(Locale.ROOT, "%-30s %,18.3f%n", name, number));
        out.println("result: " + file);
    }
}
