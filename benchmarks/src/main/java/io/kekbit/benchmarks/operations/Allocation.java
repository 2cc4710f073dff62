package io.kekbit.benchmarks.operations;

import com.sun.management.ThreadMXBean;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import java.lang.management.ManagementFactory;

/**
 * How much the measured operations allocated, and theirs alone: JMH's own profiler would count what the making of
 * channels between the batches allocates, too.
 */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class Allocation
{
    private static final ThreadMXBean THREADS = (ThreadMXBean)ManagementFactory.getThreadMXBean();

    /**
     * Bytes that the thread allocated while it did the operations.
     */
    public long allocatedBytes;

    /**
     * The operations.
     */
    public long operations;

    private long before;

    void begin()
    {
        before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    void end()
    {
        allocatedBytes += THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        operations += Batch.OPERATIONS;
    }
}
