package io.kekbit.aeron.replication;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.kekbit.aeron.replication.codecs.BlockEncoder;
import io.kekbit.aeron.replication.codecs.BlueprintPartDecoder;
import io.kekbit.aeron.replication.codecs.BlueprintPartEncoder;
import io.kekbit.aeron.replication.codecs.CopyRequestDecoder;
import io.kekbit.aeron.replication.codecs.CopyRequestEncoder;
import io.kekbit.aeron.replication.codecs.MessageHeaderDecoder;
import io.kekbit.aeron.replication.codecs.MessageHeaderEncoder;
import io.kekbit.aeron.replication.codecs.RefusalDecoder;
import io.kekbit.aeron.replication.codecs.RefusalEncoder;
import io.kekbit.aeron.replication.codecs.StreamKind;
import io.kekbit.core.ChannelBlueprint;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.Reader;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.CloseHelper;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Whatever comes over the network, it is refused or ignored: nothing is read outside the root, nothing wrong is stored,
 * and those who behave are served.
 */
class HostileMessagesTest
{
    private static final long ID = 11;
    private static final int GARBAGE = 12;
    private static final int REQUESTS = ReplicationSourceBuilder.DEFAULT_REQUEST_STREAM_ID;
    private static final int RESPONSES = ReplicationSourceBuilder.DEFAULT_RESPONSE_STREAM_ID;

    @TempDir
    private Path from;
    @TempDir
    private Path to;
    private final Hosts hosts = new Hosts();
    private final Events sourceEvents = new Events();
    private final Events targetEvents = new Events();
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[8192]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();

    // The other end, which does as it likes.
    private MediaDriver driver;
    private Aeron aeron;
    private Subscription subscription;
    private ExclusivePublication publication;
    private Image answered;
    private long requestId;
    private long askedPosition;

    @AfterEach
    void closeHosts()
    {
        hosts.close();
    }

    @Test
    void shouldLetGoOfTargetAndServeOthersWhenRequestsAreGarbage()
    {
        writeChannel();
        final ReplicationSource source = hosts.closing(
            hosts.source(from, hosts.driver()).listener(sourceEvents).maxTargets(1_000).build());
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        for (int i = 0; i < GARBAGE; i++)
        {
            connectAsTarget(source);
            final int lost = sourceEvents.lost();
            final int length = encodeRequest(StreamKind.CHANNEL, "", 0, 0);
            final int garbageLength;
            if (i % 2 == 0)
            {
                garbageLength = 1 + random.nextInt(1_300);
                for (int k = 0; k < garbageLength; k++)
                {
                    message.putByte(k, (byte)random.nextInt());
                }
            }
            else
            {
                // A request, but cut off or with other lengths in it than it has.
                garbageLength = i % 4 == 1 ? length - 1 : length;
                message.putShort(i % 4 == 1 ? 0 : length - 2, (short)(i % 4 == 1 ? 41 : 60_000));
            }
            send(garbageLength, 0, source);
            Hosts.runUntil(() -> sourceEvents.lost() > lost, source);
            subscription.close();
            publication.close();
        }
        assertEquals(GARBAGE, sourceEvents.errors().size(), "seed=" + seed);

        final ReplicationTarget target = hosts.closing(hosts.target(to, hosts.driver()).channel(ID).build());
        Hosts.runUntil(target::isComplete, source, target);
        Areas.assertSame(ChannelPath.file(from, ID), ChannelPath.file(to, ID));
    }

