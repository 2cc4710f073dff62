package io.kekbit.core;

/**
 * A channel that was created or resumed, and the state from which its writer goes on.
 *
 * @param header            of the channel.
 * @param extension         of the channel.
 * @param mapping           of its file.
 * @param lock              that keeps other writers out.
 * @param offset            position at which the next record will stand.
 * @param recordCount       number of records before it.
 * @param durablePosition   everything below it was forced to the device.
 * @param indexCount        number of index entries that hold.
 * @param lastContentOffset where in the mapping the content of the last record stands; 0 where there is none.
 */
record WritableChannel(
    Header header,
    Extension extension,
    ChannelMapping mapping,
    WriterLock lock,
    int offset,
    long recordCount,
    int durablePosition,
    int indexCount,
    int lastContentOffset)
{
}
