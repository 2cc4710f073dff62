package io.kekbit.aeron.feed;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.Publication;
import io.kekbit.core.DataFormat;
import io.kekbit.core.EnvelopeWriter;
import io.kekbit.core.Header;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.Reader;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.Writer;
import io.kekbit.core.exceptions.EncodingException;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.series.NextChannelPolicy;
import io.kekbit.core.series.SeriesListener;
import io.kekbit.core.series.SeriesReader;
import io.kekbit.core.series.SeriesWriter;
import io.kekbit.core.series.SeriesWriterBuilder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What plain publishers of Aeron's publish, and what is in the channel then.
 */
class RecordingAgentTest
{
    private static final int CAPACITY = 4 << 20;
    private static final int MAX_LENGTH = 16_000;

    @TempDir
    private Path root;
    private Loopback loopback;
    private final List<DirectBuffer> published = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final RecordingListener telling = new RecordingListener()
    {
        @Override
        public void onImageAvailable(final Image image)
        {
            told.add("available " + image.sessionId());
        }

        @Override
        public void onImageUnavailable(final Image image)
        {
            told.add("unavailable " + image.sessionId());
        }

        @Override
        public void onRefused(final long reason, final int sessionId, final long position, final int length)
        {
            told.add("refused " + reason + " " + length);
        }

        @Override
        public void onState(final RecordingState state)
        {
            told.add(state.name());
        }
    };
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
    void shouldHoldEqualBytesWhenPlainPublisherPublishes(final String channel)
    {
        try (ShmWriter<RawBinDataFormat> writer = channel(CAPACITY, MAX_LENGTH);
            RecordingAgent agent = record(channel, writer).open();
            Publication publication = loopback.aeron().addPublication(channel, Loopback.STREAM))
        {
            for (int i = 0; i < 500; i++)
            {
                // Every tenth takes several packets.
                publish(publication, i, i % 10 == 9 ? MAX_LENGTH - i : 1 + i, agent);
            }
            awaitMessages(agent, 500);

            assertEquals(published.stream().mapToLong(DirectBuffer::capacity).sum(), agent.bytes());
            assertEquals(published, records(ShmReader.open(root, 1)));
        }
    }

    @Test
    void shouldGoOnInNextChannelWhenSeriesRolls()
    {
        try (SeriesWriter<RawBinDataFormat> writer = series().open();
            RecordingAgent agent = record(Loopback.IPC, writer).open();
            Publication publication = loopback.aeron().addPublication(Loopback.IPC, Loopback.STREAM))
        {
            for (int i = 0; i < 1_000; i++)
            {
                publish(publication, i, 100, agent);
            }
            awaitMessages(agent, 1_000);

            assertTrue(writer.header().channelId() > 3, writer.toString());
            assertEquals(published, records(SeriesReader.open(root, "feed")));
        }
    }

    @Test
    void shouldGoOnInSameSeriesWhenRecordingIsMadeAgain()
    {
        for (int run = 0; run < 2; run++)
        {
            try (SeriesWriter<RawBinDataFormat> writer = series().open();
                RecordingAgent agent = record(Loopback.IPC, writer).open();
                Publication publication = loopback.aeron().addExclusivePublication(Loopback.IPC, Loopback.STREAM))
            {
                for (int i = 0; i < 10; i++)
                {
                    publish(publication, 10 * run + i, 100, agent);
                }
                awaitMessages(agent, 10);
            }
        }

        assertEquals(published, records(SeriesReader.open(root, "feed")));
    }

    @Test
    void shouldLeaveOutAndTellWhenMessageIsTooLongOrEmpty()
    {
        try (ShmWriter<RawBinDataFormat> writer = channel(CAPACITY, 100);
            RecordingAgent agent = record(Loopback.IPC, writer).open();
            Publication publication = loopback.aeron().addPublication(Loopback.IPC, Loopback.STREAM))
        {
            publish(publication, 0, 100, agent);
            Loopback.publish(publication, Loopback.message(1, 5_000), agent::doWork);
            Loopback.publish(publication, Loopback.message(2, 0), agent::doWork);
            publish(publication, 3, 1, agent);
            awaitMessages(agent, 2);

            assertEquals(published, records(ShmReader.open(root, 1)));
            assertEquals(1, agent.tooLongMessages());
            assertEquals(1, agent.emptyMessages());
            assertEquals(
                List.of("refused " + Writer.TOO_LONG + " 5000", "refused " + Writer.EMPTY + " 0"),
                told.stream().filter((text) -> text.startsWith("refused")).toList());
        }
    }

