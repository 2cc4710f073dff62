package io.kekbit.core.replay;

import io.kekbit.core.ReaderState;
import org.agrona.DirectBuffer;

/**
 * Where a replay has its records from: one stream, or several read as one. Moves as a reader does.
 */
interface ReplayFeed
{
    /**
     * Go to the next record.
     *
     * @throws IllegalStateException where the stream does not tell the times that were asked for.
     */
    boolean next();

    /**
     * The time of the record gone to in nanoseconds, or a negative number.
     */
    long timeNs();

    /**
     * Whether records before a time are known only as far as an index goes. Asked after {@link #next()}.
     */
    boolean isCoarse();

    /**
     * Whether no record can have a time. Asked after {@link #next()}.
     */
    boolean isTimeless();

    /**
     * Go to a place before which there is nothing of a time or later, where one is led to.
     */
    void seek(long epochNs);

    /**
     * Whether there is a record that {@link #next()} does not go to yet.
     */
    boolean isHolding();

    ReaderState state();

    /**
     * See to it that the record gone to is read again.
     */
    void giveBack();

    int source();

    DirectBuffer buffer();

    int offset();

    int length();

    long recordPosition();

    long nextPosition();
}