    @Test
    void shouldRefuseRequestWhenItIsForSomethingOutsideTheRoot() throws Exception
    {
        writeChannel();
        final Path inner = Files.createDirectory(from.resolve("inner"));
        final ReplicationSource source =
            hosts.closing(hosts.source(inner, hosts.driver()).listener(sourceEvents).build());
        connectAsTarget(source);
        final String[] names = {"..", "../x", from.toString(), ".", "", "a/../../b", "0000_0000", "\0", "x\0/..", "%"};
        for (int i = 0; i < names.length; i++)
        {
            final int count = i + 1;
            send(encodeRequest(StreamKind.SERIES, names[i], 0, 0), 0, source);
            Hosts.runUntil(() -> sourceEvents.refusals().size() == count, source);
        }
        send(encodeRequest(StreamKind.NULL_VAL, "x", 0, 0), 0, source);
        Hosts.runUntil(() -> sourceEvents.refusals().size() == names.length + 1, source);
        final long[][] places = {{-2, 0}, {1L << 40, 0}, {0, -8}, {Long.MIN_VALUE, Long.MAX_VALUE}};
        for (int i = 0; i < places.length; i++)
        {
            final int count = names.length + 2 + i;
            send(encodeRequest(StreamKind.SERIES, "x", places[i][0], places[i][1]), 0, source);
            Hosts.runUntil(() -> sourceEvents.refusals().size() == count, source);
        }

        for (final RefusalReason reason : sourceEvents.refusals())
        {
            assertTrue(
                reason == RefusalReason.BAD_REQUEST || reason == RefusalReason.UNKNOWN_STREAM, reason.toString());
        }
        assertEquals(1, source.targets());
    }

    @Test
    void shouldRefuseRequestWhenNoRecordBeginsAtItsPosition()
    {
        writeChannel();
        final ReplicationSource source =
            hosts.closing(hosts.source(from, hosts.driver()).listener(sourceEvents).build());
        connectAsTarget(source);
        final long[] positions = {1, 16, 1L << 20, Long.MAX_VALUE & -8, Long.MAX_VALUE};
        for (int i = 0; i < positions.length; i++)
        {
            final int count = i + 1;
            send(encodeRequest(StreamKind.CHANNEL, "", 0, positions[i]), 0, source);
            Hosts.runUntil(() -> sourceEvents.refusals().size() == count, source);
        }

        assertFalse(sourceEvents.refusals().contains(RefusalReason.SOURCE_DAMAGED), sourceEvents.toString());
    }

    @Test
    void shouldLetGoOfTargetWhenItAsksAndDoesNotListen()
    {
        writeChannel();
        final AtomicLong offset = new AtomicLong();
        final ReplicationSource source = hosts.closing(hosts.source(from, hosts.driver())
            .listener(sourceEvents).clock(() -> System.nanoTime() + offset.get()).build());
        client();
        subscription = aeron.addSubscription(hosts.responseChannel() + "|control-mode=response", RESPONSES);
        publication = aeron.addExclusivePublication(
            hosts.requestChannel() + "|response-correlation-id=" + subscription.registrationId(), REQUESTS);
        subscription.close();
        Hosts.runUntil(publication::isConnected, source);
        send(encodeRequest(StreamKind.CHANNEL, "", 0, 0), 0, source);
        Hosts.runUntil(() -> sourceEvents.requests() == 1, source);
        assertEquals(1, source.targets());
        offset.set(TimeUnit.SECONDS.toNanos(11));
        Hosts.runUntil(() -> source.targets() == 0, source);

        assertTrue(
            sourceEvents.errors().get(0).getMessage().contains("does not listen"), sourceEvents.toString());
    }

    @Test
    void shouldAnswerWithBlueprintBeforeItGoesToPosition() throws Exception
    {
        writeChannel();
        final ReplicationSource source =
            hosts.closing(hosts.source(from, hosts.driver()).listener(sourceEvents).build());
        connectAsTarget(source);
        send(encodeRequest(StreamKind.CHANNEL, "", 0, 8), 0, source);
        Hosts.runUntil(() -> sourceEvents.requests() == 1, source);
        Files.delete(ChannelPath.file(from, ID));

        assertEquals(BlueprintPartDecoder.TEMPLATE_ID, awaitAnswer(source));
        assertEquals(RefusalDecoder.TEMPLATE_ID, awaitAnswer(source));
        Hosts.runUntil(() -> sourceEvents.refusals().size() == 1, source);
        assertEquals(RefusalReason.UNKNOWN_STREAM, sourceEvents.refusals().get(0));
    }

