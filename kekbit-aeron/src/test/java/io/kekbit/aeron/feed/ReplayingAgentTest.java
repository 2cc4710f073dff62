package io.kekbit.aeron.feed;

import io.aeron.Aeron;
import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.kekbit.core.EnvelopeWriter;
import io.kekbit.core.Header;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.Reader;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.TickUnit;
import io.kekbit.core.Writer;
import io.kekbit.core.handlers.ChecksumHandler;
import io.kekbit.core.handlers.TimestampHandler;
import io.kekbit.core.replay.ReplayState;
import io.kekbit.core.replay.ReplayerBuilder;
import io.kekbit.core.series.SeriesReader;
import io.kekbit.core.series.SeriesWriter;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What plain subscribers of Aeron's get of a channel or series.
 */
class ReplayingAgentTest
{
    private static final int CAPACITY = 4 << 20;
    private static final int MAX_LENGTH = 16_000;
    private static final long T = 1_700_000_000_000_000_000L;

    @TempDir
    private Path root;
    private Loopback loopback;
    private final List<DirectBuffer> written = new ArrayList<>();
    private final List<DirectBuffer> received = new ArrayList<>();
    private final FragmentAssembler receiving = new FragmentAssembler(
        (buffer, offset, length, header) -> received.add(Loopback.copy(buffer, offset, length)));
    private long nowNs;

    @BeforeEach
    void launch()
    {
        loopback = new Loopback(root);
    }

    @AfterEach
    void shutDown()
    {
        loopback.close();
    }

    @ParameterizedTest
    @MethodSource("io.kekbit.aeron.feed.Loopback#channels")
    void shouldPublishEqualBytesWhenThereIsPlainSubscriber(final String channel)
    {
        writeChannel(500, true);
        try (ShmReader reader = ShmReader.open(root, 1);
            ReplayingAgent agent = replay(channel, reader).pace(ReplayerBuilder::fullSpeed).open();
            Subscription subscription = loopback.aeron().addSubscription(channel, Loopback.STREAM))
        {
            awaitAll(agent, subscription);

            assertEquals(written, received);
            assertEquals(ReplayState.REACHED_END, agent.state());
            assertEquals(500, agent.records());
            assertEquals(written.stream().mapToLong(DirectBuffer::capacity).sum(), agent.bytes());
        }
    }

    @Test
    void shouldPublishPayloadsOnlyWhenRecordsHaveEnvelope()
    {
        try (EnvelopeWriter<RawBinDataFormat> writer = EnvelopeWriter.create(
            ShmWriter.builder(root, header(100), RawBinDataFormat.INSTANCE),
            new TimestampHandler(TickUnit.NANOS, () -> T),
            new ChecksumHandler()))
        {
            write(writer, 1, 20);
            write(writer, 2, 50);
        }
        try (ShmReader reader = ShmReader.open(root, 1);
            ReplayingAgent agent = replay(Loopback.IPC, reader).open();
            Subscription subscription = loopback.aeron().addSubscription(Loopback.IPC, Loopback.STREAM))
        {
            awaitAll(agent, subscription);

            assertEquals(written, received);
        }
    }

    @Test
    void shouldPublishAllChannelsOfSeries()
    {
        writeSeries(1_000);
        try (SeriesReader reader = SeriesReader.open(root, "feed");
            ReplayingAgent agent = replay(Loopback.UDP, reader).pace(ReplayerBuilder::fullSpeed).open();
            Subscription subscription = loopback.aeron().addSubscription(Loopback.UDP, Loopback.STREAM))
        {
            awaitAll(agent, subscription);

            assertEquals(written, received);
        }
    }

