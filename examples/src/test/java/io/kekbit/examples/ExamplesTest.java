package io.kekbit.examples;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        "no-such-example|examples/run: Unmatched argument at index 0: 'no-such-example'"})
    void shouldTellInOneLineWhenOptionsAreNotRight(final String args, final String message)
    {
        final int status = commandLine.execute(args.isEmpty() ? new String[0] : args.split(" "));

        assertEquals(2, status);
        assertTrue(err.toString().startsWith(message), err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertEquals("", out.toString());
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
