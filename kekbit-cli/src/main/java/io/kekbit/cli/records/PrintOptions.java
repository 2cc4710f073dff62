package io.kekbit.cli.records;

import picocli.CommandLine.Option;

/**
 * How to print records. To be mixed into commands.
 */
final class PrintOptions
{
    @Option(
        names = "--format",
        paramLabel = "FORMAT",
        defaultValue = "JSON",
        description = {
            "json: an object in a line for each record, with its position (the default).",
            "hex: offsets, bytes and ASCII. text: lines for people. raw: the bytes and nothing else."})
    private RecordFormat format;

    @Option(
        names = {"-C", "--context"},
        paramLabel = "N",
        defaultValue = "0",
        description = "Also print N records before and behind each that --where or --template chooses.")
    private int context;

    RecordFormat format()
    {
        return format;
    }

    int context()
    {
        return context;
    }
}
