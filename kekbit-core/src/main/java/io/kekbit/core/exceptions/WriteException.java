package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * An error of appending: nothing was published, and what was published before stands.
 */
public abstract sealed class WriteException extends RuntimeException permits
    ChannelFullException,
    EmptyRecordException,
    EncodingException,
    FlushFailedException,
    NoSpaceForRecordException,
    RecordTooLongException,
    WriterBusyException,
    WriterClosedException
{
    private static final long serialVersionUID = 1L;

    private final transient Path file;

    WriteException(
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
