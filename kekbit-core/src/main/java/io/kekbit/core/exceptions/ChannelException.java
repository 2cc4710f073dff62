package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * An error of making, opening or positioning a channel; one subclass for each case.
 */
public abstract sealed class ChannelException extends RuntimeException permits
    ChannelAccessException,
    ChannelClosedException,
    ChannelCorruptException,
    ChannelExistsException,
    ChannelIdMismatchException,
    ChannelNotFoundException,
    ChannelNotResumableException,
    ChannelSuspectException,
    ChannelTooLargeException,
    FileTooShortException,
    FormatMismatchException,
    IncompatibleVersionException,
    InvalidDescriptionException,
    InvalidHeaderException,
    InvalidPositionException,
    InvalidSignatureException,
    NotAChannelFileException,
    NotEnoughSpaceException,
    PositionDamagedException,
    PositionDeletedException,
    PositionInUseException,
    PositionMismatchException,
    ReaderClosedException,
    SeriesSealedException,
    StorageNotReadyException,
    UnavailablePositionException,
    UnsafeFolderException,
    UnsupportedFeatureException,
    WriterActiveException
{
    private static final long serialVersionUID = 1L;

    private final transient Path file;

    ChannelException(
        final Path file, final String what, final String details, final String advice, final Throwable cause)
    {
        super(Messages.of(what, file, details, advice), cause);
        this.file = file;
    }

    /**
     * The file it is about.
     *
     * @return the channel's file; below no root where the error is about a header that was never stored; null in an
     * exception that was deserialised.
     */
    public Path file()
    {
        return file;
    }
}
