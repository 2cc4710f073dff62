package io.kekbit.examples;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ExamplesTest
{
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine commandLine =
        Examples.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''|examples/run: Missing required subcommand",
        "no-such-example|examples/run: Unmatched argument at index 0: 'no-such-example'",
        "echo-in|examples/run echo-in: --root=DIR is missing",
        "echo-out|examples/run echo-out: --root=DIR is missing",
        "chat --root=x --me=1|examples/run chat: Missing required option: '--other=ID'",
        "chat --root=x --me=1 --other=x|examples/run chat: Invalid value for option '--other'",
        "request|examples/run request: Missing required option: '--root=DIR'",
        "reply|examples/run reply: Missing required option: '--root=DIR'",
        "child-process --records=0|examples/run child-process: --records=0 is not in 1..",
        "child-process --records=100000000|examples/run child-process: --records=100000000 is not in 1..",
        "child-process --readers=-1|examples/run child-process: --readers=-1 is not in 0..64",
        "shared-writer --threads=0|examples/run shared-writer: --threads=0 is not in 1..256",
        "shared-writer --records=0|examples/run shared-writer: --records=0 is not in 1..",
        "resume-after-kill --kills=0|examples/run resume-after-kill: --kills=0 is not in 1..50",
        "market-data --no-such-option|examples/run market-data: Unknown option: '--no-such-option'",
        "market-data --rate=0|examples/run market-data: Invalid value for option '--rate'",
        "market-data --rate=fast|examples/run market-data: Invalid value for option '--rate'",
        "market-data --rate=-5|examples/run market-data: Invalid value for option '--rate'",
        "market-data --repeat=0|examples/run market-data: --repeat=0 is less than 1",
        "market-data --repeat=x|examples/run market-data: Invalid value for option '--repeat'",
        "market-data --channel=x|examples/run market-data: Invalid value for option '--channel'",
        "market-data --channel=-1|examples/run market-data: Invalid value for option '--channel'",
        "market-data --channel=0x10000000000000000|examples/run market-data: Invalid value for option '--channel'",
        "market-data --input=no-such-file|examples/run market-data: --input=no-such-file is no file that can be read",
        "market-data --input=.|examples/run market-data: --input=. is no file that can be read",
        "market-data --series=a/b|examples/run market-data: --series=a/b is no name for a folder",
        "market-data --series=|examples/run market-data: --series= is no name for a folder",
        "replay --speed=0|examples/run replay: Invalid value for option '--speed'",
        "replay --speed=fast|examples/run replay: Invalid value for option '--speed'",
        "replay --input=no-such-file|examples/run replay: --input=no-such-file is no file that can be read",
        "replicate --rate=0|examples/run replicate: --rate=0 is neither a number from 1 to 999999999 nor max",
        "replicate --input=no-such-file|examples/run replicate: --input=no-such-file is no file that can be read",
        "replicate-source|examples/run replicate-source: Missing required options: '--root=DIR', '--aeron-dir=DIR'",
        "replicate-target --root=x --aeron-dir=x --source=x|examples/run replicate-target: Invalid value for option",
        "market-data-publisher|examples/run market-data-publisher: --root=DIR is missing",
        "market-data-subscriber|examples/run market-data-subscriber: --root=DIR is missing",
        "market-data-subscriber --root=x --wait=-1|examples/run market-data-subscriber: --wait=-1 is negative"})
    void shouldTellInOneLineWhenOptionsAreNotRight(final String args, final String message)
    {
        final int status = commandLine.execute(args.isEmpty() ? new String[0] : args.split(" "));

        assertEquals(2, status);
        assertTrue(err.toString().startsWith(message), err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertEquals("", out.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "echo-in",
        "echo-out",
        "chat",
        "request",
        "reply",
        "shared-writer",
        "resume-after-kill",
        "read-rust-channel",
        "child-process",
        "market-data",
        "market-data-publisher",
        "market-data-subscriber",
        "replay",
        "replicate",
        "replicate-source",
        "replicate-target"})
    void shouldExplainExitStatusWhenHelpIsAskedFor(final String name)
    {
        final int status = commandLine.execute(name, "--help");

        assertEquals(0, status);
        assertTrue(out.toString().startsWith("Usage: examples/run " + name + " "), out.toString());
        assertTrue(out.toString().contains("Exit status:"), out.toString());
    }

    @Test
    void shouldPrintWhatWasWrittenWhenHelloChannelIsRun()
    {
        final PrintStream standardOut = System.out;
        final ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true));
        try
        {
            assertEquals(0, commandLine.execute("hello-channel"), err.toString());
        }
        finally
        {
            System.setOut(standardOut);
        }

        assertEquals("Hello, channel!" + System.lineSeparator(), printed.toString());
    }
}
