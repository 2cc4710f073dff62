package io.kekbit.aeron.replication;

import io.aeron.Aeron;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.kekbit.core.ChannelStatus;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.exceptions.WriterActiveException;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.positions.NamedPosition;
import io.kekbit.core.positions.NamedPositions;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A channel gets to another host as it is, whenever its target joins.
 */
class ReplicationTest
{
    private static final long ID = 0x0001_0002_0003_0004L;
    private static final int CAPACITY = 1 << 20;

    @TempDir
    private Path from;
    @TempDir
    private Path to;
    @TempDir
    private Path toOther;
    private final Hosts hosts = new Hosts();
    private final Events sourceEvents = new Events();
    private final Events targetEvents = new Events();

    @AfterEach
    void closeHosts()
    {
        hosts.close();
    }

    @Test
    void shouldCopyChannelWhenTargetIsThereFromTheStart()
    {
        final ReplicationSource source = source();
        final ReplicationTarget target = target(to);
        try (ShmWriter<RawBinDataFormat> writer = writer(200))
        {
            for (int i = 0; i < 20; i++)
            {
                Hosts.write(writer, i * 100, 100, 200);
                Hosts.runUntil(() -> target.position() == writer.writeOffset(), source, target);
                writer.heartbeat();
            }
            Hosts.runUntil(() -> target.position() == writer.writeOffset(), source, target);
            Areas.assertSame(file(from), file(to));
            assertEquals(2000, target.recordCount());
            assertFalse(target.isComplete());
            assertTrue(target.isConnected());
        }
        final long end = target.position();
        Hosts.runUntil(target::isComplete, source, target);

        Areas.assertSame(file(from), file(to));
        assertEquals(1, targetEvents.copying(), targetEvents.toString());
        assertEquals(end, target.position());
        assertEquals(2000, target.recordCount());
    }

    @Test
    void shouldCopyWholeChannelWhenTargetJoinsLate()
    {
        try (ShmWriter<RawBinDataFormat> writer = writer(200))
        {
            Hosts.write(writer, 0, 5_000, 200);
        }
        final ReplicationSource source = source();
        final ReplicationTarget target = target(to);
        Hosts.runUntil(target::isComplete, source, target);

        Areas.assertSame(file(from), file(to));
        assertEquals(0, Hosts.doWork(target));
    }

    @Test
    void shouldCopyThroughSharedMemoryWhenBothAreOnOneHost()
    {
        final MediaDriver driver = hosts.driver();
        final ReplicationSource source = hosts.closing(hosts.source(from, driver)
            .requestChannel("aeron:ipc").responseChannel("aeron:ipc?term-length=128k").build());
        final ReplicationTarget first = hosts.closing(hosts.target(to, driver).channel(ID)
            .requestChannel("aeron:ipc").responseChannel("aeron:ipc").build());
        final ReplicationTarget second = hosts.closing(hosts.target(toOther, driver).channel(ID)
            .requestChannel("aeron:ipc").responseChannel("aeron:ipc").build());
        try (ShmWriter<RawBinDataFormat> writer = writer(2000))
        {
            Hosts.write(writer, 0, 500, 2000);
        }
        Hosts.runUntil(() -> first.isComplete() && second.isComplete(), source, first, second);

        Areas.assertSame(file(from), file(to));
        Areas.assertSame(file(from), file(toOther));
    }

    @Test
    void shouldGoOnWhereCopyEndsWhenTargetIsStartedAgain()
    {
        final ReplicationSource source = source();
        final MediaDriver driver = hosts.driver();
        try (ShmWriter<RawBinDataFormat> writer = writer(200))
        {
            for (int i = 0; i < 4; i++)
            {
                Hosts.write(writer, i * 1000, 1000, 200);
                try (ReplicationTarget target = hosts.target(to, driver).channel(ID).listener(targetEvents).build())
                {
                    final long position = writer.writeOffset() - 20_000;
                    Hosts.runUntil(() -> target.position() > position, source, target);
                }
            }
        }
        final ReplicationTarget last = hosts.closing(hosts.target(to, driver).channel(ID).build());
        Hosts.runUntil(last::isComplete, source, last);

        Areas.assertSame(file(from), file(to));
        assertEquals(4000, last.recordCount());
        assertEquals(0, targetEvents.discontinuities());
    }

