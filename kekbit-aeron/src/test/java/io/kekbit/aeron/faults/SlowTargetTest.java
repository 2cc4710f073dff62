package io.kekbit.aeron.faults;

import io.kekbit.core.Header;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.layout.ChannelPath;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Targets that are stopped, or late: nobody waits for them, and they get everything.
 */
@Tag("aeron")
class SlowTargetTest
{
    private static final int RECORDS = Evidence.times("kekbit.aeron.records", 100_000) / 4;
    private static final int MAX_LENGTH = 96;
    private static final int MAX_RECORD_LENGTH = 104;
    private static final long CHANNEL_ID = 1;

    private final long seed = System.nanoTime();

    @TempDir
    private Path folder;

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void shouldSlowNeitherWriterNorOtherTargetWhenTargetIsStopped() throws IOException, InterruptedException
    {
        final Path otherRoot = folder.resolve("other");
        try (Site site = new Site(folder, Long.toString(CHANNEL_ID), seed).startAll();
            Child other = site.startTarget(otherRoot))
        {
            final Child stopped = site.child(Site.Part.TARGET_HOST);
            final long withAllMs;
            final long withStoppedMs;
            try (ShmWriter<RawBinDataFormat> writer = create(site.sourceRoot()))
            {
                stopped.await(TargetMain.COPYING);
                other.await(TargetMain.COPYING);
                withAllMs = write(writer, 0, RECORDS);
                stopped.signal("STOP");
                withStoppedMs = write(writer, RECORDS, RECORDS);
            }
            // The other one gets all of it, while nobody takes what is sent to the one that is stopped.
            other.await(TargetMain.COMPLETE);
            assertTrue(stopped.isAlive());
            assertFalse(stopped.printed().contains(TargetMain.COMPLETE));
            stopped.signal("CONT");
            stopped.await(TargetMain.COMPLETE);

            final long same = compare(site.sourceRoot(), otherRoot);
            assertEquals(same, compare(site.sourceRoot(), site.targetRoot()));
            Evidence.print(
                "a target stopped while the writer writes", "records", 2 * RECORDS, "msWithAllTargets", withAllMs,
                "msWithOneStopped", withStoppedMs, "sameBytes", same, "differentBytes", 0);
        }
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void shouldCopyFromTheStartWhenTargetJoinsLate() throws IOException, InterruptedException
    {
        try (Site site = new Site(folder, Long.toString(CHANNEL_ID), seed).startAllButTarget())
        {
            try (ShmWriter<RawBinDataFormat> writer = create(site.sourceRoot()))
            {
                write(writer, 0, RECORDS);
                site.start(Site.Part.TARGET_HOST).await(TargetMain.COPYING);
                write(writer, RECORDS, RECORDS);
            }
            site.child(Site.Part.TARGET_HOST).await(TargetMain.COMPLETE);
            // And one that comes when all is over.
            final Path lastRoot = folder.resolve("last");
            try (Child last = site.startTarget(lastRoot))
            {
                last.await(TargetMain.COMPLETE);
            }

            final long same = compare(site.sourceRoot(), site.targetRoot());
            assertEquals(same, compare(site.sourceRoot(), lastRoot));
            Evidence.print(
                "targets that join late", "records", 2 * RECORDS, "missing", 0, "sameBytes", same,
                "differentBytes", 0);
        }
    }

    private static ShmWriter<RawBinDataFormat> create(final Path root)
    {
        final Header header = Header.builder()
            .channelId(CHANNEL_ID)
            .capacity(Math.max(64 * 1024, 2L * RECORDS * MAX_RECORD_LENGTH))
            .maxMessageLength(MAX_LENGTH)
            .build();

        return ShmWriter.create(root, header, RawBinDataFormat.INSTANCE);
    }

    private static long write(final ShmWriter<RawBinDataFormat> writer, final long last, final int count)
    {
        final long startNs = System.nanoTime();
        for (int i = 1; i <= count; i++)
        {
            assertTrue(Numbered.tryWrite(writer, last + i, MAX_LENGTH) > 0);
        }

        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
    }

    private static long compare(final Path source, final Path target)
    {
        final Content content = Content.ofChannel(source, CHANNEL_ID, MAX_LENGTH);
        assertEquals(content, Content.ofChannel(target, CHANNEL_ID, MAX_LENGTH));
        assertEquals(2L * RECORDS, content.records());
        assertEquals(0, content.wrong());

        return Content.assertSameRecordArea(
            ChannelPath.file(source, CHANNEL_ID), ChannelPath.file(target, CHANNEL_ID));
    }
}
