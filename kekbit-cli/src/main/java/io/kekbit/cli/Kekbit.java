package io.kekbit.cli;

import io.kekbit.cli.aeron.RecordCommand;
import io.kekbit.cli.aeron.ReplicateCommand;
import io.kekbit.cli.channels.CloseCommand;
import io.kekbit.cli.channels.InfoCommand;
import io.kekbit.cli.channels.ListCommand;
import io.kekbit.cli.channels.PruneCommand;
import io.kekbit.cli.channels.SchemaCommand;
import io.kekbit.cli.channels.SealCommand;
import io.kekbit.cli.channels.StatsCommand;
import io.kekbit.cli.channels.VerifyCommand;
import io.kekbit.cli.demo.DemoCommand;
import io.kekbit.cli.demo.DemoDiskCommand;
import io.kekbit.cli.demo.DemoWriterCommand;
import io.kekbit.cli.doctor.DoctorCommand;
import io.kekbit.cli.records.CatCommand;
import io.kekbit.cli.records.ExportCommand;
import io.kekbit.cli.records.ReplayCommand;
import io.kekbit.cli.records.TailCommand;
import io.kekbit.cli.support.Colors;
import io.kekbit.cli.support.ErrorPrinter;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.cli.support.StandardOutput;
import io.kekbit.cli.support.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * The {@code kekbit} command. A verb is one more class in the list of subcommands.
 */
@Command(
    name = "kekbit",
    description = "Looks into channels and series. Works on those that are being written, and never disturbs a writer.",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = Kekbit.Version.class,
    subcommands = {
        ListCommand.class,
        InfoCommand.class,
        SchemaCommand.class,
        CatCommand.class,
        TailCommand.class,
        StatsCommand.class,
        VerifyCommand.class,
        ExportCommand.class,
        ReplayCommand.class,
        RecordCommand.class,
        ReplicateCommand.class,
        CloseCommand.class,
        PruneCommand.class,
        SealCommand.class,
        DoctorCommand.class,
        DemoCommand.class,
        DemoWriterCommand.class,
        DemoDiskCommand.class,
        HelpCommand.class},
    footer = {
        "%nExamples:",
        "  kekbit list /dev/shm/channels             what is there",
        "  kekbit tail -f /dev/shm/channels trades   the last records of the channel labelled trades, and new ones",
        "  kekbit help cat                           what a command can do"})
public final class Kekbit implements Runnable
{
    @Option(
        names = {"-h", "--help"},
        usageHelp = true,
        scope = ScopeType.INHERIT,
        description = "Explain this, and do nothing else.")
    private boolean isHelpRequested;

    @Option(
        names = "--debug",
        scope = ScopeType.INHERIT,
        description = "Where something goes wrong, show the stack trace.")
    private boolean isDebugging;

    @Option(
        names = {"-V", "--version"},
        versionHelp = true,
        description = "Print the version, and do nothing else.")
    private boolean isVersionRequested;

    @Spec
    private CommandSpec command;

    private Kekbit()
    {
    }

    /**
     * Runs a command and ends the JVM with its status, which is one of {@link ExitCodes}.
     *
     * @param args the command line.
     */
    public static void main(final String... args)
    {
        // UTF-8 whatever the locale says: what a program reads must not depend on it.
        final StandardOutput standard = new StandardOutput();
        final PrintWriter out = writer(standard);
        final PrintWriter err = writer(new FileOutputStream(FileDescriptor.err));
        final CommandLine commandLine = commandLine().setOut(out).setErr(err);
        int status = run(commandLine, args);
        out.flush();
        try
        {
            standard.requireWritten();
        }
        catch (final IOException ex)
        {
            status = ErrorPrinter.failure(ex, commandLine, commandLine.getParseResult());
        }
        err.flush();
        System.exit(status);
    }

    private static int run(final CommandLine commandLine, final String... args)
    {
        try
        {
            return commandLine.execute(args);
        }
        catch (final Error ex)
        {
            // picocli handles exceptions only.
            return ErrorPrinter.failure(ex, commandLine, commandLine.getParseResult());
        }
    }

    private static PrintWriter writer(final OutputStream stream)
    {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), false);
    }

    /**
     * All commands, set up so that what goes wrong is told in one line.
     *
     * @return the command line, ready to execute.
     */
    static CommandLine commandLine()
    {
        final CommandLine commandLine = new CommandLine(new Kekbit());
        prepare(commandLine);

        return commandLine
            .setColorScheme(Help.defaultColorScheme(Colors.out().areOn() ? Ansi.ON : Ansi.OFF))
            .setUsageHelpWidth(Terminal.width())
            // A label may begin with @, and is no name of a file with arguments.
            .setExpandAtFiles(false)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setParameterExceptionHandler((ex, args) -> ErrorPrinter.usage(ex))
            .setExecutionExceptionHandler(ErrorPrinter::failure);
    }

    /**
     * A verb is missing.
     */
    @Override
    public void run()
    {
        throw new ParameterException(command.commandLine(), "a command is missing");
    }

    private static void prepare(final CommandLine commandLine)
    {
        final UsageMessageSpec usage = commandLine.getCommandSpec().usageMessage();
        usage.sortOptions(false);
        usage.exitCodeListHeading("%nExit status:%n");
        if (usage.exitCodeList().isEmpty())
        {
            usage.exitCodeList(ExitCodes.table());
        }
        commandLine.getSubcommands().values().forEach(Kekbit::prepare);
    }

    /**
     * Which version this is, and what it runs on.
     */
    static final class Version implements IVersionProvider
    {
        @Override
        public String[] getVersion()
        {
            final String version = Kekbit.class.getPackage().getImplementationVersion();

            return new String[]{
                "kekbit " + (version == null ? "from its classes" : version) + ", Java " +
                    System.getProperty("java.version") + ", " + System.getProperty("os.name") + " " +
                    System.getProperty("os.arch")};
        }
    }
}