    @Test
    void shouldGoOnWhenSourceIsStartedAgain()
    {
        final MediaDriver driver = hosts.driver();
        final ReplicationTarget target = target(to);
        try (ShmWriter<RawBinDataFormat> writer = writer(200))
        {
            for (int i = 0; i < 3; i++)
            {
                Hosts.write(writer, i * 1000, 1000, 200);
                try (ReplicationSource source = hosts.source(from, driver).build())
                {
                    final long position = writer.writeOffset() - 20_000;
                    Hosts.runUntil(() -> target.position() > position, source, target);
                }
                final int losses = i + 1;
                Hosts.runUntil(() -> targetEvents.lost() == losses, target);
                assertFalse(target.isConnected());
            }
        }
        final ReplicationSource last = hosts.closing(hosts.source(from, driver).build());
        Hosts.runUntil(target::isComplete, last, target);

        Areas.assertSame(file(from), file(to));
        assertEquals(0, targetEvents.discontinuities());
    }

    @Test
    void shouldServeOthersWhenOneTargetIsSlow()
    {
        final ReplicationSource source = source();
        final ReplicationTarget slow = target(to);
        final MediaDriver driver = hosts.driver();
        final ReplicationTarget quick = hosts.closing(hosts.target(toOther, driver).channel(ID).build());
        try (ShmWriter<RawBinDataFormat> writer = writer(200))
        {
            Hosts.write(writer, 0, 100, 200);
            Hosts.runUntil(() -> slow.position() > 0, source, slow);
            // As much as fits no window: the slow one is left standing.
            Hosts.write(writer, 100, 7_000, 200);
            Hosts.runUntil(() -> quick.position() == writer.writeOffset(), source, quick);
            assertTrue(slow.position() < writer.writeOffset());
        }
        Hosts.runUntil(quick::isComplete, source, quick);
        Hosts.runUntil(slow::isComplete, source, slow);

        Areas.assertSame(file(from), file(to));
        Areas.assertSame(file(from), file(toOther));
    }

    @Test
    void shouldFragmentRecordsWhenTheyAreLongerThanDatagram()
    {
        final ReplicationSource source = source();
        final ReplicationTarget target = target(to);
        try (ShmWriter<RawBinDataFormat> writer =
            ShmWriter.create(from, Hosts.header(ID, 8 << 20, 30_000), RawBinDataFormat.INSTANCE))
        {
            Hosts.write(writer, 0, 400, 30_000);
        }
        Hosts.runUntil(target::isComplete, source, target);

        Areas.assertSame(file(from), file(to));
    }

    @Test
    void shouldRefuseChannelWithItsFiguresWhenRecordsMayBeLongerThanMessage()
    {
        hosts.response("term-length=64k");
        final ReplicationSource source = source();
        final ReplicationTarget target = target(to);
        ShmWriter.create(from, Hosts.header(ID, CAPACITY, 8_180), RawBinDataFormat.INSTANCE).close();

        final ReplicationException thrown =
            assertThrows(ReplicationException.class, () -> Hosts.runUntil(() -> false, source, target));

        assertEquals(RefusalReason.RECORD_TOO_LONG, thrown.reason());
        assertTrue(thrown.getMessage().contains("maxRecordLength=8184 takes messageLength=8216 maxMessageLength=8192"),
            thrown.getMessage());
        assertFalse(Files.exists(file(to)));
        assertThrows(ReplicationException.class, target::doWork);
    }

