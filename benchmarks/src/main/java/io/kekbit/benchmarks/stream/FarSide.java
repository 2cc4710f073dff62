package io.kekbit.benchmarks.stream;

/**
 * The other side of a measurement: a thread of this process, or a process of its own. One job at a time.
 */
interface FarSide extends AutoCloseable
{
    /**
     * Begin a job.
     *
     * @param job to do. When this returns, the first message may be sent.
     */
    void begin(Job job);

    /**
     * Wait until the job is done.
     *
     * @return what was found.
     * @throws IllegalStateException where it failed: a message was lost, or came out of order.
     */
    Outcome end();

    /**
     * Let go of the channels of a job that is done, where the far side has its own hold on them.
     *
     * @param job that is done.
     */
    void release(Job job);

    @Override
    void close();
}