    @Test
    void shouldKeepRecordWhenSubscriberIsBehind()
    {
        writeChannel(500, true);
        try (ShmReader reader = ShmReader.open(root, 1);
            ReplayingAgent agent = replay(Loopback.IPC, reader).pace(ReplayerBuilder::fullSpeed).open();
            Subscription subscription = loopback.aeron().addSubscription(Loopback.IPC, Loopback.STREAM))
        {
            Loopback.await("back-pressure", () -> agent.doWork() == 0 && agent.refusals() > 100);
            assertTrue(agent.records() < 500);
            assertFalse(agent.state().isFinal());
            awaitAll(agent, subscription);

            assertEquals(written, received);
        }
    }

    @Test
    void shouldPublishNothingUntilThereIsSubscriber()
    {
        writeChannel(10, false);
        try (ShmReader reader = ShmReader.open(root, 1);
            ReplayingAgent agent = replay(Loopback.IPC, reader).pace(ReplayerBuilder::fullSpeed).open())
        {
            for (int i = 0; i < 100; i++)
            {
                assertEquals(0, agent.doWork());
            }
            assertFalse(agent.isConnected());
            assertEquals(ReplayState.PAUSED, agent.state());
            try (Subscription subscription = loopback.aeron().addSubscription(Loopback.IPC, Loopback.STREAM))
            {
                awaitAll(agent, subscription);
            }

            assertEquals(written, received);
        }
    }

    @Test
    void shouldGoOnWhereItWasWhenSubscriberLeavesAndAnotherComes()
    {
        writeStamped(1_000);
        try (ShmReader reader = ShmReader.open(root, 1);
            ReplayingAgent agent = replay(Loopback.IPC, reader).pace((replay) -> replay.nanoClock(() -> nowNs)).open())
        {
            try (Subscription subscription = loopback.aeron().addSubscription(Loopback.IPC, Loopback.STREAM))
            {
                Loopback.await("first record", () -> agent.doWork() + subscription.poll(receiving, 10) > 0);
            }
            Loopback.await("nobody", () -> agent.doWork() == 0 && !agent.isConnected());
            final long records = agent.records();
            // What passes while nobody listens does not count.
            nowNs += 1_000_000;
            agent.doWork();
            try (Subscription subscription = loopback.aeron().addSubscription(Loopback.IPC, Loopback.STREAM))
            {
                Loopback.await("somebody", () -> agent.doWork() == 0 && agent.isConnected());
                assertEquals(records, agent.records());
                nowNs += 1_000;
                // Refused as long as the media driver has not said how much may be published.
                Loopback.await("next record", () -> agent.doWork() > 0);
                assertEquals(records + 1, agent.records());
                nowNs += 1_000_000;
                awaitAll(agent, subscription);
            }

            assertEquals(written.subList((int)records, written.size()).size(), 1_000 - records);
            assertEquals(1_000, agent.records());
        }
    }

    @Test
    void shouldPublishAsRecordsCameWhenPaceIsTheOriginal()
    {
        writeStamped(10);
        try (ShmReader reader = ShmReader.open(root, 1);
            ReplayingAgent agent = replay(Loopback.IPC, reader)
                .pace((replay) -> replay.from(T + 2_000).to(T + 5_000).nanoClock(() -> nowNs)).open();
            Subscription subscription = loopback.aeron().addSubscription(Loopback.IPC, Loopback.STREAM))
        {
            Loopback.await("first record", () -> agent.doWork() > 0);
            nowNs += 999;
            assertEquals(0, agent.doWork());
            nowNs += 1;
            assertEquals(1, agent.doWork());
            nowNs += 10_000;
            awaitAll(agent, subscription);

            assertEquals(written.subList(2, 5), received);
            assertEquals(ReplayState.REACHED_TO, agent.state());
        }
    }

    @Test
    void shouldEndBeforePositionWhenOneIsGiven()
    {
        writeChannel(10, false);
        try (ShmReader reader = ShmReader.open(root, 1);
            ReplayingAgent agent =
                replay(Loopback.IPC, reader).pace(ReplayerBuilder::fullSpeed).until((position) -> position > 40).open();
            Subscription subscription = loopback.aeron().addSubscription(Loopback.IPC, Loopback.STREAM))
        {
            awaitAll(agent, subscription);

            // A heartbeat of 8 bytes, then records of 16.
            assertEquals(written.subList(0, 3), received);
            assertEquals(56, reader.position());
            assertEquals(ReplayState.STOPPED, agent.state());
        }
    }

