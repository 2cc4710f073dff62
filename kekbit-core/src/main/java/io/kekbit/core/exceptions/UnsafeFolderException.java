package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * Users who have nothing to do with the channel could replace its files, since they may write to a folder that the
 * files lie in. A writer demands that they cannot.
 */
public final class UnsafeFolderException extends ChannelException
{
    private static final long serialVersionUID = 1L;

    private final transient Path folder;

    /**
     * For kekbit's own use.
     *
     * @param file   the file it is about.
     * @param folder that is not safe.
     * @param reason why it is not.
     * @param advice what to do about it.
     */
    public UnsafeFolderException(final Path file, final Path folder, final String reason, final String advice)
    {
        super(file, "folder not safe", "folder=" + folder + " reason=\"" + reason + "\"", advice, null);
        this.folder = folder;
    }

    /**
     * The folder that is not safe.
     *
     * @return the root or the channel's folder below it; null in an exception that was deserialised.
     */
    public Path folder()
    {
        return folder;
    }
}