    @Test
    void shouldAskAgainWhenChannelIsNotThereYet()
    {
        final ReplicationSource source = source();
        final ReplicationTarget target = target(to);
        Hosts.runUntil(() -> targetEvents.refusals().size() == 2, source, target);
        assertEquals(RefusalReason.UNKNOWN_STREAM, targetEvents.refusals().get(0));
        try (ShmWriter<RawBinDataFormat> writer = writer(200))
        {
            Hosts.write(writer, 0, 10, 200);
        }
        Hosts.runUntil(target::isComplete, source, target);

        Areas.assertSame(file(from), file(to));
    }

    @Test
    void shouldStopWhenSourceHasAnotherChannelOfThatId() throws IOException
    {
        final ReplicationSource source = source();
        try (ShmWriter<RawBinDataFormat> writer = writer(200);
            ReplicationTarget target = hosts.target(to, hosts.driver()).channel(ID).build())
        {
            Hosts.write(writer, 0, 10, 200);
            Hosts.runUntil(() -> target.position() == writer.writeOffset(), source, target);
        }
        final byte[] copy = Areas.bytes(file(to), CAPACITY);
        Files.delete(file(from));
        try (ShmWriter<RawBinDataFormat> writer = writer(200))
        {
            Hosts.write(writer, 0, 100, 200);
        }
        final ReplicationTarget target = target(to);
        final ReplicationException thrown =
            assertThrows(ReplicationException.class, () -> Hosts.runUntil(target::isComplete, source, target));

        assertEquals(RefusalReason.OTHER_CHANNEL, thrown.reason());
        assertArrayEquals(copy, Areas.bytes(file(to), CAPACITY));
    }

    @Test
    void shouldStopWhenCopyIsLongerThanSource() throws IOException
    {
        final byte[] before;
        try (ShmWriter<RawBinDataFormat> writer = writer(200))
        {
            Hosts.write(writer, 0, 10, 200);
            before = Files.readAllBytes(file(from));
            Hosts.write(writer, 10, 10, 200);
            final ReplicationSource source = source();
            try (ReplicationTarget target = hosts.target(to, hosts.driver()).channel(ID).build())
            {
                Hosts.runUntil(() -> target.position() == writer.writeOffset(), source, target);
            }
        }
        Files.delete(file(from));
        Files.write(file(from), before);
        final Hosts others = hosts.closing(new Hosts());
        final ReplicationSource source = hosts.closing(others.source(from, others.driver()).build());
        final ReplicationTarget target = hosts.closing(others.target(to, others.driver()).channel(ID).build());
        final ReplicationException thrown =
            assertThrows(ReplicationException.class, () -> Hosts.runUntil(target::isComplete, source, target));

        assertEquals(RefusalReason.POSITION_BEYOND_END, thrown.reason());
    }

    @Test
    void shouldStopWhenSourceWasWrittenAnewBeforeItsEnd() throws IOException
    {
        final byte[] before;
        try (ShmWriter<RawBinDataFormat> writer = writer(200))
        {
            Hosts.write(writer, 0, 10, 200);
            before = Files.readAllBytes(file(from));
            Hosts.write(writer, 10, 10, 200);
            final ReplicationSource source = source();
            try (ReplicationTarget target = hosts.target(to, hosts.driver()).channel(ID).build())
            {
                Hosts.runUntil(() -> target.position() == writer.writeOffset(), source, target);
            }
        }
        // As after a loss of power: what was not on the device is gone, and other records of the same lengths follow.
        Files.delete(file(from));
        Files.write(file(from), before);
        try (ShmWriter<RawBinDataFormat> writer = ShmWriter.resume(from, ID, RawBinDataFormat.INSTANCE))
        {
            final UnsafeBuffer record = new UnsafeBuffer(new byte[200]);
            for (int number = 10; number < 30; number++)
            {
                writer.write(record, 0, 8 + number * 37 % 193);
            }
        }
        final Hosts others = hosts.closing(new Hosts());
        final ReplicationSource source = hosts.closing(others.source(from, others.driver()).build());
        final ReplicationTarget target = hosts.closing(others.target(to, others.driver()).channel(ID).build());
        final ReplicationException thrown =
            assertThrows(ReplicationException.class, () -> Hosts.runUntil(target::isComplete, source, target));

        assertEquals(RefusalReason.DIVERGED, thrown.reason());
    }

