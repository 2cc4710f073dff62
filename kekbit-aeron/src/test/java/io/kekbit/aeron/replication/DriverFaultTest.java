package io.kekbit.aeron.replication;

import io.aeron.Aeron;
import io.aeron.CncFileDescriptor;
import io.aeron.driver.MediaDriver;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.layout.ChannelPath;
import org.agrona.SemanticVersion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A media driver dies and comes back, and the copy goes on by itself.
 */
class DriverFaultTest
{
    private static final long ID = 7;

    @TempDir
    private Path from;
    @TempDir
    private Path to;
    private final Hosts hosts = new Hosts();
    private final Events sourceEvents = new Events();
    private final Events targetEvents = new Events();

    @AfterEach
    void closeHosts()
    {
        hosts.close();
    }

    @Test
    void shouldGoOnWhenDriversAreStartedAgain()
    {
        final MediaDriver.Context sourceContext = impatient();
        final MediaDriver.Context targetContext = impatient();
        MediaDriver sourceDriver = hosts.driver(sourceContext.clone());
        final MediaDriver targetDriver = hosts.driver(targetContext.clone());
        final ReplicationSource source =
            hosts.closing(hosts.source(from, sourceDriver).listener(sourceEvents).build());
        final ReplicationTarget target =
            hosts.closing(hosts.target(to, targetDriver).channel(ID).listener(targetEvents).build());
        try (ShmWriter<RawBinDataFormat> writer =
            ShmWriter.create(from, Hosts.header(ID, 1 << 20, 200), RawBinDataFormat.INSTANCE))
        {
            Hosts.write(writer, 0, 100, 200);
            Hosts.runUntil(() -> target.position() == writer.writeOffset(), source, target);

            targetDriver.close();
            Hosts.write(writer, 100, 100, 200);
            Hosts.runUntil(() -> targetEvents.driversLost() == 1, source, target);
            hosts.driver(targetContext.clone());
            Hosts.runUntil(() -> target.position() == writer.writeOffset(), source, target);

            sourceDriver.close();
            Hosts.write(writer, 200, 100, 200);
            Hosts.runUntil(() -> sourceEvents.driversLost() == 1, source, target);
            sourceDriver = hosts.driver(sourceContext.clone());
            Hosts.runUntil(() -> target.position() == writer.writeOffset(), source, target);
        }
        Hosts.runUntil(target::isComplete, source, target);

        Areas.assertSame(ChannelPath.file(from, ID), ChannelPath.file(to, ID));
        assertEquals(0, targetEvents.discontinuities());
    }

    /**
     * Of a driver that soon gives up what was connected to the other one.
     */
    private static MediaDriver.Context impatient()
    {
        return Hosts.driverContext()
            .imageLivenessTimeoutNs(TimeUnit.MILLISECONDS.toNanos(1_500))
            .publicationConnectionTimeoutNs(TimeUnit.MILLISECONDS.toNanos(1_500));
    }

    @Test
    void shouldTellListenerWhenThereIsNoDriverThatCanBeUsed() throws IOException
    {
        final Path folder = Files.createDirectory(to.resolve("driver"));
        final Aeron.Context context = Hosts.client(folder.toString()).driverTimeoutMs(50);
        final ReplicationTarget target = hosts.closing(
            hosts.target(to, hosts.driver()).aeron(context).channel(ID).listener(targetEvents).build());
        final ReplicationSource source =
            hosts.closing(hosts.source(from, hosts.driver()).aeron(context).listener(sourceEvents).build());
        Hosts.runUntil(
            () -> !targetEvents.errors().isEmpty() && !sourceEvents.errors().isEmpty(), source, target);
        final String missing = "FATAL - no media driver: directory=" + folder;
        assertEquals(missing, targetEvents.errors().get(0).getMessage());
        assertEquals(missing, sourceEvents.errors().get(0).getMessage());

        // That of a driver of another version.
        final ByteBuffer file = ByteBuffer.allocate(64 * 1024).order(ByteOrder.nativeOrder());
        file.putInt(0, SemanticVersion.compose(99, 0, 0));
        Files.write(folder.resolve(CncFileDescriptor.CNC_FILE), file.array());
        final int before = targetEvents.errors().size();
        Hosts.runUntil(() -> targetEvents.errors().size() == before + 1, target);
        final String other = targetEvents.errors().get(before).getMessage();
        assertTrue(other.startsWith(missing) && other.contains("99.0.0"), other);
    }

