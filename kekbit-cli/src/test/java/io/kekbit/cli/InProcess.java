package io.kekbit.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * What the command answered that ran in this JVM: for cases that are too many for a process each.
 *
 * @param status it would end with.
 * @param out    what it printed.
 * @param err    what it printed to standard error.
 */
record InProcess(int status, String out, String err)
{
    static InProcess run(final String... args)
    {
        final StringWriter out = new StringWriter();
        final StringWriter err = new StringWriter();
        final int status =
            Kekbit.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(args);

        return new InProcess(status, out.toString(), err.toString());
    }
}