    @Test
    void shouldCopyUpToDamageAndStopWhenSourceIsCorrupt() throws IOException
    {
        final long end;
        try (ShmWriter<RawBinDataFormat> writer = writer(200))
        {
            Hosts.write(writer, 0, 100, 200);
            end = writer.writeOffset();
            Hosts.write(writer, 100, 100, 200);
        }
        try (RandomAccessFile channel = new RandomAccessFile(file(from).toFile(), "rw"))
        {
            channel.seek(Hosts.RECORD_AREA_OFFSET + end);
            channel.writeLong(-7);
        }
        final ReplicationSource source = source();
        final ReplicationTarget target = target(to);
        final ReplicationException thrown =
            assertThrows(ReplicationException.class, () -> Hosts.runUntil(target::isComplete, source, target));

        assertEquals(RefusalReason.SOURCE_DAMAGED, thrown.reason());
        assertTrue(thrown.getMessage().contains("state=CORRUPT"), thrown.getMessage());
        assertEquals(end, target.position());
        assertArrayEquals(Areas.bytes(file(from), (int)end), Areas.bytes(file(to), (int)end));
    }

    @Test
    void shouldStopWhenSourceHasFileThatIsNoChannel() throws IOException
    {
        Files.createDirectories(file(from).getParent());
        Files.write(file(from), new byte[100_000]);
        final ReplicationSource source = source();
        final ReplicationTarget target = target(to);
        final ReplicationException thrown =
            assertThrows(ReplicationException.class, () -> Hosts.runUntil(target::isComplete, source, target));

        assertEquals(RefusalReason.SOURCE_DAMAGED, thrown.reason());
        assertTrue(thrown.getMessage().contains(file(from).toString()), thrown.getMessage());
        assertEquals(1, source.targets());
    }

    @Test
    void shouldServeBothWhenOneTargetCopiesTwoChannelsByOneName()
    {
        final ReplicationSource source = source();
        final MediaDriver driver = hosts.driver();
        final ReplicationTarget first = hosts.closing(
            hosts.target(to, driver).channel(ID).name("one").listener(targetEvents).build());
        final ReplicationTarget second = hosts.closing(
            hosts.target(to, driver).channel(ID + 1).name("one").listener(targetEvents).build());
        writer(200).close();
        try (ShmWriter<RawBinDataFormat> writer =
            ShmWriter.create(from, Hosts.header(ID + 1, CAPACITY, 200), RawBinDataFormat.INSTANCE))
        {
            Hosts.write(writer, 0, 100, 200);
        }
        Hosts.runUntil(() -> first.isComplete() && second.isComplete(), source, first, second);

        assertEquals(0, targetEvents.lost());
    }

    @Test
    void shouldLetGoOfTargetWhenItAsksForNothing()
    {
        final AtomicLong offset = new AtomicLong();
        final ReplicationSource source = hosts.closing(hosts.source(from, hosts.driver())
            .listener(sourceEvents).clock(() -> System.nanoTime() + offset.get()).build());
        final Aeron aeron = hosts.closing(Aeron.connect(Hosts.client(hosts.driver())));
        final Subscription responses = aeron.addSubscription(
            hosts.responseChannel() + "|control-mode=response", ReplicationSourceBuilder.DEFAULT_RESPONSE_STREAM_ID);
        aeron.addExclusivePublication(
            hosts.requestChannel() + "|response-correlation-id=" + responses.registrationId(),
            ReplicationSourceBuilder.DEFAULT_REQUEST_STREAM_ID);
        Hosts.runUntil(() -> source.targets() == 1, source);
        offset.set(TimeUnit.SECONDS.toNanos(11));
        Hosts.runUntil(() -> source.targets() == 0, source);

        assertEquals(1, sourceEvents.lost());
    }

