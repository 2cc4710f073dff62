package io.kekbit.aeron.faults;

import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ReaderState;
import io.kekbit.core.ShmReader;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.series.SeriesPosition;
import io.kekbit.core.series.SeriesReader;
import io.kekbit.core.series.SeriesWriter;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AgentInvoker;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A series that is copied while target, source and their drivers are killed by SIGKILL, one at a time at random
 * instants, over a network that loses datagrams. A reader of the copy is there all the time.
 */
@Tag("aeron")
class KillReplicationTest
{
    private static final int KILLS = Evidence.times("kekbit.aeron.kills", 4);
    private static final int MAX_LENGTH = 96;
    private static final int CAPACITY = 1024 * 1024;
    private static final String NAME = "stream";
    private static final int RECORDS_BETWEEN_RESTS = 20;
    private static final long REST_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int LONGEST_PAUSE_MS = KILLS < 10 ? 1_000 : 2_500;
    private static final long PATIENCE_NS = TimeUnit.MINUTES.toNanos(2);

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final List<Site.Part> toKill = new ArrayList<>();
    private final int[] killsOfParts = new int[Site.Part.values().length];

    @TempDir
    private Path folder;
    private SeriesReader liveReader;
    private long liveRecords;
    private long liveWrong;

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void shouldHoldCompleteCopyWhenTargetAndSourceAndDriversAreKilled() throws InterruptedException
    {
        copyAndKill("kill -9 of hosts and drivers of a copy", new Site(folder, NAME, seed));
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void shouldHoldCompleteCopyWhenItFollowsLiveStreamAndHostsAreKilled() throws InterruptedException
    {
        copyAndKill("kill -9 of hosts and drivers of a copy that follows a live stream",
            new Site(folder, NAME, seed).live());
    }

    private void copyAndKill(final String what, final Site stopped) throws InterruptedException
    {
        final long records;
        final long ordinal;
        try (Site site = stopped.roughness("0,0.01,0.01,0.01", "0.01,0.01,0,0").startAll())
        {
            try (SeriesWriter<RawBinDataFormat> writer = SeriesWriter
                .builder(site.sourceRoot(), NAME, RawBinDataFormat.INSTANCE)
                .capacity(CAPACITY)
                .maxMessageLength(MAX_LENGTH)
                .open())
            {
                final AgentInvoker agent = new AgentInvoker(failure ->
                {
                    throw new AssertionError(failure);
                }, null, writer.agent());
                agent.start();
                records = writeAndKill(writer, agent, site);
                ordinal = SeriesPosition.ordinal(writer.writeOffset());
            }
            awaitCopy(site, records);
            site.assertAlive();
            compare(what, site, records, ordinal);
        }
        finally
        {
            if (liveReader != null)
            {
                liveReader.close();
            }
        }
    }

    private long writeAndKill(
        final SeriesWriter<RawBinDataFormat> writer, final AgentInvoker agent, final Site site)
        throws InterruptedException
    {
        long number = site.isLive() ? writeUntilLive(writer, agent, site) : 0;
        for (int kill = 0; kill < KILLS; kill++)
        {
            final long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(LONGEST_PAUSE_MS));
            do
            {
                number = write(writer, agent, number);
                readLive(site);
            }
            while (System.nanoTime() - endNs < 0);
            final Site.Part part = next();
            killsOfParts[part.ordinal()]++;
            site.killAndRestart(part);
        }

        return write(writer, agent, number);
    }

    private long writeUntilLive(
        final SeriesWriter<RawBinDataFormat> writer, final AgentInvoker agent, final Site site)
    {
        final long startNs = System.nanoTime();
        long number = 0;
        while (!site.child(Site.Part.TARGET_HOST).printed().contains(TargetMain.LIVE))
        {
            number = write(writer, agent, number);
            readLive(site);
            assertTrue(System.nanoTime() - startNs < PATIENCE_NS, site::printed);
        }

        return number;
    }

