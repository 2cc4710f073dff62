package io.kekbit.aeron.replication;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.kekbit.aeron.replication.codecs.ChannelEndDecoder;
import io.kekbit.aeron.replication.codecs.MessageHeaderDecoder;
import io.kekbit.aeron.replication.codecs.StreamKind;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.series.RollCycle;
import io.kekbit.core.series.SeriesWriter;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What is told of the end of a channel of a series, at moments that the test chooses.
 */
class OutgoingChannelTest
{
    private static final String NAME = "trades";
    private static final String IPC = "aeron:ipc";
    private static final int STREAM_ID = 4711;
    private static final long HOUR_NS = Duration.ofHours(1).toNanos();
    // Just before the source looks why nothing follows, and when it does. In between it does not look for the next one.
    private static final long BEFORE_NS = TimeUnit.MICROSECONDS.toNanos(4_500);
    private static final long LOOK_NS = TimeUnit.MICROSECONDS.toNanos(5_000);

    @TempDir
    private Path from;
    private final Hosts hosts = new Hosts();
    private final AtomicLong wallNs = new AtomicLong(500_000 * HOUR_NS + 1);
    private final UnsafeBuffer record = new UnsafeBuffer(new byte[100]);
    private final NextChannel next = new NextChannel();
    private final BlockSender sender = new BlockSender(new SentBlocks());
    private SeriesWriter<RawBinDataFormat> writer;
    private ExclusivePublication publication;
    private Subscription subscription;
    private OutgoingChannel channel;

    @BeforeEach
    void open()
    {
        writer = hosts.closing(SeriesWriter.builder(from, NAME, RawBinDataFormat.INSTANCE)
            .capacity(64 * 1024).maxMessageLength(200).rollCycle(RollCycle.HOURLY).clock(wallNs::get).open());
        writer.agent().doWork();
        writer.write(record, 0, 100);
        final Aeron aeron = hosts.closing(Aeron.connect(Hosts.client(hosts.driver())));
        subscription = aeron.addSubscription(IPC, STREAM_ID);
        publication = aeron.addExclusivePublication(IPC, STREAM_ID);
        Hosts.runUntil(() -> publication.isConnected() && subscription.isConnected());
        final RequestedPlace place = new RequestedPlace(from);
        place.of(new CopyRequest(1, StreamKind.SERIES, 0, 0, 0, 0, false, NAME, ""));
        assertTrue(place.resolve());
        place.settle();
        sender.publication(publication);
        channel = new OutgoingChannel(place, next, new Replies(), sender, 100);
    }

    @AfterEach
    void close()
    {
        if (channel != null)
        {
            channel.close();
        }
        next.close();
        hosts.close();
    }

    @Test
    void shouldTellThatNextChannelFollowsWhenItIsPublishedAndThisOneClosedBetweenLooks()
    {
        sendAll();
        assertNull(channel.checkEnd(BEFORE_NS));
        roll();

        assertNull(channel.checkEnd(LOOK_NS));
        assertTrue(channel.isDone());
        assertTrue(isToldToBeFollowed());
    }

    @Test
    void shouldTellThatNextChannelFollowsWhenItIsAnotherThanTheOneThatWasMadeReady() throws IOException
    {
        final Path path = nextFile();
        final Path made = from.resolve("made");
        Files.move(path, made);
        Files.copy(made, path);
        sendAll();
        assertNull(channel.checkEnd(BEFORE_NS));
        Files.delete(path);
        Files.move(made, path);
        roll();

        assertNull(channel.checkEnd(LOOK_NS));
        assertTrue(channel.isDone());
        assertTrue(isToldToBeFollowed());
    }

    @Test
    void shouldTellThatNothingFollowsWhenSeriesIsClosed()
    {
        sendAll();
        assertNull(channel.checkEnd(BEFORE_NS));
        writer.close();

        assertNull(channel.checkEnd(LOOK_NS));
        assertTrue(channel.isDone());
        assertFalse(isToldToBeFollowed());
    }

    @Test
    void shouldGoOnInChannelWhenTheOneMadeReadyBehindItIsDamaged() throws IOException
    {
        damageNext();
        sendAll();
        writer.write(record, 0, 100);

        assertNull(channel.checkEnd(LOOK_NS));
        assertEquals(1, channel.sendBlocks(LOOK_NS));
        assertNull(channel.checkEnd(2 * LOOK_NS));
        assertFalse(channel.isDone());
    }

    @Test
    void shouldRefuseWhenChannelIsClosedAndTheOneBehindItIsDamaged() throws IOException
    {
        damageNext();
        sendAll();
        roll();

        final Refused refused = channel.checkEnd(LOOK_NS);
        assertNotNull(refused);
        assertEquals(RefusalReason.SOURCE_DAMAGED, refused.reason());
        assertTrue(refused.details().contains("file=" + nextFile()), refused.details());
        assertFalse(channel.isDone());
    }

    private Path nextFile()
    {
        return ChannelPath.file(from.resolve(NAME), 2);
    }

    private void damageNext() throws IOException
    {
        try (RandomAccessFile file = new RandomAccessFile(nextFile().toFile(), "rw"))
        {
            file.writeLong(-1);
        }
    }

    /**
     * Go on in the next channel, and close the one before.
     */
    private void roll()
    {
        wallNs.addAndGet(HOUR_NS);
        writer.agent().doWork();
        writer.write(record, 0, 100);
        assertEquals(2, writer.header().channelId());
        writer.agent().doWork();
    }

    private void sendAll()
    {
        assertNull(channel.open(publication, 0));
        assertNull(channel.goToPosition(0));
        assertTrue(channel.isAtPosition());
        assertTrue(channel.sendBlocks(0) > 0);
        assertEquals(0, channel.sendBlocks(0));
        assertNull(channel.checkEnd(0));
        assertFalse(channel.isDone());
    }

    /**
     * What is sent of the end.
     */
    private boolean isToldToBeFollowed()
    {
        assertTrue(channel.sendEnd(publication, 1) > 0);
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        final ChannelEndDecoder end = new ChannelEndDecoder();
        final AtomicLong followed = new AtomicLong(-1);
        Hosts.runUntil(() ->
        {
            subscription.poll((buffer, offset, length, frame) ->
            {
                if (header.wrap(buffer, offset).templateId() == ChannelEndDecoder.TEMPLATE_ID)
                {
                    followed.set(end.wrapAndApplyHeader(buffer, offset, header).isFollowed());
                }
            }, 10);
            return followed.get() >= 0;
        });

        return followed.get() == 1;
    }
}