    @Test
    void shouldSendNoBlocksWhenChannelIsReplacedBehindItsBlueprint() throws Exception
    {
        writeChannel();
        final ReplicationSource source =
            hosts.closing(hosts.source(from, hosts.driver()).listener(sourceEvents).build());
        connectAsTarget(source);
        send(encodeRequest(StreamKind.CHANNEL, "", 0, 0), 0, source);
        Hosts.runUntil(() -> sourceEvents.requests() == 1, source);
        Files.delete(ChannelPath.file(from, ID));
        ShmWriter.create(from, Hosts.header(ID, 128 * 1024, 200), RawBinDataFormat.INSTANCE).close();

        assertEquals(BlueprintPartDecoder.TEMPLATE_ID, awaitAnswer(source));
        assertEquals(RefusalDecoder.TEMPLATE_ID, awaitAnswer(source));
        Hosts.runUntil(() -> sourceEvents.refusals().size() == 1, source);
        assertTrue(sourceEvents.details().get(0).contains("replaced"), sourceEvents.toString());
    }

    @Test
    void shouldConnectAnewWhenSourceConnectsAndNeverAnswers()
    {
        writeChannel();
        final AtomicLong offset = new AtomicLong();
        final ReplicationTarget target = hosts.closing(hosts.target(to, hosts.driver())
            .channel(ID).clock(() -> System.nanoTime() + offset.get()).listener(targetEvents).build());
        connectAsSource(target);
        offset.set(TimeUnit.MINUTES.toNanos(1));
        Hosts.runUntil(() -> targetEvents.lost() == 1, target);
        publication.close();
        subscription.close();

        final ReplicationSource source = hosts.closing(hosts.source(from, hosts.driver()).build());
        Hosts.runUntil(target::isComplete, source, target);
        Areas.assertSame(ChannelPath.file(from, ID), ChannelPath.file(to, ID));
    }

    @Test
    void shouldStoreNothingAndConnectAnewWhenBlocksAreNotWholeFrames()
    {
        writeChannel();
        final ReplicationTarget target =
            hosts.closing(hosts.target(to, hosts.driver()).channel(ID).listener(targetEvents).build());
        final long[] words = {9, -1, Long.MIN_VALUE, 1L << 40, RecordDescriptor.WATERMARK, RecordDescriptor.CLOSE};
        int count = 0;
        for (final long word : words)
        {
            connectAsSource(target);
            sendBlueprint(target);
            encodeBlock(16);
            message.putLong(BlockSender.HEADER_LENGTH, word);
            count = sendAndAwaitError(BlockSender.HEADER_LENGTH + 16, askedPosition, count, target);
        }
        for (final int length : new int[]{0, 1, 7, 12})
        {
            connectAsSource(target);
            sendBlueprint(target);
            encodeBlock(length);
            count = sendAndAwaitError(BlockSender.HEADER_LENGTH + length, askedPosition, count, target);
        }

        assertEquals(0, target.position());
        assertArrayEquals(
            new byte[64], Arrays.copyOfRange(Areas.bytes(ChannelPath.file(to, ID), 80), 16, 80));
    }

