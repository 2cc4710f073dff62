package io.kekbit.core.series;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * What makes a series one that stays as it is: a manifest in its folder, with a SHA-256 for each of its channels, which
 * {@code kekbit seal} writes. None of the channels of such a series is deleted, neither by {@link Retention} nor to
 * make room ({@link NextChannelPolicy#PRUNE}). Whoever deletes the manifest takes the seal away.
 */
public final class Seal
{
    private static final String MANIFEST = "SHA256SUMS";

    private Seal()
    {
    }

    /**
     * The manifest, whether it is there or not.
     *
     * @param series folder of the series.
     * @return its file.
     */
    public static Path manifest(final Path series)
    {
        return series.resolve(MANIFEST);
    }

    /**
     * Whether a series is sealed, as of now.
     *
     * @param series folder of the series.
     * @return true if it has a manifest, whatever that holds.
     */
    public static boolean isOn(final Path series)
    {
        return Files.exists(manifest(series), LinkOption.NOFOLLOW_LINKS);
    }
}