    /**
     * Each as often as the others, in no order.
     */
    private Site.Part next()
    {
        if (toKill.isEmpty())
        {
            toKill.addAll(List.of(Site.Part.values()));
        }

        return toKill.remove(random.nextInt(toKill.size()));
    }

    private static long write(
        final SeriesWriter<RawBinDataFormat> writer, final AgentInvoker agent, final long last)
    {
        for (int i = 1; i <= RECORDS_BETWEEN_RESTS; i++)
        {
            assertTrue(Numbered.tryWrite(writer, last + i, MAX_LENGTH) > 0);
        }
        writer.heartbeat();
        agent.invoke();
        LockSupport.parkNanos(REST_NS);

        return last + RECORDS_BETWEEN_RESTS;
    }

    /**
     * Reads what there is of the copy, as anybody would who knows nothing of copies.
     */
    private void readLive(final Site site)
    {
        if (liveReader == null)
        {
            try
            {
                liveReader = SeriesReader.open(site.targetRoot(), NAME);
            }
            catch (final ChannelNotFoundException ex)
            {
                return;
            }
        }
        liveReader.read(this::onLiveRecord, Integer.MAX_VALUE);
    }

    private void onLiveRecord(
        final DirectBuffer buffer, final int offset, final int length, final long position, final long nextPosition)
    {
        liveRecords++;
        if (!Numbered.isRight(liveRecords, buffer, offset, length, MAX_LENGTH))
        {
            liveWrong++;
        }
    }

    private void awaitCopy(final Site site, final long records)
    {
        final long startNs = System.nanoTime();
        while (liveRecords < records || liveReader.state() != ReaderState.CLOSED)
        {
            readLive(site);
            assertTrue(
                System.nanoTime() - startNs < PATIENCE_NS,
                "copied " + liveRecords + " of " + records + " seed=" + seed + "\n" + site.printed());
            LockSupport.parkNanos(REST_NS);
        }
    }

    private void compare(final String what, final Site site, final long records, final long lastOrdinal)
    {
        final Content source = contentOf(site.sourceRoot());
        assertEquals(source, contentOf(site.targetRoot()), "seed=" + seed);
        assertEquals(records, source.records());
        assertEquals(0, source.wrong());
        assertEquals(records, liveRecords);
        assertEquals(0, liveWrong);
        long same = 0;
        for (int i = 0; i <= lastOrdinal; i++)
        {
            // Channel ids of a series count from 1.
            same += Content.assertSameRecordArea(fileOf(site.sourceRoot(), i + 1), fileOf(site.targetRoot(), i + 1));
        }
        assertTrue(Files.notExists(fileOf(site.targetRoot(), lastOrdinal + 2)));
        Evidence.print(
            what, "kills", KILLS,
            "ofSourceDriver", killsOfParts[Site.Part.SOURCE_DRIVER.ordinal()],
            "ofSource", killsOfParts[Site.Part.SOURCE_HOST.ordinal()],
            "ofTargetDriver", killsOfParts[Site.Part.TARGET_DRIVER.ordinal()],
            "ofTarget", killsOfParts[Site.Part.TARGET_HOST.ordinal()],
            "channels", lastOrdinal + 1, "records", records, "copied", liveRecords, "missing", 0, "doubled", 0,
            "sameBytes", same, "differentBytes", 0, "digest", source.digest(), "seed", seed);
    }

    private static Content contentOf(final Path root)
    {
        try (SeriesReader reader = SeriesReader.open(root, NAME))
        {
            return Content.of(reader, MAX_LENGTH);
        }
    }

    private static Path fileOf(final Path root, final long channelId)
    {
        final Path file = ChannelPath.file(root.resolve(NAME), channelId);
        if (Files.exists(file))
        {
            try (ShmReader reader = ShmReader.builder(file).open())
            {
                assertEquals(channelId, reader.header().channelId());
            }
        }

        return file;
    }
}
