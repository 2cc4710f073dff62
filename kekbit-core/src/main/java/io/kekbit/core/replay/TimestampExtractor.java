package io.kekbit.core.replay;

import org.agrona.DirectBuffer;

/**
 * Finds the time in a record's own content, for streams whose envelope has no time stamp, or where another time counts
 * than that of publication: when a trade happened, when a message was received.
 */
@FunctionalInterface
public interface TimestampExtractor
{
    /**
     * The record has no time. Every negative number says so, the null values of SBE among them.
     */
    long NO_TIME = -1;

    /**
     * Find the time. Called once for each record, before it is handed over. What this throws is thrown at the caller of
     * the replay or the merge, and the record counts as read.
     *
     * @param buffer that holds the content: the channel itself, not to be written to.
     * @param offset of the content in the buffer.
     * @param length of the content in bytes, at least 1: it may be too short for what is looked for.
     * @return the time since 1970-01-01T00:00Z in the unit that was told along with this, or {@link #NO_TIME}.
     */
    long timestamp(DirectBuffer buffer, int offset, int length);
}
