package io.kekbit.cli.channels;

import io.kekbit.cli.support.CliException;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.cli.support.SeriesTree;
import io.kekbit.core.series.Seal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file that a sealed series has: a SHA-256 for each of its channels, as {@code sha256sum} writes and checks it.
 */
final class Manifest
{
    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) [ *](.+)");
    private static final int BLOCK_LENGTH = 1 << 20;

    private Manifest()
    {
    }

    /**
     * The SHA-256 of a file, in hexadecimal.
     *
     * @throws IOException where the file cannot be read.
     */
    static String sum(final Path file) throws IOException
    {
        final MessageDigest digest = digest();
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS))
        {
            final byte[] block = new byte[BLOCK_LENGTH];
            int length = in.read(block);
            while (length >= 0)
            {
                digest.update(block, 0, length);
                length = in.read(block);
            }
        }

        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * Write the manifest: whole, and on the device, before it has its name.
     *
     * @param series folder of the series.
     * @param sums   by the channels' files.
     * @throws IOException where it cannot be written.
     */
    static void write(final Path series, final Map<Path, String> sums) throws IOException
    {
        final StringBuilder text = new StringBuilder();
        sums.forEach((file, sum) -> text.append(sum).append("  ").append(name(series, file)).append('\n'));
        final Path manifest = Seal.manifest(series);
        final Path temporary = series.resolve("." + manifest.getFileName() + ".tmp");
        final ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
        try (FileChannel channel = FileChannel.open(
            temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING))
        {
            while (bytes.hasRemaining())
            {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(temporary, manifest, StandardCopyOption.ATOMIC_MOVE);
        force(series);
    }

    /**
     * Compare the channels of a series with its manifest.
     *
     * @param series folder of the series.
     * @return a sentence for each difference; none where all is as it was sealed.
     * @throws CliException where the manifest is none.
     * @throws IOException  where a file cannot be read.
     */
    static List<String> differences(final Path series) throws IOException
    {
        final Map<String, String> sums = read(series);
        final List<String> differences = new ArrayList<>();
        sums.forEach((name, sum) ->
        {
            if (Files.notExists(series.resolve(name), LinkOption.NOFOLLOW_LINKS))
            {
                differences.add(name + " is in the manifest, and is gone");
            }
        });
        for (final SeriesTree.Channel channel : SeriesTree.channels(series))
        {
            final String name = name(series, channel.file());
            final String sum = sums.get(name);
            if (sum == null)
            {
                differences.add(name + " is not in the manifest: it was made after the series was sealed");
            }
            else if (!sum.equals(sum(channel.file())))
            {
                differences.add(name + " is not what it was when the series was sealed: its SHA-256 is another");
            }
        }

        return differences;
    }

    /**
     * Let an operating system's crash not undo what was done in a folder, or to a file.
     */
    static void force(final Path path) throws IOException
    {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ))
        {
            channel.force(true);
        }
    }

    private static Map<String, String> read(final Path series) throws IOException
    {
        final Path file = Seal.manifest(series);
        final Map<String, String> sums = new LinkedHashMap<>();
        try
        {
            for (final String line : Files.readAllLines(file))
            {
                final Matcher matcher = LINE.matcher(line);
                if (!matcher.matches())
                {
                    throw new CliException(
                        ExitCodes.DAMAGED, "a line of " + file + " is none of sha256sum: " + line +
                            ". If the channels are sound, delete it and seal the series again");
                }
                sums.put(matcher.group(2), matcher.group(1));
            }
        }
        catch (final NoSuchFileException ex)
        {
            throw new CliException(ExitCodes.FAILED, "not sealed: " + series + ". kekbit seal does it");
        }

        return sums;
    }

    private static String name(final Path series, final Path file)
    {
        final Path folder = file.getParent().getFileName();

        return series.relativize(series.resolve(folder).resolve(file.getFileName())).toString();
    }

    private static MessageDigest digest()
    {
        try
        {
            return MessageDigest.getInstance("SHA-256");
        }
        catch (final NoSuchAlgorithmException ex)
        {
            throw new IllegalStateException("every Java platform has to have SHA-256", ex);
        }
    }
}
