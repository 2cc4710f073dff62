package io.kekbit.aeron.replication;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.kekbit.aeron.faults.Ports;
import io.kekbit.aeron.replication.codecs.BlockDecoder;
import io.kekbit.aeron.replication.codecs.BlockEncoder;
import io.kekbit.aeron.replication.codecs.MessageHeaderDecoder;
import io.kekbit.aeron.replication.codecs.MessageHeaderEncoder;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.Reader;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.layout.ChannelPath;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Many targets follow one live stream of a channel, and each is sent by itself what it lacks there.
 */
class LiveStreamTest
{
    private static final long ID = 21;
    private static final int CAPACITY = 64 << 20;
    private static final int MAX_LENGTH = 500;
    private static final int LIVE_STREAM_ID = ReplicationSourceBuilder.DEFAULT_LIVE_STREAM_ID;
    private static final UnsafeBuffer BLOCK = new UnsafeBuffer(new byte[100]);
    private static final Duration PATIENCE = Duration.ofSeconds(50);
    private static final Duration IMPATIENCE = Duration.ofMillis(100);

    @TempDir
    private Path folder;
    private final Hosts hosts = new Hosts();
    private final Events sourceEvents = new Events();
    private final Events events = new Events();
    private final List<Agent> agents = new ArrayList<>();
    private final List<ReplicationTarget> targets = new ArrayList<>();
    private final List<Path> copies = new ArrayList<>();
    private ShmWriter<RawBinDataFormat> writer;
    private long written;

    @AfterEach
    void closeHosts()
    {
        hosts.close();
    }

    @Test
    void shouldSendEachBlockOnceWhenManyTargetsFollowLiveStream()
    {
        final ReplicationSource source = source();
        createChannel();
        for (int i = 0; i < 3; i++)
        {
            target(hosts.driver(), PATIENCE);
        }
        awaitLive(source, 3);
        final long begin = writer.writeOffset();
        final long blocksBefore = source.blocksSent();
        final long liveBefore = source.liveBytesSent();
        for (int i = 0; i < 100; i++)
        {
            write(50);
            runUntil(this::isCopied);
        }

        assertEquals(blocksBefore, source.blocksSent(), this::told);
        assertEquals(writer.writeOffset() - begin, source.liveBytesSent() - liveBefore);
        assertEquals(3, source.liveTargets());
        for (final ReplicationTarget target : targets)
        {
            assertTrue(target.isLive());
            assertEquals(0, target.liveFallBacks(), this::told);
        }
        assertCopiesComplete();
    }

    @Test
    void shouldSendEachBlockOnceWhenTargetsListenToMulticastGroup()
    {
        assumeTrue(Multicast.isPossible(), "no multicast on the loopback interface");
        final String group = "aeron:udp?endpoint=224.20.30.39:" + Ports.free() + "|interface=127.0.0.1";
        final ReplicationSource source = add(hosts.source(folder.resolve("from"), hosts.driver())
            .liveChannel(group + "|term-length=1m|ttl=0").liveChannelId(ID).listener(sourceEvents));
        createChannel();
        for (int i = 0; i < 2; i++)
        {
            add(hosts.target(copy(), hosts.driver())
                .channel(ID).liveChannel(group).liveTimeout(PATIENCE).listener(events));
        }
        awaitLive(source, 2);
        final long blocksBefore = source.blocksSent();
        write(1_000);
        runUntil(this::isCopied);

        assertEquals(blocksBefore, source.blocksSent(), this::told);
        assertCopiesComplete();
    }

