package io.kekbit.aeron.replication;

/**
 * That a request cannot be served.
 *
 * @param reason   why.
 * @param ordinal  of the channel it is about; of the first one that there is, where that was deleted.
 * @param position in that channel.
 * @param details  in words and figures.
 */
record Refused(RefusalReason reason, long ordinal, long position, String details)
{
}
