package io.kekbit.sbe;

import org.agrona.DirectBuffer;

/**
 * Takes the records that no handler can take, see {@link SbeDispatcher#otherwise(SbeFallback)}.
 *
 * @param <C> the application's own.
 */
@FunctionalInterface
public interface SbeFallback<C>
{
    /**
     * One record.
     *
     * @param context what the dispatcher was made with.
     * @param reason  why no handler can take it.
     * @param buffer  that holds the record: the channel itself, not a copy. Valid only during the call. Do not cast it
     *                to anything that can be written to: a store to it ends the JVM.
     * @param offset  of the record's content in the buffer.
     * @param length  of the record's content in bytes.
     * @param frame   where the record stands. Valid only during the call. What it tells of the message is as the record
     *                says, and -1 where the record is too short to say it.
     */
    void onRecord(C context, Reason reason, DirectBuffer buffer, int offset, int length, SbeFrame frame);

    /**
     * Why no handler can take a record.
     */
    enum Reason
    {
        /**
         * No handler was registered for the template; its message can be newer than the reader's schema.
         */
        UNKNOWN_TEMPLATE,

        /**
         * The message belongs to a schema with another id.
         */
        FOREIGN_SCHEMA,

        /**
         * The record is shorter than what it says it contains. A handler can have seen the beginning of it.
         */
        MALFORMED
    }
}
