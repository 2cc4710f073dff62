package io.kekbit.cli.aeron;

import io.kekbit.aeron.replication.ReplicationBuilder;
import io.kekbit.cli.support.Amounts;
import io.kekbit.cli.support.CliException;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.core.TerminalText;
import picocli.CommandLine.TypeConversionException;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;

/**
 * A configuration file of {@code kekbit replicate}: lines of {@code key=value}, as {@link Properties} reads them.
 */
final class ReplicationConfig
{
    private final Path file;
    private final Properties properties;
    private final List<String> keys;

    private ReplicationConfig(final Path file, final Properties properties, final List<String> keys)
    {
        this.file = file;
        this.properties = properties;
        this.keys = keys;
    }

    /**
     * Read a file.
     *
     * @param file to read, in UTF-8.
     * @param keys that there may be.
     * @return what it says.
     * @throws CliException where there is a key that is not known.
     * @throws IOException  where it cannot be read.
     */
    static ReplicationConfig read(final Path file, final List<String> keys) throws IOException
    {
        final Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8))
        {
            properties.load(in);
        }
        catch (final IllegalArgumentException ex)
        {
            throw new CliException(ExitCodes.USAGE, "no configuration: file=" + file + ", " + ex.getMessage());
        }
        final ReplicationConfig config = new ReplicationConfig(file, properties, keys);
        for (final String key : new TreeSet<>(properties.stringPropertyNames()))
        {
            if (!keys.contains(key))
            {
                throw config.wrong("unknown key " + TerminalText.escape(key));
            }
        }

        return config;
    }

    boolean has(final String key)
    {
        return properties.containsKey(key);
    }

    /**
     * What has to be said.
     */
    String text(final String key)
    {
        final String value = text(key, "");
        if (value.isEmpty())
        {
            throw wrong(key + " is missing");
        }

        return value;
    }

    String text(final String key, final String otherwise)
    {
        return properties.getProperty(key, otherwise).strip();
    }

    /**
     * The URI of a channel of Aeron's.
     */
    String uri(final String key)
    {
        final String value = text(key);
        AeronHost.requireUri(key, value);

        return value;
    }

    Path folder(final String key)
    {
        return Path.of(text(key));
    }

    /**
     * Values with commas between; none where the key is not there.
     */
    List<String> list(final String key)
    {
        return Arrays.stream(text(key, "").split(",")).map(String::strip).filter((one) -> !one.isEmpty()).toList();
    }

    int integer(final String key, final int otherwise)
    {
        try
        {
            return Integer.parseInt(text(key, Integer.toString(otherwise)));
        }
        catch (final NumberFormatException ex)
        {
            throw wrong(key + "=" + TerminalText.escape(text(key)) + " is no number");
        }
    }

    boolean flag(final String key)
    {
        return switch (text(key, "false"))
        {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(key + "=" + TerminalText.escape(text(key)) + " is neither true nor false");
        };
    }

    Duration duration(final String key, final Duration otherwise)
    {
        if (!has(key))
        {
            return otherwise;
        }
        try
        {
            return new Amounts.DurationConverter().convert(text(key));
        }
        catch (final TypeConversionException ex)
        {
            throw wrong(key + ": " + TerminalText.escape(ex.getMessage()));
        }
    }

    long size(final String key)
    {
        try
        {
            return new Amounts.SizeConverter().convert(text(key));
        }
        catch (final TypeConversionException ex)
        {
            throw wrong(key + ": " + TerminalText.escape(ex.getMessage()));
        }
    }

    /**
     * Tell a source or a target how the two reach each other.
     */
    void connect(final ReplicationBuilder<?> builder)
    {
        builder.requestChannel(uri("request.channel"));
        builder.requestStreamId(integer("request.stream", ReplicationBuilder.DEFAULT_REQUEST_STREAM_ID));
        builder.responseChannel(uri("response.channel"));
        builder.responseStreamId(integer("response.stream", ReplicationBuilder.DEFAULT_RESPONSE_STREAM_ID));
        if (has("live.channel"))
        {
            builder.liveChannel(uri("live.channel"));
            builder.liveStreamId(integer("live.stream", ReplicationBuilder.DEFAULT_LIVE_STREAM_ID));
        }
    }

    /**
     * Something in this file is wrong.
     *
     * @param what is.
     * @return the exception to throw.
     */
    CliException wrong(final String what)
    {
        return new CliException(
            ExitCodes.USAGE, what + ": file=" + file + ". The keys are " + String.join(", ", keys));
    }
}