    @Test
    void shouldServeOthersWhenChannelOfOneTargetIsCutOff() throws IOException
    {
        final long otherId = ID + 1;
        final ReplicationSource source = source();
        final ReplicationTarget target = target(to);
        final ReplicationTarget other =
            hosts.closing(hosts.target(toOther, hosts.driver()).channel(otherId).build());
        try (ShmWriter<RawBinDataFormat> writer =
            ShmWriter.create(from, Hosts.header(otherId, CAPACITY, 200), RawBinDataFormat.INSTANCE))
        {
            try (ShmWriter<RawBinDataFormat> cut = writer(200))
            {
                Hosts.write(cut, 0, 6_000, 200);
            }
            Hosts.write(writer, 0, 100, 200);
            Hosts.runUntil(() -> target.position() > 0, source, target);
            try (RandomAccessFile channel = new RandomAccessFile(file(from).toFile(), "rw"))
            {
                channel.setLength(400_000);
            }
            Hosts.runUntil(() -> sourceEvents.refusals().size() + sourceEvents.errors().size() > 0, source);
            Hosts.runUntil(() -> other.position() == writer.writeOffset(), source, other);
        }
        Hosts.runUntil(other::isComplete, source, other);

        Areas.assertSame(ChannelPath.file(from, otherId), ChannelPath.file(toOther, otherId));
    }

    @Test
    void shouldAskAgainWhenChannelAtSourceIsReplaced() throws IOException
    {
        final ReplicationSource source = source();
        final ReplicationTarget target = target(to);
        try (ShmWriter<RawBinDataFormat> writer = writer(200))
        {
            Hosts.write(writer, 0, 10, 200);
            Hosts.runUntil(() -> target.position() == writer.writeOffset(), source, target);
            Hosts.write(writer, 10, 10, 200);
            Hosts.runUntil(() -> target.position() == writer.writeOffset(), source, target);
            final byte[] whole = Files.readAllBytes(file(from));
            Files.delete(file(from));
            Hosts.runUntil(() -> targetEvents.refusals().size() > 1, source, target);
            Files.write(file(from), whole);
            Hosts.runUntil(() -> targetEvents.copying() == 2, source, target);
        }

        assertEquals(RefusalReason.UNKNOWN_STREAM, targetEvents.refusals().get(0));
        assertTrue(targetEvents.details().get(0).contains("deleted or replaced"), targetEvents.toString());
    }

    @Test
    void shouldStopWhenSomebodyElseWritesTheCopy()
    {
        try (ShmWriter<RawBinDataFormat> writer = writer(200);
            ReplicationTarget other = hosts.target(to, hosts.driver()).channel(ID).build())
        {
            Hosts.write(writer, 0, 10, 200);
            final ReplicationSource source = source();
            Hosts.runUntil(() -> other.position() == writer.writeOffset(), source, other);
            final ReplicationTarget target = target(to);
            final ReplicationException thrown =
                assertThrows(ReplicationException.class, () -> Hosts.runUntil(target::isComplete, source, target));

            assertEquals(RefusalReason.COPY_FAILED, thrown.reason());
            assertTrue(thrown.getCause() instanceof WriterActiveException, thrown.toString());
        }
    }

    @Test
    void shouldServeNoMoreTargetsThanAllowed()
    {
        final ReplicationSource source =
            hosts.closing(hosts.source(from, hosts.driver()).maxTargets(1).listener(sourceEvents).build());
        final MediaDriver driver = hosts.driver();
        final AtomicLong offset = new AtomicLong();
        final ReplicationTarget second = hosts.closing(hosts.target(toOther, driver)
            .channel(ID).clock(() -> System.nanoTime() + offset.get()).listener(targetEvents).build());
        try (ShmWriter<RawBinDataFormat> writer = writer(200);
            ReplicationTarget first = hosts.target(to, driver).channel(ID).build())
        {
            Hosts.write(writer, 0, 10, 200);
            Hosts.runUntil(() -> first.position() == writer.writeOffset(), source, first);
            Hosts.runUntil(() -> !sourceEvents.errors().isEmpty(), source, first, second);
            assertEquals(1, source.targets());
        }
        // The first one went, and the second one gives its attempt up.
        offset.set(TimeUnit.MINUTES.toNanos(1));
        Hosts.runUntil(second::isComplete, source, second);

        Areas.assertSame(file(from), file(toOther));
    }