    @Test
    void shouldStoreNothingAndAskAgainWhenPositionIsAnother()
    {
        writeChannel();
        final ReplicationTarget target =
            hosts.closing(hosts.target(to, hosts.driver()).channel(ID).listener(targetEvents).build());
        connectAsSource(target);
        sendBlueprint(target);
        for (final long position : new long[]{8, -8, Long.MAX_VALUE})
        {
            final int before = targetEvents.discontinuities();
            encodeBlock(8);
            send(BlockSender.HEADER_LENGTH + 8, position, target);
            Hosts.runUntil(() -> targetEvents.discontinuities() > before, target);
            awaitRequest(target);
        }
        // What answers an earlier request is old, and not looked at.
        requestId--;
        encodeBlock(8);
        send(BlockSender.HEADER_LENGTH + 8, 0, target);
        requestId++;
        sendBlueprint(target);
        encodeBlock(8);
        message.putLong(BlockSender.HEADER_LENGTH, 0);
        send(BlockSender.HEADER_LENGTH + 8, 0, target);
        Hosts.runUntil(() -> target.position() == 8, target);

        assertEquals(3, targetEvents.discontinuities());
        assertEquals(0, targetEvents.errors().size());
    }

    @Test
    void shouldConnectAnewWhenSourceSendsGarbage()
    {
        writeChannel();
        final ReplicationTarget target =
            hosts.closing(hosts.target(to, hosts.driver()).channel(ID).listener(targetEvents).build());
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        int count = 0;
        for (int i = 0; i < GARBAGE; i++)
        {
            connectAsSource(target);
            count = sendAndAwaitError(encodeGarbage(i, random), 0, count, target);
        }

        assertEquals(GARBAGE, count, "seed=" + seed);
        assertFalse(Files.exists(ChannelPath.file(to, ID)));
    }

    private int encodeGarbage(final int kind, final Random random)
    {
        final BlueprintPartEncoder part = new BlueprintPartEncoder();
        final int partLength =
            MessageHeaderEncoder.ENCODED_LENGTH + BlueprintPartEncoder.BLOCK_LENGTH + Integer.BYTES;
        part.wrapAndApplyHeader(message, 0, header).requestId(requestId).ordinal(0).position(0);
        switch (kind)
        {
            case 0 -> part.totalLength(-1).partOffset(0).putPart(new byte[8], 0, 8);
            case 1 -> part.totalLength(Integer.MAX_VALUE).partOffset(0).putPart(new byte[8], 0, 8);
            case 2 -> part.totalLength(8).partOffset(-8).putPart(new byte[8], 0, 8);
            case 3 -> part.totalLength(4).partOffset(0).putPart(new byte[8], 0, 8);
            case 4 -> part.totalLength(8).partOffset(0).putPart(new byte[8], 0, 8);
            case 5 ->
            {
                part.totalLength(100).partOffset(0).putPart(new byte[8], 0, 8);
                message.putInt(partLength - Integer.BYTES, 1_000);
            }
            case 6 ->
            {
                // A block before any blueprint.
                encodeBlock(8);
                return BlockSender.HEADER_LENGTH + 8;
            }
            case 7 ->
            {
                new RefusalEncoder().wrapAndApplyHeader(message, 0, header);
                return MessageHeaderEncoder.ENCODED_LENGTH + 3;
            }
            default ->
            {
                final int length = 1 + random.nextInt(1_000);
                for (int k = 0; k < length; k++)
                {
                    message.putByte(k, (byte)random.nextInt());
                }
                return length;
            }
        }

        return partLength + 8;
    }

    private void writeChannel()
    {
        try (ShmWriter<RawBinDataFormat> writer =
            ShmWriter.create(from, Hosts.header(ID, 64 * 1024, 200), RawBinDataFormat.INSTANCE))
        {
            Hosts.write(writer, 0, 100, 200);
        }
    }

    private int sendAndAwaitError(
        final int length, final long position, final int errorsBefore, final ReplicationTarget target)
    {
        send(length, position, target);
        Hosts.runUntil(() -> targetEvents.errors().size() > errorsBefore, target);
        publication.close();
        subscription.close();

        return errorsBefore + 1;
    }

    private void client()
    {
        if (aeron == null)
        {
            driver = hosts.driver();
            aeron = hosts.closing(Aeron.connect(Hosts.client(driver)));
        }
    }