    @Test
    void shouldGoOnBehindRefusedMessageWhenListenerThrows()
    {
        final RecordingListener throwing = new RecordingListener()
        {
            @Override
            public void onRefused(final long reason, final int sessionId, final long position, final int length)
            {
                throw new IllegalStateException("not to be left out");
            }
        };
        try (ShmWriter<RawBinDataFormat> writer = channel(CAPACITY, 100);
            RecordingAgent agent = record(Loopback.IPC, writer).listener(throwing).open();
            Publication publication = loopback.aeron().addPublication(Loopback.IPC, Loopback.STREAM))
        {
            Loopback.publish(publication, Loopback.message(1, 5_000), agent::doWork);
            assertEquals("not to be left out", assertThrows(
                IllegalStateException.class,
                () -> Loopback.await("message", () -> agent.doWork() < 0)).getMessage());
            publish(publication, 2, 10, agent);
            awaitMessages(agent, 1);

            assertEquals(published, records(ShmReader.open(root, 1)));
        }
    }

    @Test
    void shouldEndAndLeaveStreamWhenChannelIsFull()
    {
        try (ShmWriter<RawBinDataFormat> writer = channel(16_384, 120);
            RecordingAgent agent = record(Loopback.IPC, writer).open();
            Publication publication = loopback.aeron().addPublication(Loopback.IPC, Loopback.STREAM))
        {
            Loopback.await("publisher", () -> agent.doWork() > 0);
            for (int i = 0; !agent.state().isFinal(); i++)
            {
                // It may be refused: the media driver says how much may be published when it has its turn.
                final DirectBuffer message = Loopback.message(i, 100);
                if (publication.offer(message, 0, 100) > 0)
                {
                    published.add(message);
                }
                agent.doWork();
            }

            assertEquals(RecordingState.FULL, agent.state());
            assertEquals(0, agent.doWork());
            assertEquals("FULL", told.get(told.size() - 1));
            assertEquals(published.subList(0, (int)agent.messages()), records(ShmReader.open(root, 1)));
            assertTrue(writer.available() < 112, writer.toString());
            Loopback.await("publisher without subscriber", () -> !publication.isConnected());
        }
    }

    @Test
    void shouldKeepMessageAndGoOnWhenSeriesHasNoRoomForAWhile()
    {
        try (SeriesWriter<RawBinDataFormat> writer = series().nextChannelPolicy(NextChannelPolicy.THROW).open();
            RecordingAgent agent = record(Loopback.IPC, writer).nanoClock(() -> nowNs).open();
            Publication publication = loopback.aeron().addPublication(Loopback.IPC, Loopback.STREAM))
        {
            for (int i = 0; agent.state() != RecordingState.HELD_BACK; i++)
            {
                publish(publication, i, 100, agent);
            }
            publish(publication, 1_000_000, 100, agent);
            assertTrue(agent.messages() < published.size());

            writer.agent().doWork();
            agent.doWork();
            assertEquals(RecordingState.HELD_BACK, agent.state());
            nowNs += TimeUnit.SECONDS.toNanos(1);
            Loopback.await("room for all", () ->
            {
                nowNs += TimeUnit.SECONDS.toNanos(1);
                return writer.agent().doWork() + agent.doWork() == 0 && agent.messages() == published.size();
            });

            told.removeIf((text) -> text.startsWith("available"));
            assertEquals("HELD_BACK", told.get(0));
            assertEquals("RECORDING", told.get(told.size() - 1));
            assertEquals(published, records(SeriesReader.open(root, "feed")));
        }
    }

    @Test
    void shouldThrowAndTryAgainWhenWriterThrows()
    {
        final AtomicReference<Throwable> failure =
            new AtomicReference<>(new EncodingException(null, "of no use", null));
        try (ShmWriter<RawBinDataFormat> writer = channel(CAPACITY, 100);
            RecordingAgent agent =
                record(Loopback.IPC, failing(writer, failure, false)).nanoClock(() -> nowNs).open();
            Publication publication = loopback.aeron().addPublication(Loopback.IPC, Loopback.STREAM))
        {
            publishBehindItsBack(publication, agent);
            assertThrows(EncodingException.class, () -> Loopback.await("message", () -> agent.doWork() < 0));
            assertEquals(RecordingState.HELD_BACK, agent.state());
            assertEquals(0, agent.doWork());
            nowNs += TimeUnit.SECONDS.toNanos(1);
            assertThrows(EncodingException.class, agent::doWork);

            failure.set(null);
            nowNs += TimeUnit.SECONDS.toNanos(1);
            awaitMessages(agent, 1);
            assertEquals(RecordingState.RECORDING, agent.state());
            assertEquals(published, records(ShmReader.open(root, 1)));
        }
    }

