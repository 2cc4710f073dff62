package io.kekbit.benchmarks.operations;

import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;

/**
 * One kind of operation on one subject, many times in a row. The loop is part of what is measured, for all subjects
 * alike; each has a loop of its own, so that its call sites see one type. Writer and content are fields, as they are of
 * an application: a loop that keeps them in local variables measures how many of these the JIT compiler can keep in
 * registers beside what it inlines.
 */
interface Batch extends AutoCloseable
{
    /**
     * How many operations {@link #run()} does: enough for the reading of the clock before and after not to count.
     */
    int OPERATIONS = 1024;

    /**
     * See to it that the next batch has a channel with room, or with records to read. Not measured.
     */
    void prepare();

    /**
     * Do the operations.
     *
     * @return something that depends on all of them.
     */
    long run();

    /**
     * Let go of the channel, which stays where it is.
     */
    @Override
    void close();

    /**
     * Content to copy from, which every subject gets alike: in memory outside the heap, all bytes set.
     */
    static UnsafeBuffer content()
    {
        final UnsafeBuffer content = new UnsafeBuffer(ByteBuffer.allocateDirect(Channels.MAX_LENGTH));
        for (int i = 0; i < Channels.MAX_LENGTH; i++)
        {
            content.putByte(i, (byte)(i + 1));
        }

        return content;
    }
}