    @Test
    void shouldTryAgainWhenClientCannotBeMade()
    {
        final ReplicationSource source = hosts.closing(hosts.source(from, hosts.driver()).build());
        final AtomicInteger attempts = new AtomicInteger();
        final Aeron.Context context = Hosts.client(hosts.driver()).threadFactory((conductor) ->
        {
            if (attempts.incrementAndGet() == 1)
            {
                throw new IllegalStateException("no thread");
            }
            return new Thread(conductor);
        });
        final ReplicationTarget target = hosts.closing(
            hosts.target(to, hosts.driver()).aeron(context).channel(ID).listener(targetEvents).build());
        Hosts.runUntil(() -> !targetEvents.refusals().isEmpty(), source, target);

        assertEquals(1, targetEvents.errors().size(), targetEvents.toString());
        assertEquals("no thread", targetEvents.errors().get(0).getMessage());
    }

    @Test
    void shouldStopWhenCopyIsCutOffWhileItIsOpen() throws IOException
    {
        final ReplicationSource source = hosts.closing(hosts.source(from, hosts.driver()).build());
        final ReplicationTarget target = hosts.closing(hosts.target(to, hosts.driver()).channel(ID).build());
        try (ShmWriter<RawBinDataFormat> writer =
            ShmWriter.create(from, Hosts.header(ID, 1 << 20, 200), RawBinDataFormat.INSTANCE))
        {
            Hosts.write(writer, 0, 1_000, 200);
            Hosts.runUntil(() -> target.position() == writer.writeOffset(), source, target);
            try (RandomAccessFile file = new RandomAccessFile(ChannelPath.file(to, ID).toFile(), "rw"))
            {
                file.setLength(4 * 1024);
            }
            source.close();
            final ReplicationSource next = hosts.closing(hosts.source(from, hosts.driver()).build());
            assertEndsSinceCopyIsCutOff(next, target);
        }
    }

    /**
     * The JVM may tell of the page that is gone a moment later, when it is the turn of the source in this thread. The
     * target comes upon it again, unless it has told the source something else of its copy than what is there.
     */
    private static void assertEndsSinceCopyIsCutOff(final ReplicationSource source, final ReplicationTarget target)
    {
        boolean isToldLate = false;
        ReplicationException thrown = null;
        while (thrown == null)
        {
            try
            {
                Hosts.runUntil(() -> false, source, target);
            }
            catch (final ReplicationException ex)
            {
                thrown = ex;
            }
            catch (final InternalError ex)
            {
                isToldLate = true;
            }
        }

        final boolean isExpected = thrown.reason() == RefusalReason.COPY_FAILED ||
            isToldLate && thrown.reason() == RefusalReason.DIVERGED;
        assertTrue(isExpected, thrown.getMessage());
    }

    @Test
    void shouldWaitLongerEachTimeWhenSourceCannotBeReached()
    {
        // A clock of which a second passes in each turn.
        final AtomicLong now = new AtomicLong();
        final List<Long> lostNs = new ArrayList<>();
        final ReplicationTarget target = hosts.closing(hosts.target(to, hosts.driver())
            .channel(ID)
            .retryInterval(Duration.ofSeconds(2))
            .maxRetryInterval(Duration.ofSeconds(30))
            .connectTimeout(Duration.ofSeconds(10))
            .clock(() -> now.addAndGet(TimeUnit.SECONDS.toNanos(1)))
            .listener(new TargetListener()
            {
                @Override
                public void onSourceLost(final String why)
                {
                    lostNs.add(now.get());
                }
            })
            .build());
        Hosts.runUntil(() -> lostNs.size() == 7, target);
        final List<Long> waits = new ArrayList<>();
        for (int i = 1; i < lostNs.size(); i++)
        {
            waits.add(TimeUnit.NANOSECONDS.toSeconds(lostNs.get(i) - lostNs.get(i - 1)) - 11);
        }

        assertEquals(List.of(2L, 4L, 8L, 16L, 30L, 30L), waits);
    }

    @Test
    void shouldEndWithClearExceptionWhenClientOfTheCallersIsClosed()
    {
        final Aeron aeron = Aeron.connect(Hosts.client(hosts.driver()));
        final ReplicationSource source =
            hosts.closing(hosts.source(from, hosts.driver()).aeron(aeron).build());
        final ReplicationTarget target =
            hosts.closing(hosts.target(to, hosts.driver()).aeron(aeron).channel(ID).listener(targetEvents).build());
        Hosts.runUntil(() -> !targetEvents.refusals().isEmpty(), source, target);
        aeron.close();

        assertEquals(
            RefusalReason.CLIENT_CLOSED, assertThrows(ReplicationException.class, source::doWork).reason());
        final ReplicationException thrown = assertThrows(ReplicationException.class, target::doWork);
        assertTrue(thrown.getMessage().contains("reason=CLIENT_CLOSED"), thrown.getMessage());
    }
}
