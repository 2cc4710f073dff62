package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * A channel was to be deleted to keep a series within its bounds, or to make room, and the series is sealed: see {@link
 * io.kekbit.core.series.Seal}.
 */
public final class SeriesSealedException extends ChannelException
{
    private static final long serialVersionUID = 1L;

    private final transient Path manifest;

    /**
     * For kekbit's own use.
     *
     * @param file     of the channel that was to be deleted.
     * @param manifest that makes the series a sealed one.
     */
    public SeriesSealedException(final Path file, final Path manifest)
    {
        super(
            file,
            "series sealed",
            "manifest=" + manifest,
            "Nothing was deleted. If part of it is to go, delete the manifest first; if more is to be written, write " +
                "a series of another name",
            null);
        this.manifest = manifest;
    }

    /**
     * The manifest that makes the series a sealed one.
     *
     * @return its file; null in an exception that was deserialised.
     */
    public Path manifest()
    {
        return manifest;
    }
}
