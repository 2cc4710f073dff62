package io.kekbit.aeron.faults;

import io.kekbit.core.Header;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ReaderState;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.layout.ChannelPath;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A channel that is copied over UDP, from process to process, while datagrams are lost, doubled and reordered.
 */
@Tag("aeron")
class RoughReplicationTest
{
    private static final int RECORDS = Evidence.times("kekbit.aeron.records", 100_000);
    private static final int MAX_LENGTH = 96;
    private static final int MAX_RECORD_LENGTH = 104;
    private static final long CHANNEL_ID = 1;
    private static final String ROUGH = "0.01,0.01,0.01,0.01";

    private final long seed = System.nanoTime();

    @TempDir
    private Path folder;

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void shouldCopyEveryByteWhenDatagramsAreLost() throws IOException, InterruptedException
    {
        copy("1 % of datagrams lost", "0,0.01,0,0", "0.01,0.01,0,0");
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void shouldCopyEveryByteWhenDatagramsAreLostAndDoubledAndReordered() throws IOException, InterruptedException
    {
        copy("1 % of datagrams lost, 1 % doubled, 1 % reordered", ROUGH, ROUGH);
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void shouldCopyEveryByteWhenHostsAreInNetworksOfTheirOwn() throws IOException, InterruptedException
    {
        final Networks networks = Networks.tryCreate();
        if (networks == null)
        {
            System.out.println("skipped: two networks with a cable between them take Linux, root and ip");
            Assumptions.abort();
        }
        try (networks)
        {
            final boolean isRough = networks.tryRoughen();
            if (!isRough)
            {
                System.out.println("skipped: a kernel that loses, doubles and reorders takes tc and netem; instead " +
                    "the drivers do so, in networks of their own");
            }
            final Site site = new Site(folder, Long.toString(CHANNEL_ID), seed)
                .starters(networks.sourceStarter(), networks.targetStarter(), Networks.SOURCE_ADDRESS)
                .roughness(isRough ? DriverMain.SMOOTH : ROUGH, isRough ? DriverMain.SMOOTH : ROUGH);
            copy("from network to network, netem=" + isRough, site, isRough ? 0 : 1);
            Evidence.print("what the kernel did", "netem", isRough, "atSource", networks.statistics());
        }
    }

    private void copy(final String what, final String ofSource, final String ofTarget)
        throws IOException, InterruptedException
    {
        copy(what, new Site(folder, Long.toString(CHANNEL_ID), seed).roughness(ofSource, ofTarget), 1);
    }

    private void copy(final String what, final Site stopped, final long leastLost)
        throws IOException, InterruptedException
    {
        try (Site site = stopped.startAll())
        {
            final long startNs = System.nanoTime();
            write(site.sourceRoot());
            final Child target = site.child(Site.Part.TARGET_HOST);
            target.await(TargetMain.COMPLETE);
            final long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
            assertEquals(0, target.awaitEnd());
            final String atSource = stop(site.child(Site.Part.SOURCE_DRIVER));
            final String atTarget = stop(site.child(Site.Part.TARGET_DRIVER));

            final Content source = Content.ofChannel(site.sourceRoot(), CHANNEL_ID, MAX_LENGTH);
            assertEquals(source, Content.ofChannel(site.targetRoot(), CHANNEL_ID, MAX_LENGTH), "seed=" + seed);
            assertEquals(RECORDS, source.records());
            assertEquals(0, source.wrong());
            assertEquals(ReaderState.CLOSED, source.state());
            final long same = Content.assertSameRecordArea(
                ChannelPath.file(site.sourceRoot(), CHANNEL_ID), ChannelPath.file(site.targetRoot(), CHANNEL_ID));
            assertTrue(Roughness.count(atTarget, "lost") >= leastLost, atTarget);
            Evidence.print(
                "copied over UDP, " + what, "records", source.records(), "copied", source.records(), "sameBytes", same,
                "differentBytes", 0, "digest", source.digest(), "seconds", tookMs / 1e3, "atSource", atSource,
                "atTarget", atTarget, "seed", seed);
        }
    }

    private static void write(final Path root)
    {
        final Header header = Header.builder()
            .channelId(CHANNEL_ID)
            .capacity(Math.max(64 * 1024, (long)RECORDS * MAX_RECORD_LENGTH))
            .maxMessageLength(MAX_LENGTH)
            .build();
        try (ShmWriter<RawBinDataFormat> writer = ShmWriter.create(root, header, RawBinDataFormat.INSTANCE))
        {
            for (long number = 1; number <= RECORDS; number++)
            {
                assertTrue(Numbered.tryWrite(writer, number, MAX_LENGTH) > 0);
                if (number % 1024 == 0)
                {
                    writer.heartbeat();
                }
            }
        }
    }

    private static String stop(final Child driver) throws IOException, InterruptedException
    {
        driver.tell(DriverMain.STOP);
        final String figures = driver.await(DriverMain.DONE).substring(DriverMain.DONE.length());
        assertEquals(0, driver.awaitEnd());

        return "[" + figures + "]";
    }
}