    @Test
    void shouldCatchUpAndJoinWhenTargetComesLate()
    {
        final ReplicationSource source = source();
        createChannel();
        target(hosts.driver(), PATIENCE);
        awaitLive(source, 1);
        for (int i = 0; i < 50; i++)
        {
            write(100);
            runUntil(this::isCopied);
        }
        final long before = source.bytesSent();
        target(hosts.driver(), PATIENCE);
        // What is written meanwhile does not keep it from meeting the live stream.
        final ReplicationTarget first = targets.get(0);
        runUntil(() ->
        {
            if (first.position() == writer.writeOffset())
            {
                write(1);
            }
            return source.liveTargets() == 2;
        });
        final ReplicationTarget late = targets.get(1);
        assertTrue(source.bytesSent() - before > 50 * 100 * MAX_LENGTH / 4, this::told);

        final long blocksBefore = source.blocksSent();
        write(1_000);
        runUntil(this::isCopied);
        assertEquals(blocksBefore, source.blocksSent(), this::told);
        assertTrue(late.isLive());
        assertCopiesComplete();
    }

    @Test
    void shouldGoOnByItselfWhenDatagramsOfLiveStreamAreLost()
    {
        final ReplicationSource source = source();
        createChannel();
        final MediaDriver lossy = hosts.driver(
            Hosts.driverContext().receiveChannelEndpointSupplier(LossyEndpoint.supplier(0.02, System.nanoTime())));
        // What is lost is not sent again.
        final ReplicationTarget target = add(hosts.target(copy(), lossy)
            .channel(ID).liveChannel(hosts.liveEndpoint() + "|reliable=false").listener(events)
            .liveTimeout(IMPATIENCE));
        target(hosts.driver(), PATIENCE);
        awaitLive(source, 1);
        runUntil(() ->
        {
            if (isCopied())
            {
                write(10);
            }
            return target.liveFallBacks() > 3;
        });
        assertTrue(events.live().size() > 3, this::told);
        assertCopiesComplete();
    }

    @Test
    void shouldGoOnByItselfWhenTargetIsTooSlowForLiveStream()
    {
        final ReplicationSource source = source();
        createChannel();
        final ReplicationTarget fast = target(hosts.driver(), PATIENCE);
        final ReplicationTarget slow = target(hosts.driver(), IMPATIENCE);
        awaitLive(source, 2);
        final long begin = writer.writeOffset();
        while (writer.writeOffset() < begin + (4 << 20))
        {
            write(100);
            Hosts.runUntil(() -> fast.position() == writer.writeOffset(), source, fast);
        }
        assertTrue(fast.isLive());
        assertEquals(0, fast.liveFallBacks(), this::told);
        assertTrue(slow.position() < writer.writeOffset());
        runUntil(this::isCopied);

        assertTrue(slow.liveFallBacks() > 0, this::told);
        assertCopiesComplete();
    }

    @Test
    void shouldServeOthersByThemselvesWhenOneTargetHoldsUpLiveStream()
    {
        // The slowest sets the pace.
        final ReplicationSource source = add(hosts.source(folder.resolve("from"), hosts.driver())
            .liveChannel(hosts.liveChannel() + "|fc=min").liveChannelId(ID).listener(sourceEvents));
        createChannel();
        final ReplicationTarget fast = target(hosts.driver(), PATIENCE);
        target(hosts.driver(), IMPATIENCE);
        awaitLive(source, 2);
        // More than the stream takes, which the source notices before the target does.
        write(16_000);
        Hosts.runUntil(() -> fast.position() == writer.writeOffset(), source, fast);
        assertTrue(fast.liveFallBacks() > 0, this::told);
        awaitLive(source, 2);

        assertCopiesComplete();
    }

    @Test
    void shouldJoinAgainWhenSourceIsStartedAgain()
    {
        final MediaDriver driver = hosts.driver();
        ReplicationSource source = source(driver);
        createChannel();
        target(hosts.driver(), PATIENCE);
        target(hosts.driver(), PATIENCE);
        for (int i = 1; i <= 3; i++)
        {
            awaitLive(source, 2);
            agents.remove(source);
            source.close();
            write(500);
            final long fallBacks = i;
            runUntil(() -> targets.stream().allMatch((target) -> target.liveFallBacks() >= fallBacks));
            source = source(driver);
        }
        awaitLive(source, 2);
        final long blocksBefore = source.blocksSent();
        write(500);
        runUntil(this::isCopied);

        assertEquals(blocksBefore, source.blocksSent(), this::told);
        assertCopiesComplete();
    }