    @Test
    void shouldLetGoOfWhatTargetWasBeforeWhenItComesBackByItsName()
    {
        final ReplicationSource source = source();
        final MediaDriver driver = hosts.driver();
        try (ShmWriter<RawBinDataFormat> writer = writer(200))
        {
            Hosts.write(writer, 0, 10, 200);
            final ReplicationTarget before =
                hosts.closing(hosts.target(to, driver).channel(ID).name("one").build());
            Hosts.runUntil(() -> before.position() == writer.writeOffset(), source, before);
            final ReplicationTarget after =
                hosts.closing(hosts.target(toOther, driver).channel(ID).name("one").build());
            Hosts.runUntil(() -> after.position() == writer.writeOffset(), source, after);

            assertEquals(1, source.targets());
            assertEquals(1, sourceEvents.lost());
        }
    }

    @Test
    void shouldForceCopyBeforeItAsksWhenSourceMayKeepItsPosition(@TempDir final Path positions)
    {
        final MediaDriver driver = hosts.driver();
        final ReplicationTarget target = hosts.closing(
            hosts.target(to, hosts.driver()).channel(ID).name("one").listener(targetEvents).build());
        try (ShmWriter<RawBinDataFormat> writer = writer(200))
        {
            Hosts.write(writer, 0, 100, 200);
            try (ReplicationSource source = hosts.source(from, driver).positions(positions, List.of("one")).build())
            {
                Hosts.runUntil(() -> target.position() == writer.writeOffset(), source, target);
            }
            Hosts.runUntil(() -> targetEvents.lost() == 1, target);
            final long copied = target.position();
            assertTrue(durable() < copied);

            final ReplicationSource again =
                hosts.closing(hosts.source(from, driver).positions(positions, List.of("one")).build());
            Hosts.runUntil(() -> kept(positions) == copied, again, target);
            assertEquals(copied, durable());
        }
    }

    private long durable()
    {
        return ChannelStatus.of(file(to)).durablePosition().orElseThrow();
    }

    /**
     * The position that the source keeps of the one target.
     */
    private static long kept(final Path positions)
    {
        return NamedPositions.in(positions.resolve("targets")).positions().stream()
            .mapToLong(NamedPosition::position).max().orElse(-1);
    }

    @Test
    void shouldCopyChannelOfTheCrate() throws IOException
    {
        final Path crate = Path.of(
            "..", "kekbit-core", "src", "test", "resources", "channels", "rust", "0000_0000", "0000_0001.kekbit");
        final Path channel = ChannelPath.file(from, 1);
        Files.createDirectories(channel.getParent());
        Files.copy(crate, channel);
        final ReplicationSource source = source();
        final ReplicationTarget target = hosts.closing(hosts.target(to, hosts.driver()).channel(1).build());
        Hosts.runUntil(target::isComplete, source, target);

        Areas.assertSame(channel, ChannelPath.file(to, 1));
    }

    private ReplicationSource source()
    {
        return hosts.closing(hosts.source(from, hosts.driver()).listener(sourceEvents).build());
    }

    private ReplicationTarget target(final Path root)
    {
        return hosts.closing(hosts.target(root, hosts.driver()).channel(ID).listener(targetEvents).build());
    }

    private ShmWriter<RawBinDataFormat> writer(final int maxRecordLength)
    {
        return ShmWriter.create(from, Hosts.header(ID, CAPACITY, maxRecordLength), RawBinDataFormat.INSTANCE);
    }

    private static Path file(final Path root)
    {
        return ChannelPath.file(root, ID);
    }
}
