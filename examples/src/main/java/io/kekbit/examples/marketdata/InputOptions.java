package io.kekbit.examples.marketdata;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is published and how fast.
 */
final class InputOptions
{
    private static final int MAX_RATE = 1_000_000_000;

    /**
     * The recording; null for the one that comes along.
     */
    @Option(
        names = "--input",
        paramLabel = "FILE",
        description = "Recording of Binance's spot streams, plain or gzip: lines of a time in ns and JSON. " +
            "Unless given, 100,000 trades of Bitstamp.")
    private Path input;

    @Option(
        names = "--rate",
        paramLabel = "N|max",
        defaultValue = "100000",
        converter = Rate.class,
        description = "Messages per second, or max; ${DEFAULT-VALUE} unless given.")
    private long rate;

    @Option(
        names = "--repeat",
        paramLabel = "N",
        defaultValue = "1",
        description = "How often the input is published; ${DEFAULT-VALUE} unless given.")
    private int repeat;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /**
     * Find what can be found wrong before any work is done.
     */
    void validate()
    {
        if (repeat < 1)
        {
            throw new ParameterException(command.commandLine(), "--repeat=" + repeat + " is less than 1");
        }
        if (input != null && !(Files.isRegularFile(input) && Files.isReadable(input)))
        {
            throw new ParameterException(command.commandLine(), "--input=" + input + " is no file that can be read");
        }
    }

    /**
     * Messages per second, or {@link Pacer#UNPACED}.
     */
    long rate()
    {
        return rate;
    }

    int repeat()
    {
        return repeat;
    }

    /**
     * Read all that is to be published.
     */
    MarketDataInput read() throws IOException
    {
        return input == null ? MarketDataInput.bitstamp() : MarketDataInput.binance(input);
    }

    /**
     * The same options for another process.
     */
    List<String> args()
    {
        final List<String> args = new ArrayList<>();
        args.add("--rate=" + (rate == Pacer.UNPACED ? Rate.MAX : Long.toString(rate)));
        args.add("--repeat=" + repeat);
        if (input != null)
        {
            args.add("--input=" + input);
        }

        return args;
    }

    /**
     * A number, or the word for no limit.
     */
    static final class Rate implements ITypeConverter<Long>
    {
        private static final String MAX = "max";

        @Override
        public Long convert(final String text)
        {
            if (text.equals(MAX))
            {
                return Pacer.UNPACED;
            }

            try
            {
                final long rate = Long.parseLong(text);
                if (rate >= 1 && rate <= MAX_RATE)
                {
                    return rate;
                }
            }
            catch (final NumberFormatException ex)
            {
                // Answered like a number out of range.
            }

            throw new TypeConversionException(
                "'" + text + "' is neither a number from 1 to " + MAX_RATE + " nor " + MAX);
        }
    }
}