    @Test
    void shouldJoinAgainWhenDriversAreStartedAgain()
    {
        final MediaDriver.Context context = Hosts.driverContext()
            .imageLivenessTimeoutNs(TimeUnit.MILLISECONDS.toNanos(1_500))
            .publicationConnectionTimeoutNs(TimeUnit.MILLISECONDS.toNanos(1_500));
        final MediaDriver.Context targetContext =
            context.clone().aeronDirectoryName(CommonContext.generateRandomDirName());
        final MediaDriver sourceDriver = hosts.driver(context.clone());
        final MediaDriver targetDriver = hosts.driver(targetContext.clone());
        final ReplicationSource source = source(sourceDriver);
        createChannel();
        final ReplicationTarget target = target(targetDriver, PATIENCE);
        awaitLive(source, 1);

        targetDriver.close();
        write(100);
        runUntil(() -> events.driversLost() == 1 && !target.isLive());
        hosts.driver(targetContext.clone());
        runUntil(this::isCopied);
        awaitLive(source, 1);

        final int joined = events.live().size();
        sourceDriver.close();
        write(100);
        runUntil(() -> sourceEvents.driversLost() == 1 && !target.isLive());
        hosts.driver(context.clone());
        runUntil(this::isCopied);
        awaitLive(source, 1);

        assertTrue(events.live().size() > joined, this::told);
        completeCopies();
    }

    @Test
    void shouldCopyWhenLiveChannelCannotBeUsed()
    {
        final String unusable = "aeron:udp?endpoint=224.20.30.39:4000|interface=203.0.113.1";
        final ReplicationSource source = add(hosts.source(folder.resolve("from"), hosts.driver())
            .liveChannel(unusable).liveChannelId(ID).listener(sourceEvents));
        createChannel();
        final ReplicationTarget target =
            add(hosts.target(copy(), hosts.driver()).channel(ID).liveChannel(unusable).listener(events));
        write(1_000);
        runUntil(() -> isCopied() && !events.errors().isEmpty() && !sourceEvents.errors().isEmpty());
        write(1_000);
        runUntil(this::isCopied);

        assertFalse(target.isLive());
        assertEquals(0, source.liveTargets());
        assertTrue(events.errors().get(0).getMessage().contains("203.0.113.1"), this::told);
        assertTrue(sourceEvents.errors().get(0).getMessage().contains("203.0.113.1"), this::told);
        completeCopies();
    }

    @Test
    void shouldCopyRecordsThatAreLongerThanDatagramsWhenTheyComeLive()
    {
        final ReplicationSource source = source();
        writer = hosts.closing(
            ShmWriter.create(folder.resolve("from"), Hosts.header(ID, CAPACITY, 20_000), RawBinDataFormat.INSTANCE));
        target(hosts.driver(), PATIENCE);
        awaitLive(source, 1);
        final long blocksBefore = source.blocksSent();
        Hosts.write(writer, written, 300, 20_000);
        runUntil(this::isCopied);

        assertEquals(blocksBefore, source.blocksSent(), this::told);
        assertCopiesComplete();
    }

    @Test
    void shouldServeTargetThatDoesNotListenBesideOneThatDoes()
    {
        final ReplicationSource source = source();
        createChannel();
        target(hosts.driver(), PATIENCE);
        final ReplicationTarget other = add(hosts.target(copy(), hosts.driver()).channel(ID).listener(events));
        awaitLive(source, 1);
        final long before = source.bytesSent();
        final long begin = writer.writeOffset();
        write(2_000);
        runUntil(this::isCopied);

        assertFalse(other.isLive());
        assertEquals(writer.writeOffset() - begin, source.bytesSent() - before);
        assertCopiesComplete();
    }

