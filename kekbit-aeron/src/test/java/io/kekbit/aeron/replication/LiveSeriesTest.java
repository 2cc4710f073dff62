package io.kekbit.aeron.replication;

import io.aeron.driver.MediaDriver;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.series.SeriesPosition;
import io.kekbit.core.series.SeriesWriter;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The live stream goes on from one channel of a series to the next, and targets join it again behind each border.
 */
class LiveSeriesTest
{
    private static final String NAME = "ticks";

    @TempDir
    private Path from;
    @TempDir
    private Path firstCopy;
    @TempDir
    private Path secondCopy;
    private final Hosts hosts = new Hosts();
    private final Events firstEvents = new Events();
    private final Events secondEvents = new Events();
    private final Events sourceEvents = new Events();
    private long written;

    @AfterEach
    void closeHosts()
    {
        hosts.close();
    }

    @Test
    void shouldJoinAgainBehindEachBorderWhenSeriesRolls()
    {
        final ReplicationSource source = source();
        final ReplicationTarget first = target(firstCopy, hosts.driver(), firstEvents);
        final ReplicationTarget second = target(secondCopy, hosts.driver(), secondEvents);
        try (SeriesWriter<RawBinDataFormat> writer = writer())
        {
            while (ordinal(writer) < 6)
            {
                final long before = ordinal(writer);
                write(writer, 1);
                Hosts.runUntil(
                    () -> isCopied(first, writer) && isCopied(second, writer), source, first, second);
                if (ordinal(writer) == before && source.liveTargets() < 2)
                {
                    continue;
                }
                write(writer, 20);
            }
        }
        assertComplete(7, source, first, second);

        assertTrue(new HashSet<>(firstEvents.live()).size() > 3, firstEvents::toString);
        assertTrue(new HashSet<>(secondEvents.live()).size() > 3, secondEvents::toString);
        assertEquals(0, first.liveFallBacks(), firstEvents::toString);
        assertEquals(0, second.liveFallBacks(), secondEvents::toString);
    }

    @Test
    void shouldSendLastChannelLiveWhenNextOneIsMadeReadyAlready()
    {
        try (SeriesWriter<RawBinDataFormat> writer = writer())
        {
            write(writer, 10);
            writer.agent().doWork();
            assertTrue(Files.exists(file(from, 2)));
            final ReplicationSource source = source();
            final ReplicationTarget first = target(firstCopy, hosts.driver(), firstEvents);
            Hosts.runUntil(
                () ->
                {
                    if (isCopied(first, writer))
                    {
                        write(writer, 1);
                    }
                    return first.isLive() || first.ordinal() > 0;
                },
                source, first);
        }

        assertEquals(List.of(0L), firstEvents.live());
        assertTrue(sourceEvents.errors().isEmpty(), sourceEvents::toString);
    }

    @Test
    void shouldCopyWholeSeriesWhenItRollsFasterThanTargetsJoin()
    {
        final ReplicationSource source = source();
        final ReplicationTarget first = target(firstCopy, hosts.driver(), firstEvents);
        final ReplicationTarget second = target(secondCopy, hosts.driver(), secondEvents);
        try (SeriesWriter<RawBinDataFormat> writer = writer())
        {
            while (ordinal(writer) < 8)
            {
                write(writer, 100);
                source.doWork();
                first.doWork();
                second.doWork();
            }
        }
        assertComplete(9, source, first, second);
    }

    @Test
    void shouldGoOnWhenSeriesIsOpenedAgain()
    {
        final ReplicationSource source = source();
        final ReplicationTarget first = target(firstCopy, hosts.driver(), firstEvents);
        final ReplicationTarget second = target(secondCopy, hosts.driver(), secondEvents);
        for (int i = 1; i <= 3; i++)
        {
            try (SeriesWriter<RawBinDataFormat> writer = writer())
            {
                Hosts.runUntil(
                    () ->
                    {
                        final boolean isCopied = isCopied(first, writer) && isCopied(second, writer);
                        if (isCopied && source.liveTargets() < 2)
                        {
                            write(writer, 1);
                        }
                        return isCopied && source.liveTargets() == 2;
                    },
                    source, first, second);
            }
            final int completed = (int)channels(from);
            Hosts.runUntil(
                () -> firstEvents.completed().size() == completed && secondEvents.completed().size() == completed,
                source, first, second);
        }
        assertComplete((int)channels(from), source, first, second);
    }

    private void assertComplete(
        final int channels,
        final ReplicationSource source,
        final ReplicationTarget first,
        final ReplicationTarget second)
    {
        Hosts.runUntil(
            () -> firstEvents.completed().size() == channels && secondEvents.completed().size() == channels,
            source, first, second);
        assertEquals(channels, channels(from));
        for (int id = 1; id <= channels; id++)
        {
            Areas.assertSame(file(from, id), file(firstCopy, id));
            Areas.assertSame(file(from, id), file(secondCopy, id));
        }
        assertTrue(sourceEvents.errors().isEmpty(), sourceEvents::toString);
        assertTrue(firstEvents.errors().isEmpty(), firstEvents::toString);
        assertTrue(secondEvents.errors().isEmpty(), secondEvents::toString);
    }

    private static boolean isCopied(final ReplicationTarget target, final SeriesWriter<RawBinDataFormat> writer)
    {
        return target.ordinal() >= 0 &&
            SeriesPosition.of(target.ordinal(), target.position()) == writer.writeOffset();
    }

    private static long ordinal(final SeriesWriter<RawBinDataFormat> writer)
    {
        return SeriesPosition.ordinal(writer.writeOffset());
    }

    private void write(final SeriesWriter<RawBinDataFormat> writer, final int count)
    {
        final UnsafeBuffer record = new UnsafeBuffer(new byte[400]);
        for (int i = 0; i < count; i++)
        {
            record.putLong(0, written);
            writer.write(record, 0, (int)(200 + written % 200));
            written++;
        }
    }

    private static long channels(final Path root)
    {
        long count = 0;
        while (Files.exists(file(root, count + 1)))
        {
            count++;
        }

        return count;
    }

    private static Path file(final Path root, final long id)
    {
        return ChannelPath.file(root.resolve(NAME), id);
    }

    private SeriesWriter<RawBinDataFormat> writer()
    {
        return SeriesWriter.builder(from, NAME, RawBinDataFormat.INSTANCE)
            .capacity(256 * 1024).maxMessageLength(500).open();
    }

    private ReplicationSource source()
    {
        return hosts.closing(hosts.source(from, hosts.driver())
            .liveChannel(hosts.liveChannel()).liveSeries(NAME).listener(sourceEvents).build());
    }

    private ReplicationTarget target(final Path root, final MediaDriver driver, final Events events)
    {
        return hosts.closing(hosts.target(root, driver)
            .series(NAME).liveChannel(hosts.liveEndpoint()).liveTimeout(Duration.ofSeconds(50)).listener(events)
            .build());
    }
}
