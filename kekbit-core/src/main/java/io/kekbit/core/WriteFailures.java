package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelFullException;
import io.kekbit.core.exceptions.EmptyRecordException;
import io.kekbit.core.exceptions.EncodingException;
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

    /**
     * Make the exception for an encodable that failed.
     *
     * @param writer     that called it.
     * @param encodable  that failed.
     * @param slotLength that it had.
     * @param cause      what it threw.
     * @return the exception, to be thrown.
     */
    static EncodingException ofEncoding(
        final ShmWriter<?> writer, final Encodable<?> encodable, final int slotLength, final RuntimeException cause)
    {
        return new EncodingException(
            writer.file(), "encodable=" + encodable.getClass().getName() + " slotLength=" + slotLength, cause);
    }

    /**
     * Make the exception for a length that cannot be committed.
     *
     * @param writer     that was asked to.
     * @param length     that was to be committed.
     * @param slotLength that was claimed.
     * @return the exception, to be thrown.
     */
    static WriteException ofCommit(final ShmWriter<?> writer, final int length, final int slotLength)
    {
        return length < 1 ? new EmptyRecordException(writer.file(), length) :
            new EncodingException(writer.file(), "length=" + length + " slotLength=" + slotLength, null);
    }
}