    @Test
    void shouldRecordOnceWhenWriterThrowsBehindPublication()
    {
        final AtomicReference<Throwable> failure = new AtomicReference<>(new InternalError("a page of the index"));
        try (ShmWriter<RawBinDataFormat> writer = channel(CAPACITY, 100);
            RecordingAgent agent = record(Loopback.IPC, failing(writer, failure, true)).open();
            Publication publication = loopback.aeron().addPublication(Loopback.IPC, Loopback.STREAM))
        {
            publishBehindItsBack(publication, agent);
            assertThrows(InternalError.class, () -> Loopback.await("message", () -> agent.doWork() < 0));
            failure.set(null);
            publish(publication, 2, 10, agent);
            awaitMessages(agent, 2);

            assertEquals(RecordingState.RECORDING, agent.state());
            assertEquals(published, records(ShmReader.open(root, 1)));
        }
    }

    @Test
    void shouldRecordOnceWhenListenerOfSeriesThrowsAtRoll()
    {
        final SeriesListener throwing = new SeriesListener()
        {
            @Override
            public void onRoll(final long ordinal, final Path file, final long firstRecordNumber)
            {
                throw new IllegalStateException("rolled");
            }
        };
        try (SeriesWriter<RawBinDataFormat> writer = series().listener(throwing).open();
            RecordingAgent agent = record(Loopback.IPC, writer).nanoClock(() -> nowNs).open();
            Publication publication = loopback.aeron().addPublication(Loopback.IPC, Loopback.STREAM))
        {
            int failures = 0;
            for (int i = 0; i < 500; i++)
            {
                published.add(Loopback.message(i, 100));
                boolean isOffered = false;
                while (!isOffered)
                {
                    isOffered = publication.offer(published.get(i), 0, 100) > 0;
                    nowNs += TimeUnit.SECONDS.toNanos(1);
                    try
                    {
                        agent.doWork();
                    }
                    catch (final IllegalStateException ex)
                    {
                        failures++;
                    }
                }
            }
            nowNs += TimeUnit.SECONDS.toNanos(1);
            awaitMessages(agent, 500);

            assertEquals(writer.header().channelId() - 1, failures);
            assertTrue(failures > 2, "failures: " + failures);
            assertEquals(published, records(SeriesReader.open(root, "feed")));
        }
    }

    @Test
    void shouldEndWhenWriterIsClosed()
    {
        final ShmWriter<RawBinDataFormat> writer = channel(CAPACITY, 100);
        try (RecordingAgent agent = record(Loopback.IPC, writer).open();
            Publication publication = loopback.aeron().addPublication(Loopback.IPC, Loopback.STREAM))
        {
            writer.close();
            publish(publication, 1, 10, agent);
            Loopback.await("the end", () -> agent.doWork() == 0 && agent.state().isFinal());

            assertEquals(RecordingState.WRITER_CLOSED, agent.state());
        }
    }

    @Test
    void shouldEndWhenClientIsClosed()
    {
        final Aeron client = loopback.client();
        try (ShmWriter<RawBinDataFormat> writer = channel(CAPACITY, 100);
            RecordingAgent agent =
                RecordingAgent.builder(client, Loopback.IPC, Loopback.STREAM, writer).listener(telling).open())
        {
            client.close();
            Loopback.await("the end", () -> agent.doWork() == 0 && agent.state().isFinal());

            assertEquals(RecordingState.STREAM_CLOSED, agent.state());
        }
    }

    @Test
    void shouldTellWhenPublishersComeAndGo()
    {
        try (ShmWriter<RawBinDataFormat> writer = channel(CAPACITY, MAX_LENGTH);
            RecordingAgent agent = record(Loopback.UDP, writer).open())
        {
            final int[] sessions = new int[2];
            for (int i = 0; i < 2; i++)
            {
                try (ExclusivePublication publication =
                    loopback.aeron().addExclusivePublication(Loopback.UDP, Loopback.STREAM))
                {
                    sessions[i] = publication.sessionId();
                    publish(publication, i, MAX_LENGTH, agent);
                }
                awaitMessages(agent, i + 1);
                final int count = 2 * (i + 1);
                Loopback.await("publisher gone", () -> agent.doWork() == 0 && told.size() == count);
            }

            assertEquals(0, agent.publishers());
            assertEquals(
                List.of(
                    "available " + sessions[0],
                    "unavailable " + sessions[0],
                    "available " + sessions[1],
                    "unavailable " + sessions[1]),
                told);
            assertEquals(published, records(ShmReader.open(root, 1)));
        }
    }