    private void connectAsTarget(final Agent source)
    {
        client();
        subscription = aeron.addSubscription(hosts.responseChannel() + "|control-mode=response", RESPONSES);
        publication = aeron.addExclusivePublication(
            hosts.requestChannel() + "|response-correlation-id=" + subscription.registrationId(), REQUESTS);
        Hosts.runUntil(publication::isConnected, source);
    }

    private void connectAsSource(final Agent target)
    {
        client();
        subscription = aeron.addSubscription(hosts.requestChannel(), REQUESTS);
        publication = null;
        answered = null;
        Hosts.runUntil(this::isAnsweringNewest, target);
        awaitRequest(target);
    }

    /**
     * What the target was before may still be there for a moment.
     */
    private boolean isAnsweringNewest()
    {
        Image newest = null;
        for (final Image image : subscription.images())
        {
            newest = newest == null || image.correlationId() > newest.correlationId() ? image : newest;
        }
        if (newest != null && newest != answered)
        {
            CloseHelper.close(publication);
            answered = newest;
            publication = aeron.addExclusivePublication(
                hosts.responseChannel() + "|control-mode=response|response-correlation-id=" + newest.correlationId(),
                RESPONSES);
        }

        return publication != null && publication.isConnected();
    }

    private void awaitRequest(final Agent target)
    {
        final long before = requestId;
        final CopyRequestDecoder request = new CopyRequestDecoder();
        Hosts.runUntil(() -> subscription.poll((buffer, offset, length, frame) ->
        {
            request.wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder());
            requestId = request.requestId();
            askedPosition = request.position();
        }, 1) > 0 && requestId != before, target);
    }

    /**
     * The template id of what the source answers next.
     */
    private int awaitAnswer(final Agent source)
    {
        final AtomicInteger templateId = new AtomicInteger();
        final MessageHeaderDecoder answer = new MessageHeaderDecoder();
        Hosts.runUntil(
            () -> subscription.poll(
                (buffer, offset, length, frame) -> templateId.set(answer.wrap(buffer, offset).templateId()), 1) > 0,
            source);

        return templateId.get();
    }

    private void send(final int length, final long reservedValue, final Agent other)
    {
        Hosts.runUntil(
            () -> publication.offer(message, 0, length, (buffer, offset, frameLength) -> reservedValue) > 0, other);
    }

    private int encodeRequest(
        final StreamKind kind, final String stream, final long ordinal, final long position)
    {
        final CopyRequestEncoder request = new CopyRequestEncoder();
        request.wrapAndApplyHeader(message, 0, header)
            .requestId(5).ordinal(ordinal).position(position).channelId(ID).kind(kind)
            .tailChecksum(1).stream(stream).target("");

        return MessageHeaderEncoder.ENCODED_LENGTH + request.encodedLength();
    }

    private void encodeBlock(final int length)
    {
        new BlockEncoder().wrapAndApplyHeader(message, 0, header).requestId(requestId).timeTicks(Reader.NOT_TOLD);
        message.setMemory(BlockSender.HEADER_LENGTH, Math.max(8, length), (byte)0);
    }

    private void sendBlueprint(final Agent target)
    {
        final ChannelBlueprint blueprint;
        try (ShmReader reader = ShmReader.open(from, ID))
        {
            blueprint = ChannelBlueprint.of(reader);
        }
        final UnsafeBuffer bytes = new UnsafeBuffer(new byte[blueprint.encodedLength()]);
        blueprint.encode(bytes, 0);
        final BlueprintPartEncoder part = new BlueprintPartEncoder();
        part.wrapAndApplyHeader(message, 0, header).requestId(requestId).ordinal(0).position(askedPosition)
            .totalLength(bytes.capacity()).partOffset(0).putPart(bytes, 0, bytes.capacity());
        send(MessageHeaderEncoder.ENCODED_LENGTH + part.encodedLength(), 0, target);
    }
}
