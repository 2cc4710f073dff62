package io.kekbit.cli.support;

import picocli.CommandLine.Option;

/**
 * Whether a program reads what a command prints. To be mixed into commands that print for people otherwise.
 */
public final class JsonOption
{
    @Option(names = "--json", description = "Print JSON, for programs.")
    private boolean isJson;

    /**
     * Whether JSON was asked for.
     *
     * @return true if it was.
     */
    public boolean isJson()
    {
        return isJson;
    }
}