    @Test
    void shouldCopyWhenNobodySendsLive()
    {
        final ReplicationSource source =
            hosts.closing(hosts.source(folder.resolve("from"), hosts.driver()).listener(sourceEvents).build());
        agents.add(source);
        createChannel();
        final ReplicationTarget target = target(hosts.driver(), PATIENCE);
        write(2_000);
        runUntil(this::isCopied);

        assertFalse(target.isLive());
        assertEquals(0, source.liveBlocksSent());
        assertCopiesComplete();
    }

    @Test
    void shouldSendNothingLiveWhenAnotherChannelIsCopied()
    {
        final ReplicationSource source = add(hosts.source(folder.resolve("from"), hosts.driver())
            .liveChannel(hosts.liveChannel()).liveChannelId(ID + 1).listener(sourceEvents));
        createChannel();
        final ReplicationTarget target = target(hosts.driver(), PATIENCE);
        final ShmWriter<RawBinDataFormat> other = hosts.closing(ShmWriter.create(
            folder.resolve("from"), Hosts.header(ID + 1, CAPACITY, MAX_LENGTH), RawBinDataFormat.INSTANCE));
        runUntil(() ->
        {
            final boolean isCopied = isCopied();
            final boolean isEnough = source.liveBlocksSent() > 50;
            if (isCopied && !isEnough)
            {
                write(1);
                Hosts.write(other, written, 1, MAX_LENGTH);
            }
            return isCopied && isEnough;
        });

        assertFalse(target.isLive());
        assertEquals(0, source.liveTargets());
        assertCopiesComplete();
    }

    @Test
    void shouldKeepAtLiveEndWhenNobodyListens()
    {
        final ReplicationSource source = source();
        createChannel();
        write(5_000);
        final ReplicationTarget target = target(hosts.driver(), PATIENCE);
        awaitLive(source, 1);

        // All but what was written to find out was sent to the target by itself.
        assertTrue(source.liveBytesSent() < writer.writeOffset() / 2, this::told);
        assertEquals(0, target.liveFallBacks(), this::told);
        assertCopiesComplete();
    }

    @Test
    void shouldStoreNothingWhenSomebodyElseSendsOnLiveStream()
    {
        final MediaDriver driver = hosts.driver();
        final ReplicationSource source = source(driver);
        createChannel();
        final ReplicationTarget target = target(hosts.driver(), PATIENCE);
        awaitLive(source, 1);
        final Aeron aeron = hosts.closing(Aeron.connect(Hosts.client(driver)));
        final long liveId = listen(aeron);
        final ExclusivePublication other =
            hosts.closing(aeron.addExclusivePublication(hosts.liveChannel(), LIVE_STREAM_ID));
        runUntil(other::isConnected);

        // No block, and a block of another live stream.
        send(other, 0, new UnsafeBuffer(new byte[100]), 100);
        send(other, writer.writeOffset(), BLOCK, encodeBlock(liveId + 1));
        write(100);
        runUntil(this::isCopied);
        assertTrue(target.isLive());
        assertEquals(0, target.liveFallBacks(), this::told);

        // A block of this one, at the end of the copy and ahead of it.
        send(other, writer.writeOffset(), BLOCK, encodeBlock(liveId));
        send(other, writer.writeOffset() + Long.BYTES, BLOCK, encodeBlock(liveId));
        write(100);
        runUntil(this::isCopied);
        assertTrue(target.isLive());
        assertEquals(0, target.liveFallBacks(), this::told);
        assertCopiesComplete();
    }

    @Test
    void shouldRefuseToBuildSourceWhenItIsNotToldWhatToSendLive()
    {
        assertThrows(
            IllegalArgumentException.class,
            () -> hosts.source(folder, hosts.driver()).liveChannel(hosts.liveChannel()).build());
        assertThrows(
            IllegalArgumentException.class,
            () -> hosts.source(folder, hosts.driver()).liveSeries("ticks").build());
    }

