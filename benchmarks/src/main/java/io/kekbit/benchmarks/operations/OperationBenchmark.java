package io.kekbit.benchmarks.operations;

import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * What the benchmarks have in common. Of the three parameters that all have, {@code capacity} is the footprint: small,
 * so that the channel stays in the processor's caches and what is measured is the code; and large, so that nearly every
 * record meets memory for the first time.
 * <p>
 * An invocation is a batch of {@link Batch#OPERATIONS} operations. What is done before each invocation is mostly one
 * comparison; once in a while a channel is made. An invocation takes some microseconds at least, beside which reading
 * the clock around it, which JMH warns of, is less than a hundredth.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Batch.OPERATIONS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {"--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED", "-Xms512m", "-Xmx512m"})
public abstract class OperationBenchmark
{
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    /**
     * What the JVM has seen before.
     */
    @Param
    public Loaded loaded;

    /**
     * Bytes of a channel's record area.
     */
    @Param({"1048576", "67108864"})
    public long capacity;

    /**
     * Where the channels are made: in a folder of its own below this one. Below {@code /dev/shm} where there is one,
     * else below the folder for temporary files, unless told.
     */
    @Param("")
    public String folder;

    private Allocation allocation;
    private Path scratch;
    private Batch batch;

    /**
     * Make the batch.
     *
     * @param counter of what the operations allocate.
     * @throws IOException where there is no folder for it.
     */
    @Setup(Level.Trial)
    public void setUp(final Allocation counter) throws IOException
    {
        allocation = counter;
        final Path parent =
            !folder.isEmpty() ? Path.of(folder) :
            Files.isWritable(SHARED_MEMORY) ? SHARED_MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
        Files.createDirectories(parent);
        scratch = Files.createTempDirectory(parent, "kekbit-operations-");
        loaded.load(scratch.resolve("load"));
        batch = batch(scratch.resolve("channel"));
    }

    /**
     * Make room for the next invocation.
     */
    @Setup(Level.Invocation)
    public void prepare()
    {
        batch.prepare();
        allocation.begin();
    }

    /**
     * Count what the invocation allocated.
     */
    @TearDown(Level.Invocation)
    public void count()
    {
        allocation.end();
    }

    /**
     * Remove the channels.
     */
    @TearDown(Level.Trial)
    public void tearDown()
    {
        batch.close();
        Channels.delete(scratch);
    }

    abstract Batch batch(Path channelFolder);

    final long run()
    {
        return batch.run();
    }
}