    @Test
    void shouldPublishNothingWhilePaused()
    {
        writeChannel(10, false);
        try (ShmReader reader = ShmReader.open(root, 1);
            ReplayingAgent agent = replay(Loopback.IPC, reader).pace(ReplayerBuilder::fullSpeed).open();
            Subscription subscription = loopback.aeron().addSubscription(Loopback.IPC, Loopback.STREAM))
        {
            agent.pause();
            Loopback.await("somebody", () -> agent.doWork() == 0 && agent.isConnected());
            assertEquals(0, agent.doWork());
            agent.resume();
            awaitAll(agent, subscription);

            assertEquals(written, received);
        }
    }

    @Test
    void shouldRefuseAtStartWithFiguresWhenRecordsMayBeTooLong()
    {
        writeChannel(1, false);
        try (ShmReader reader = ShmReader.open(root, 1))
        {
            final String channel = "aeron:ipc?term-length=64k";
            final String message =
                assertThrows(IllegalArgumentException.class, () -> replay(channel, reader).open()).getMessage();

            assertEquals(
                "records may be longer than the publication takes: channel=" + channel + " streamId=" +
                    Loopback.STREAM + " recordLength=16008 maxMessageLength=8192 termLength=65536. Ask for longer " +
                    "terms: add term-length=131072 to the URI",
                message);
            replay(channel.replace("64k", "131072"), reader).open().close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 10_000})
    void shouldEndAndLeaveNothingHalfPublishedWhenRecordCannotBeCopied(final int length)
    {
        try (ShmWriter<RawBinDataFormat> writer =
            ShmWriter.create(root, header(MAX_LENGTH), RawBinDataFormat.INSTANCE))
        {
            write(writer, 1, 50);
            write(writer, 2, length);
        }
        try (ShmReader reader = ShmReader.open(root, 1);
            ReplayingAgent agent =
                replay(Loopback.IPC, shortened(reader, length)).pace(ReplayerBuilder::fullSpeed).open();
            Subscription subscription = loopback.aeron().addSubscription(Loopback.IPC, Loopback.STREAM))
        {
            assertThrows(
                IndexOutOfBoundsException.class, () -> Loopback.await("the fault", () -> agent.doWork() < 0));
            assertEquals(ReplayState.STOPPED, agent.state());
            assertEquals(1, agent.records());
            Loopback.await("the end of the stream", () ->
                subscription.poll(receiving, 10) == 0 && !received.isEmpty() && subscription.hasNoImages());

            assertEquals(written.subList(0, 1), received);
            assertTrue(reader.next());
            assertEquals(length, reader.length());
        }
    }

    @Test
    void shouldBeDeliveredWhenSubscriberHasIt()
    {
        writeChannel(10, false);
        try (ShmReader reader = ShmReader.open(root, 1);
            ReplayingAgent agent = replay(Loopback.UDP, reader).pace(ReplayerBuilder::fullSpeed).open();
            Subscription subscription = loopback.aeron().addSubscription(Loopback.UDP, Loopback.STREAM))
        {
            Loopback.await("all published", () ->
            {
                agent.doWork();
                return agent.state().isFinal();
            });
            assertFalse(agent.isDelivered());
            Loopback.await("delivery", () -> subscription.poll(receiving, 10) == 0 && agent.isDelivered());

            assertEquals(written, received);
        }
    }

    @Test
    void shouldEndWhenClientIsClosed()
    {
        writeChannel(10, false);
        final Aeron client = loopback.client();
        try (ShmReader reader = ShmReader.open(root, 1);
            ReplayingAgent agent = ReplayingAgent.builder(client, Loopback.IPC, Loopback.STREAM, reader).open())
        {
            client.close();

            assertThrows(IllegalStateException.class, agent::doWork);
            assertEquals(ReplayState.STOPPED, agent.state());
            assertEquals(0, agent.doWork());
        }
    }