    /**
     * Find out what the blocks of the live stream have as their id.
     */
    private long listen(final Aeron aeron)
    {
        final AtomicLong id = new AtomicLong();
        try (Subscription subscription = aeron.addSubscription(hosts.liveEndpoint(), LIVE_STREAM_ID))
        {
            final BlockDecoder block = new BlockDecoder();
            runUntil(() ->
            {
                if (isCopied())
                {
                    write(1);
                }
                subscription.poll(
                    (buffer, offset, length, header) -> id.set(
                        block.wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder()).requestId()),
                    10);
                return id.get() != 0;
            });
        }
        runUntil(this::isCopied);

        return id.get();
    }

    private static int encodeBlock(final long id)
    {
        new BlockEncoder().wrapAndApplyHeader(BLOCK, 0, new MessageHeaderEncoder())
            .requestId(id).timeTicks(Reader.NOT_TOLD);
        // A record of no length that there can be.
        BLOCK.putLong(BlockSender.HEADER_LENGTH, Long.MAX_VALUE);

        return BlockSender.HEADER_LENGTH + 2 * Long.BYTES;
    }

    private void send(
        final ExclusivePublication publication, final long position, final UnsafeBuffer message, final int length)
    {
        runUntil(() -> publication.offer(message, 0, length, (buffer, offset, frameLength) -> position) > 0);
    }

    private ReplicationSource source()
    {
        return source(hosts.driver());
    }

    private ReplicationSource source(final MediaDriver driver)
    {
        return add(hosts.source(folder.resolve("from"), driver)
            .liveChannel(hosts.liveChannel()).liveChannelId(ID).listener(sourceEvents));
    }

    private ReplicationSource add(final ReplicationSourceBuilder builder)
    {
        final ReplicationSource source = hosts.closing(builder.build());
        agents.add(source);

        return source;
    }

    private ReplicationTarget target(final MediaDriver driver, final Duration liveTimeout)
    {
        return add(hosts.target(copy(), driver)
            .channel(ID).liveChannel(hosts.liveEndpoint()).liveTimeout(liveTimeout).listener(events));
    }

    private ReplicationTarget add(final ReplicationTargetBuilder builder)
    {
        final ReplicationTarget target = hosts.closing(builder.build());
        agents.add(target);
        targets.add(target);

        return target;
    }

    private Path copy()
    {
        final Path copy = folder.resolve("to" + copies.size());
        copies.add(copy);

        return copy;
    }

    private void createChannel()
    {
        writer = hosts.closing(ShmWriter.create(
            folder.resolve("from"), Hosts.header(ID, CAPACITY, MAX_LENGTH), RawBinDataFormat.INSTANCE));
    }

    private void write(final int count)
    {
        Hosts.write(writer, written, count, MAX_LENGTH);
        written += count;
    }

    private boolean isCopied()
    {
        return targets.stream().allMatch((target) -> target.position() == writer.writeOffset());
    }

    /**
     * Write a little now and then, until targets follow the live stream.
     */
    private void awaitLive(final ReplicationSource source, final int count)
    {
        runUntil(() ->
        {
            if (isCopied() && source.liveTargets() < count)
            {
                write(1);
            }
            return isCopied() && source.liveTargets() >= count;
        });
    }

    private void runUntil(final BooleanSupplier condition)
    {
        Hosts.runUntil(condition, agents.toArray(Agent[]::new));
    }

    private void assertCopiesComplete()
    {
        completeCopies();
        assertTrue(sourceEvents.errors().isEmpty(), this::told);
        assertTrue(events.errors().isEmpty(), this::told);
    }

    private void completeCopies()
    {
        writer.close();
        runUntil(() -> targets.stream().allMatch(ReplicationTarget::isComplete));
        for (final Path copy : copies)
        {
            Areas.assertSame(ChannelPath.file(folder.resolve("from"), ID), ChannelPath.file(copy, ID));
        }
    }

    private String told()
    {
        return sourceEvents + " " + events;
    }
}
