package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelFullException;
import io.kekbit.core.exceptions.EmptyRecordException;
import io.kekbit.core.exceptions.NoSpaceForRecordException;
import io.kekbit.core.exceptions.RecordTooLongException;
import io.kekbit.core.exceptions.WriteException;
import io.kekbit.core.exceptions.WriterClosedException;

import java.nio.file.Path;

/**
 * The exceptions for what the negative constants of {@link Writer} stand for.
 */
final class WriteFailures
{
    private WriteFailures()
    {
    }

    /**
     * Make the exception for an answer.
     *
     * @param result a negative constant.
     * @param writer that answered it.
     * @param length of the content that was to be written.
     * @return the exception, to be thrown.
     */
    static WriteException of(final long result, final ShmWriter<?> writer, final int length)
    {
        final Path file = writer.file();

        return switch ((int)result)
        {
            case (int)Writer.CHANNEL_FULL -> new ChannelFullException(file, writer.available());
            case (int)Writer.NO_SPACE -> new NoSpaceForRecordException(file, length, writer.available(), null);
            case (int)Writer.TOO_LONG -> new RecordTooLongException(file, length, writer.header().maxMessageLength());
            case (int)Writer.EMPTY -> new EmptyRecordException(file, length);
            default -> new WriterClosedException(file);
        };
    }
}
