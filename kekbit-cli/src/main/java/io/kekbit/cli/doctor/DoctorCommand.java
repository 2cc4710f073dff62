package io.kekbit.cli.doctor;

import io.kekbit.cli.support.Colors;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.cli.support.JsonObject;
import io.kekbit.cli.support.JsonOption;
import io.kekbit.core.TerminalText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/**
 * Looks whether this machine and a root folder are fit for channels.
 */
@Command(
    name = "doctor",
    description = {
        "Looks whether this machine and a root folder are fit for channels: Java and its flag, processors, clock, " +
            "permissions, file system, free space, memory.",
        "One line for each, with what to do where it is not as it should be. Changes nothing."},
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
        "0:no problem was found; there may be warnings",
        "1:there is a problem",
        "2:the command line is not right",
        "5:a defect of this command; --debug shows where"},
    footer = {
        "%nExamples:",
        "  kekbit doctor",
        "  kekbit doctor /var/lib/channels",
        "  kekbit doctor --json /dev/shm/channels | jq -r 'select(.verdict != \"ok\").advice'"})
public final class DoctorCommand implements Callable<Integer>
{
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final int VERDICT_WIDTH = 9;
    private static final int NAME_WIDTH = 13;

    @Mixin
    private JsonOption json;

    @Parameters(
        arity = "0..1",
        paramLabel = "ROOT",
        description = "The folder that the channels' folders lie in, or will; /dev/shm unless given.")
    private Path root;

    @Spec
    private CommandSpec command;

    /**
     * Looks and prints.
     *
     * @return 0, or 1 where there is a problem.
     * @throws IOException where nothing can be found out about the root.
     */
    @Override
    public Integer call() throws IOException
    {
        final List<Check> checks = new ArrayList<>(HostChecks.run());
        checks.addAll(RootChecks.run(root == null ? defaultRoot() : root));
        final PrintWriter out = command.commandLine().getOut();
        for (final Check check : checks)
        {
            if (json.isJson())
            {
                out.println(new JsonObject()
                    .text("check", check.name())
                    .text("verdict", check.verdict().name().toLowerCase(Locale.ROOT))
                    .text("finding", check.finding())
                    .text("advice", check.advice().isEmpty() ? null : check.advice()));
            }
            else
            {
                print(out, check);
            }
        }

        return checks.stream().anyMatch((check) -> check.verdict() == Check.Verdict.PROBLEM) ?
            ExitCodes.FAILED : ExitCodes.OK;
    }

    private static Path defaultRoot()
    {
        return Files.isDirectory(SHARED_MEMORY) ? SHARED_MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
    }

    private static void print(final PrintWriter out, final Check check)
    {
        final Colors colors = Colors.out();
        final String verdict = check.verdict().name().toLowerCase(Locale.ROOT);
        final String coloured = switch (check.verdict())
        {
            case OK -> colors.good(verdict);
            case WARNING -> colors.warning(verdict);
            case PROBLEM -> colors.alarm(verdict);
        };
        out.println(coloured + " ".repeat(VERDICT_WIDTH - verdict.length()) + check.name() +
            " ".repeat(NAME_WIDTH - check.name().length()) + TerminalText.escape(check.finding()) +
            (check.advice().isEmpty() ? "" : ". What to do: " + TerminalText.escape(check.advice())));
    }
}