    @Test
    void shouldStandBeforeFirstRecordNotPublishedWhenStopped()
    {
        writeStamped(10);
        try (ShmReader reader = ShmReader.open(root, 1);
            ReplayingAgent agent = replay(Loopback.IPC, reader).pace((replay) -> replay.nanoClock(() -> nowNs)).open();
            Subscription subscription = loopback.aeron().addSubscription(Loopback.IPC, Loopback.STREAM))
        {
            Loopback.await("first record", () -> agent.doWork() > 0);
            agent.stop();
            awaitAll(agent, subscription);

            assertEquals(written.subList(0, 1), received);
            assertTrue(reader.next());
            assertEquals(written.get(1), Loopback.copy(reader.buffer(), reader.offset(), reader.length()));
        }
    }

    private ReplayingAgentBuilder replay(final String channel, final Reader reader)
    {
        return ReplayingAgent.builder(loopback.aeron(), channel, Loopback.STREAM, reader);
    }

    private void awaitAll(final ReplayingAgent agent, final Subscription subscription)
    {
        Loopback.await("the end of " + agent, () ->
        {
            agent.doWork();
            subscription.poll(receiving, 10);
            return agent.state().isFinal();
        });
        Loopback.await("what was published by " + agent, () ->
        {
            subscription.poll(receiving, 10);
            return received.stream().mapToLong(DirectBuffer::capacity).sum() >= agent.bytes();
        });
    }

    private void writeChannel(final int count, final boolean hasLong)
    {
        try (ShmWriter<RawBinDataFormat> writer =
            ShmWriter.create(root, header(MAX_LENGTH), RawBinDataFormat.INSTANCE))
        {
            for (int i = 0; i < count; i++)
            {
                // Every tenth takes several packets.
                write(writer, i, hasLong && i % 10 == 9 ? MAX_LENGTH - i : 1 + i);
            }
        }
    }

    private void writeStamped(final int count)
    {
        try (EnvelopeWriter<RawBinDataFormat> writer = EnvelopeWriter.create(
            ShmWriter.builder(root, header(100), RawBinDataFormat.INSTANCE),
            new TimestampHandler(TickUnit.NANOS, () -> T + 1_000L * written.size())))
        {
            for (int i = 0; i < count; i++)
            {
                write(writer, i, 20);
            }
        }
    }

    private void writeSeries(final int count)
    {
        try (SeriesWriter<RawBinDataFormat> writer = SeriesWriter.builder(root, "feed", RawBinDataFormat.INSTANCE)
            .capacity(16_384).maxMessageLength(100).open())
        {
            for (int i = 0; i < count; i++)
            {
                write(writer, i, 100);
            }
            assertTrue(writer.header().channelId() > 3, writer.toString());
        }
    }

    private void write(final Writer<?> writer, final int number, final int length)
    {
        final DirectBuffer message = Loopback.message(number, length);
        writer.write(message, 0, length);
        written.add(message);
    }

    /**
     * A reader that cannot give the bytes of records of a length, as one whose file is cut short.
     */
    private static Reader shortened(final Reader reader, final int length)
    {
        return (Reader)Proxy.newProxyInstance(
            Reader.class.getClassLoader(),
            new Class<?>[]{Reader.class},
            (proxy, method, arguments) ->
            {
                try
                {
                    return method.getName().equals("buffer") && reader.length() == length ?
                        new UnsafeBuffer(reader.buffer(), 0, reader.offset() + length - 1) :
                        method.invoke(reader, arguments);
                }
                catch (final InvocationTargetException ex)
                {
                    throw ex.getCause();
                }
            });
    }

    private static Header header(final int maxLength)
    {
        return Header.builder().channelId(1).capacity(CAPACITY).maxMessageLength(maxLength).build();
    }
}
