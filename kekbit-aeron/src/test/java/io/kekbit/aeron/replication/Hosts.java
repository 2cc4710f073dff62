package io.kekbit.aeron.replication;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.kekbit.aeron.faults.Ports;
import io.kekbit.core.Header;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ShmWriter;
import org.agrona.CloseHelper;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import static org.junit.jupiter.api.Assertions.fail;

/**
 * A source host and target hosts on loopback, with media drivers of their own, all run by the test's thread.
 */
final class Hosts implements AutoCloseable
{
    static final int RECORD_AREA_OFFSET = 1024;
    static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(60);

    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(20);

    /**
     * Drivers that several tests use, since launching one takes longer than most of them.
     */
    private static final class Shared
    {
        private static final MediaDriver FIRST = MediaDriver.launch(driverContext());
        private static final MediaDriver SECOND = MediaDriver.launch(driverContext());

        static
        {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> CloseHelper.quietCloseAll(FIRST, SECOND)));
        }
    }

    private final List<MediaDriver> drivers = new ArrayList<>();
    private int driversTaken;
    private final List<AutoCloseable> closed = new ArrayList<>();
    private final int requestPort = Ports.free();
    private final int responsePort = Ports.free();
    private final int livePort = Ports.free();
    private String requestParameters = "";
    private String responseParameters = "";

    /**
     * A media driver that gives nobody up whom a busy machine holds up for seconds.
     */
    static MediaDriver.Context driverContext()
    {
        return new MediaDriver.Context()
            .aeronDirectoryName(CommonContext.generateRandomDirName())
            .threadingMode(ThreadingMode.SHARED)
            .dirDeleteOnStart(true)
            .dirDeleteOnShutdown(true)
            .publicationTermBufferLength(256 * 1024)
            .ipcTermBufferLength(256 * 1024)
            .imageLivenessTimeoutNs(PATIENCE_NS)
            .publicationConnectionTimeoutNs(PATIENCE_NS)
            .clientLivenessTimeoutNs(PATIENCE_NS)
            .publicationUnblockTimeoutNs(2 * PATIENCE_NS)
            .timerIntervalNs(TimeUnit.MILLISECONDS.toNanos(20))
            .statusMessageTimeoutNs(TimeUnit.MILLISECONDS.toNanos(20))
            .errorHandler((throwable) ->
            {
                // Told by the clients as well.
            });
    }

    /**
     * A media driver for a test that does not harm it: one of two, in turn, which live as long as the JVM.
     */
    MediaDriver driver()
    {
        driversTaken++;

        return driversTaken % 2 == 1 ? Shared.FIRST : Shared.SECOND;
    }

    MediaDriver driver(final MediaDriver.Context context)
    {
        final MediaDriver driver = MediaDriver.launch(context);
        drivers.add(driver);

        return driver;
    }

    static Aeron.Context client(final MediaDriver driver)
    {
        return client(driver.aeronDirectoryName());
    }

    static Aeron.Context client(final String directory)
    {
        return new Aeron.Context()
            .aeronDirectoryName(directory)
            .driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(PATIENCE_NS))
            .idleSleepDurationNs(TimeUnit.MILLISECONDS.toNanos(1))
            .keepAliveIntervalNs(TimeUnit.MILLISECONDS.toNanos(100));
    }

    Hosts response(final String parameters)
    {
        responseParameters = "|" + parameters;
        return this;
    }

    Hosts request(final String parameters)
    {
        requestParameters = "|" + parameters;
        return this;
    }

    String requestChannel()
    {
        return "aeron:udp?endpoint=localhost:" + requestPort + requestParameters;
    }

    String responseChannel()
    {
        return "aeron:udp?control=localhost:" + responsePort + responseParameters;
    }

    /**
     * Where a source sends to many, each of which says that it is there. What is half a term ago can be sent again.
     */
    String liveChannel()
    {
        return "aeron:udp?control=localhost:" + livePort + "|control-mode=dynamic|term-length=1m";
    }

    /**
     * Where one of many listens.
     */
    String liveEndpoint()
    {
        return "aeron:udp?control=localhost:" + livePort + "|control-mode=dynamic|endpoint=localhost:" + Ports.free();
    }

    ReplicationSourceBuilder source(final Path root, final MediaDriver driver)
    {
        return ReplicationSource.builder(root)
            .aeron(client(driver))
            .requestChannel(requestChannel())
            .responseChannel(responseChannel());
    }

    ReplicationTargetBuilder target(final Path root, final MediaDriver driver)
    {
        return ReplicationTarget.builder(root)
            .aeron(client(driver))
            .requestChannel(requestChannel())
            .responseChannel("aeron:udp?control=localhost:" + responsePort)
            .retryInterval(Duration.ofMillis(20))
            .maxRetryInterval(Duration.ofMillis(20))
            .connectTimeout(Duration.ofNanos(PATIENCE_NS));
    }

    <T extends AutoCloseable> T closing(final T resource)
    {
        closed.add(0, resource);

        return resource;
    }

    /**
     * Run agents, one after the other, until something is the case.
     */
    static void runUntil(final BooleanSupplier condition, final Agent... agents)
    {
        final long deadlineNs = System.nanoTime() + DEADLINE_NS;
        while (!condition.getAsBoolean())
        {
            int work = 0;
            for (final Agent agent : agents)
            {
                work += doWork(agent);
            }
            if (work == 0)
            {
                Thread.yield();
            }
            if (System.nanoTime() - deadlineNs > 0)
            {
                fail("deadline passed: " + List.of(agents));
            }
        }
    }

    static int doWork(final Agent agent)
    {
        try
        {
            return agent.doWork();
        }
        catch (final RuntimeException ex)
        {
            throw ex;
        }
        catch (final Exception ex)
        {
            throw new AssertionError(ex);
        }
    }

    static Header header(final long channelId, final int capacity, final int maxRecordLength)
    {
        return Header.builder()
            .writerId(7).channelId(channelId).capacity(capacity).maxMessageLength(maxRecordLength).build();
    }

    /**
     * Write records that differ from each other, in lengths up to a bound.
     */
    static void write(
        final ShmWriter<RawBinDataFormat> writer, final long first, final int count, final int maxLength)
    {
        final UnsafeBuffer record = new UnsafeBuffer(new byte[maxLength]);
        for (long number = first; number < first + count; number++)
        {
            final int length = (int)(Long.BYTES + number * 37 % (maxLength - Long.BYTES + 1));
            record.setMemory(0, length, (byte)number);
            record.putLong(0, number);
            writer.write(record, 0, length);
        }
    }

    @Override
    public void close()
    {
        CloseHelper.closeAll(closed);
        CloseHelper.closeAll(drivers);
    }
}
