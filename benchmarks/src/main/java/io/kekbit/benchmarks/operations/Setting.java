package io.kekbit.benchmarks.operations;

import io.kekbit.core.layout.RecordDescriptor;

import java.nio.file.Path;

/**
 * What a batch is to do, and where.
 *
 * @param subject  who does it.
 * @param length   of the content in bytes.
 * @param capacity of a channel in bytes, raised where it has no room for a batch.
 * @param folder   that is the batch's own.
 */
record Setting(String subject, int length, long capacity, Path folder)
{
    Setting withLength(final int otherLength)
    {
        return new Setting(subject, otherLength, capacity, folder);
    }

    /**
     * The capacity of a channel that has room for one batch at least.
     */
    long roomyCapacity()
    {
        return Math.max(capacity, batchLength() + RecordDescriptor.RESERVED_LENGTH);
    }

    /**
     * How many batches a channel has room for.
     */
    int batches()
    {
        return (int)((roomyCapacity() - RecordDescriptor.RESERVED_LENGTH) / batchLength());
    }

    private long batchLength()
    {
        // Of no content is the heartbeat, which is a length word alone.
        final int recordLength =
            length == 0 ? RecordDescriptor.LENGTH_WORD_LENGTH : RecordDescriptor.alignedLength(length);

        return (long)Batch.OPERATIONS * recordLength;
    }
}