    @Test
    void shouldSendHeartbeatsWhenNothingComes()
    {
        try (ShmWriter<RawBinDataFormat> writer = channel(CAPACITY, 100);
            RecordingAgent agent = record(Loopback.IPC, writer).nanoClock(() -> nowNs).open())
        {
            final long before = writer.writeOffset();
            // A third of the timeout of ten seconds.
            nowNs += TimeUnit.MILLISECONDS.toNanos(3_333);
            agent.doWork();
            assertEquals(before, writer.writeOffset());
            nowNs += TimeUnit.MILLISECONDS.toNanos(1);
            agent.doWork();
            agent.doWork();

            assertEquals(before + 8, writer.writeOffset());
        }
    }

    @Test
    void shouldRecordPayloadsInEnvelopeWhenWriterHasOne()
    {
        try (EnvelopeWriter<RawBinDataFormat> writer = EnvelopeWriter.create(
            ShmWriter.builder(root, header(CAPACITY, 100), RawBinDataFormat.INSTANCE), new SequenceHandler());
            RecordingAgent agent = record(Loopback.IPC, writer).open();
            Publication publication = loopback.aeron().addPublication(Loopback.IPC, Loopback.STREAM))
        {
            publish(publication, 1, 20, agent);
            publish(publication, 2, 30, agent);
            awaitMessages(agent, 2);

            assertEquals(published, records(ShmReader.open(root, 1)));
        }
    }

    @Test
    void shouldUnsubscribeWhenClosed()
    {
        try (ShmWriter<RawBinDataFormat> writer = channel(CAPACITY, 100))
        {
            final RecordingAgent agent = record(Loopback.IPC, writer).open();
            agent.close();
            agent.close();

            assertEquals(List.of("CLOSED"), told);
            assertEquals(0, agent.doWork());
            assertFalse(writer.tryHeartbeat() < 0);
        }
    }

    private RecordingAgentBuilder record(final String channel, final Writer<?> writer)
    {
        return RecordingAgent.builder(loopback.aeron(), channel, Loopback.STREAM, writer).listener(telling);
    }

    private ShmWriter<RawBinDataFormat> channel(final int capacity, final int maxLength)
    {
        return ShmWriter.create(root, header(capacity, maxLength), RawBinDataFormat.INSTANCE);
    }

    private static Header header(final int capacity, final int maxLength)
    {
        return Header.builder().channelId(1).capacity(capacity).maxMessageLength(maxLength).build();
    }

    private SeriesWriterBuilder<RawBinDataFormat> series()
    {
        return SeriesWriter.builder(root, "feed", RawBinDataFormat.INSTANCE).capacity(16_384).maxMessageLength(100);
    }

    /**
     * A writer that throws for a while, before or behind publication.
     */
    @SuppressWarnings("unchecked")
    private static <D extends DataFormat> Writer<D> failing(
        final Writer<D> writer, final AtomicReference<Throwable> failure, final boolean isBehind)
    {
        return (Writer<D>)Proxy.newProxyInstance(
            Writer.class.getClassLoader(),
            new Class<?>[]{Writer.class},
            (proxy, method, arguments) ->
            {
                final Throwable thrown = method.getName().equals("tryWrite") ? failure.get() : null;
                if (thrown != null && !isBehind)
                {
                    throw thrown;
                }
                try
                {
                    final Object result = method.invoke(writer, arguments);
                    if (thrown != null)
                    {
                        throw thrown;
                    }

                    return result;
                }
                catch (final InvocationTargetException ex)
                {
                    throw ex.getCause();
                }
            });
    }

    /**
     * Publish a message that waits in the stream until the agent is run.
     */
    private void publishBehindItsBack(final Publication publication, final RecordingAgent agent)
    {
        Loopback.await("publisher", () -> agent.doWork() > 0);
        published.add(Loopback.message(1, 50));
        Loopback.publish(publication, published.get(0), () ->
        {
            // It stays in the stream.
        });
    }

    private void publish(
        final Publication publication, final int number, final int length, final RecordingAgent agent)
    {
        final UnsafeBuffer message = Loopback.message(number, length);
        published.add(message);
        Loopback.publish(publication, message, agent::doWork);
    }

    private static void awaitMessages(final RecordingAgent agent, final int count)
    {
        Loopback.await("messages=" + count + " of " + agent, () ->
        {
            agent.doWork();
            return agent.messages() >= count;
        });
        assertEquals(count, agent.messages());
    }

    private static List<DirectBuffer> records(final Reader reader)
    {
        final List<DirectBuffer> records = new ArrayList<>();
        try (reader)
        {
            while (reader.next())
            {
                records.add(Loopback.copy(reader.buffer(), reader.offset(), reader.length()));
            }
        }

        return records;
    }
}
