package io.kekbit.core.series;

import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.Reader;
import io.kekbit.core.layout.ChannelPath;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the tests of series share: small channels, and records that are numbers.
 */
final class TestSeries
{
    static final String NAME = "ticks";
    static final int CAPACITY = 16 * 1024;

    /**
     * Records of the length of a number that a channel takes.
     */
    static final int RECORDS_PER_CHANNEL = (CAPACITY - 16 - 8) / 16;

    private TestSeries()
    {
    }

    static SeriesWriterBuilder<RawBinDataFormat> builder(final Path root)
    {
        return SeriesWriter.builder(root, NAME, RawBinDataFormat.INSTANCE).capacity(CAPACITY).maxMessageLength(112);
    }

    static SeriesWriter<RawBinDataFormat> open(final Path root)
    {
        return builder(root).open();
    }

    /**
     * Write numbers, each one more than the one before.
     *
     * @return the number behind the last one.
     */
    static long write(final SeriesWriter<?> writer, final long first, final int count)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[Long.BYTES]);
        for (long number = first; number < first + count; number++)
        {
            buffer.putLong(0, number, ByteOrder.LITTLE_ENDIAN);
            writer.write(buffer, 0, Long.BYTES);
        }

        return first + count;
    }

    static long number(final Reader reader)
    {
        return reader.buffer().getLong(reader.offset(), ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * All numbers that there are, by a handler.
     */
    static List<Long> readAll(final Reader reader)
    {
        final List<Long> numbers = new ArrayList<>();
        while (reader.read(
            (buffer, offset, length, position, nextPosition) ->
                numbers.add(buffer.getLong(offset, ByteOrder.LITTLE_ENDIAN)),
            100) > 0)
        {
            continue;
        }

        return numbers;
    }

    static List<Long> numbers(final long first, final long end)
    {
        return Stream.iterate(first, (number) -> number < end, (number) -> number + 1).toList();
    }

    static Path file(final Path root, final long ordinal)
    {
        return ChannelPath.file(root.resolve(NAME), ordinal + 1);
    }

    /**
     * The names of all files of the series, in order.
     */
    static List<String> files(final Path root)
    {
        try (Stream<Path> files = Files.walk(root.resolve(NAME)))
        {
            return files.filter(Files::isRegularFile)
                .map((file) -> file.getFileName().toString()).sorted().toList();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }
}
