package io.kekbit.aeron.replication;

import io.kekbit.core.TerminalText;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.series.SeriesPosition;
import io.kekbit.core.series.SeriesReader;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.LongBinaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is copied, below one root: a channel, or a series of them. Immutable.
 *
 * @param root      of the channel or the series.
 * @param name      of the series, or null for a channel.
 * @param channelId of the channel; 0 for a series.
 * @param channels  the root of the channels: that of a series is its folder.
 */
record CopiedStream(Path root, String name, long channelId, Path channels)
{
    private static final Pattern CHANNEL_FILE = Pattern.compile("([0-9a-f]{4})_([0-9a-f]{4})\\.kekbit");
    private static final int HEX = 16;
    private static final int NONE = -1;

    static CopiedStream channel(final Path root, final long channelId)
    {
        return new CopiedStream(root, null, channelId, root);
    }

    /**
     * A series.
     *
     * @throws IllegalArgumentException where the name is none for a series, so that it cannot lead out of the root.
     */
    static CopiedStream series(final Path root, final String name)
    {
        // Knows what a name is.
        SeriesReader.builder(root, name);

        return new CopiedStream(root, name, 0, root.resolve(name));
    }

    boolean isSeries()
    {
        return name != null;
    }

    long channelId(final long ordinal)
    {
        return isSeries() ? ordinal + 1 : channelId;
    }

    Path file(final long ordinal)
    {
        return ChannelPath.file(channels, channelId(ordinal));
    }

    boolean exists(final long ordinal)
    {
        return Files.isRegularFile(file(ordinal), LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * The ordinal of the first channel that there is, be it published or made ready; of a channel by itself, 0.
     *
     * @return it, or -1 where there is none.
     */
    long first()
    {
        return isSeries() ? fold(Math::min) : exists(0) ? 0 : NONE;
    }

    /**
     * The ordinal of the last channel that there is, be it published or made ready; of a channel by itself, 0.
     *
     * @return it, or -1 where there is none.
     */
    long last()
    {
        return isSeries() ? fold(Math::max) : exists(0) ? 0 : NONE;
    }

    @Override
    public String toString()
    {
        return isSeries() ? "series=" + TerminalText.escape(name) : "channelId=" + Long.toUnsignedString(channelId);
    }

    private long fold(final LongBinaryOperator which)
    {
        long found = NONE;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(file(0).getParent(), "*.kekbit"))
        {
            for (final Path file : files)
            {
                final Matcher match = CHANNEL_FILE.matcher(file.getFileName().toString());
                if (match.matches())
                {
                    final long id = Long.parseLong(match.group(1), HEX) << 16 | Long.parseLong(match.group(2), HEX);
                    final long ordinal = id - 1;
                    if (ordinal >= 0 && ordinal <= SeriesPosition.MAX_ORDINAL)
                    {
                        found = found == NONE ? ordinal : which.applyAsLong(found, ordinal);
                    }
                }
            }
        }
        catch (final NoSuchFileException ex)
        {
            return NONE;
        }
        catch (final DirectoryIteratorException ex)
        {
            throw new UncheckedIOException(ex.getCause());
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }

        return found;
    }
}
